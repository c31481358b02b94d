"""Calls Glue as often as boto3's adaptive mode lets it, from many threads, until it is ended.

usage: boto3_peer.py ROLE_ARN REGION THREADS; endpoint and base key come from the environment.
"""

import sys
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def session(role: str, region: str):
    keys = boto3.client("sts", region_name=region).assume_role(
        RoleArn=role, RoleSessionName="benchmark")["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"], region_name=region)


def main() -> None:
    role, region, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    # One client for all threads: they share its connections and its limit.
    config = Config(
        retries={"mode": "adaptive", "total_max_attempts": 10}, max_pool_connections=threads)
    glue = session(role, region).client("glue", config=config)

    def call() -> None:
        while True:
            try:
                glue.get_databases()
            except (BotoCoreError, ClientError):
                continue

    workers = [threading.Thread(target=call, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
