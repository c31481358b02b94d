"""boto3 clients for the accounts of the mesh, entered by AssumeRole."""

import os
import threading
from functools import cache

import boto3
from botocore.config import Config

from .mesh import role

# No proxies: the stand-in is on the loopback, whatever the environment says of the world.
_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 3}, connect_timeout=5, read_timeout=30,
    max_pool_connections=16, s3={"addressing_style": "path"}, proxies={},
)


@cache
def _session() -> boto3.Session:
    """One for all credentials: each new one would read the service models again."""
    return boto3.Session()


class MissingCredentials(Exception):
    """No base credentials in the environment."""


class Accounts:
    """Clients of one region by account, role and service, made once and kept.

    STS is asked in the region itself: the global endpoint lives in us-east-1, which may be
    the region that is lost.
    """

    def __init__(self, endpoint: str, region: str) -> None:
        try:
            self._base = {
                "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"],
                "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"],
                "aws_session_token": os.environ.get("AWS_SESSION_TOKEN")}
        except KeyError as missing:
            raise MissingCredentials(f"{missing.args[0]} is not set") from None
        self.endpoint = endpoint
        self.region = region
        self._lock = threading.RLock()
        self._credentials: dict[tuple[str, str], dict] = {}
        self._clients: dict[tuple, object] = {}

    def base(self, service: str):
        """A client with the base credentials, in the management account."""
        with self._lock:
            return self._client(self._base, ("", "", service))

    def client(self, account: str, role_name: str, service: str):
        """A client that acts as a role of an account."""
        with self._lock:
            key = (account, role_name)
            if key not in self._credentials:
                self._credentials[key] = self._assume(account, role_name)
            return self._client(self._credentials[key], (*key, service))

    def _client(self, credentials: dict, key: tuple):
        if key not in self._clients:
            self._clients[key] = _session().client(
                key[2], region_name=self.region, endpoint_url=self.endpoint, config=_CONFIG,
                **credentials)
        return self._clients[key]

    def _assume(self, account: str, role_name: str) -> dict:
        answer = self.base("sts").assume_role(
            RoleArn=role(account, role_name), RoleSessionName="nimbuscart")
        credentials = answer["Credentials"]
        return {"aws_access_key_id": credentials["AccessKeyId"],
                "aws_secret_access_key": credentials["SecretAccessKey"],
                "aws_session_token": credentials["SessionToken"]}
