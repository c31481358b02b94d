"""Reads databases, tables and partitions with awswrangler, one account after the other.

Of a partition awswrangler gives location and values, nothing else.

usage: awswrangler_peer.py ROLE_NAME ACCOUNT...; endpoint and base key come from the environment
"""

import json
import sys

import awswrangler
import boto3


def session_of(account, role):
    arn = f"arn:aws:iam::{account}:role/{role}"
    keys = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="backup")["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def main():
    role, *accounts = sys.argv[1:]
    count = 0
    for account in accounts:
        session = session_of(account, role)
        for database in awswrangler.catalog.get_databases(boto3_session=session):
            count += 1
            for table in awswrangler.catalog.get_tables(database=database["Name"], boto3_session=session):
                partitions = awswrangler.catalog.get_partitions(database["Name"], table["Name"], boto3_session=session)
                count += 1 + len(partitions)
    json.dump({"records": count}, sys.stdout)


if __name__ == "__main__":
    main()
