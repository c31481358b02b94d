"""A stand-in for the whole test session, emptied before each test, and clients for it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

GOVERNANCE, SALES, ANALYTICS = "111111111111", "222222222222", "666666666666"
ROLES = ["mesh-platform", "meshdr-reader", "analyst", "lakeformation-register"]
PRIMARY, SECONDARY = "us-east-1", "eu-west-1"


class StandIn:
    """The running server: its control API, and boto3 clients of any account, role and region."""

    def __init__(self, about: dict[str, str]):
        self.about = about
        self.endpoint = about["endpoint"]
        self.sessions: dict[tuple[str, str], dict[str, str]] = {}

    def control(self, path: str, document: Any = None, method: str | None = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        method = method or ("POST" if document is not None else "GET")
        request = urllib.request.Request(f"{self.endpoint}/_standin/{path}", body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def reset(self) -> None:
        self.sessions.clear()
        self.control("reset", {})
        accounts = [(GOVERNANCE, "governance", "Governance"), (SALES, "sales", "Domains"), (ANALYTICS, "analytics", "Consumers")]
        self.control("accounts", {"accounts": [
            {"id": i, "name": name, "unit": unit, "roles": ROLES} for i, name, unit in accounts]})

    def base(self, service: str, region: str = PRIMARY, **options: Any) -> Any:
        keys = {"aws_access_key_id": self.about["accessKeyId"], "aws_secret_access_key": self.about["secretAccessKey"]}
        return self.make(service, region, {**keys, **options})

    def make(self, service: str, region: str, options: dict[str, Any]) -> Any:
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, read_timeout=5)
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, config=config, **options)

    def client(self, service: str, account: str = GOVERNANCE, role: str = "mesh-platform", region: str = PRIMARY) -> Any:
        if (account, role) not in self.sessions:
            arn = f"arn:aws:iam::{account}:role/{role}"
            given = self.base("sts").assume_role(RoleArn=arn, RoleSessionName="testing")["Credentials"]
            self.sessions[account, role] = {
                "aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"]}
        return self.make(service, region, self.sessions[account, role])

    def settle(self, account: str = GOVERNANCE, region: str = PRIMARY, version: str = "4") -> None:
        """Lake Formation in earnest: administrators named, nothing open by default."""
        self.client("lakeformation", account, region=region).put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [principal(account, "mesh-platform"), principal(account, "meshdr-reader")],
            "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
            "Parameters": {"CROSS_ACCOUNT_VERSION": version}})
        self.client("lakeformation", account, region=region).revoke_permissions(
            Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, Resource={"Catalog": {}},
            Permissions=["CREATE_DATABASE"])


def principal(account: str, role: str) -> dict[str, str]:
    return {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/{role}"}


@pytest.fixture(scope="session")
def server() -> Iterator[StandIn]:
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    command = [sys.executable, "-m", "emulator", "serve", "--exit-with-parent"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root)
    assert process.stdout is not None
    yield StandIn(json.loads(process.stdout.readline()))
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
def standin(server: StandIn) -> Iterator[StandIn]:
    server.reset()
    yield server
    failed = [c for c in server.control("calls")["calls"] if c["status"] == 500 and c["error"] == "InternalFailure"]
    assert not failed, f"the stand-in itself failed: {failed[:3]}"


def code_of(error: pytest.ExceptionInfo[Any]) -> str:
    return str(error.value.response["Error"]["Code"])
