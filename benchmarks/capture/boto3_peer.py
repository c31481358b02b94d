"""Captures databases, tables and partitions with boto3 into a .tar.gz, as a careful engineer would.

A thread has an account at a time, with a session of its own; one more thread compresses. A table's
partitions are one file of JSON lines.

usage: boto3_peer.py ARCHIVE ROLE_NAME THREADS ACCOUNT...; endpoint and base key from the environment
"""

import io
import json
import queue
import sys
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

PAGES = {"PageSize": 1000}


def glue_of(account, role):
    arn = f"arn:aws:iam::{account}:role/{role}"
    keys = boto3.Session().client("sts").assume_role(RoleArn=arn, RoleSessionName="backup")["Credentials"]
    session = boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    return session.client("glue", config=Config(retries={"mode": "standard"}))


def lines(records):
    return "".join(json.dumps(record, default=str, separators=(",", ":")) + "\n" for record in records)


def capture(account, role, files):
    glue = glue_of(account, role)

    def listed(operation, result, **request):
        for page in glue.get_paginator(operation).paginate(**request):
            yield from page[result]

    databases = list(listed("get_databases", "DatabaseList"))
    files.put((f"{account}/databases.jsonl", lines(databases)))
    count = len(databases)
    for database in databases:
        name = database["Name"]
        tables = list(listed("get_tables", "TableList", DatabaseName=name))
        files.put((f"{account}/{name}/tables.jsonl", lines(tables)))
        count += len(tables)
        for table in tables:
            request = {"DatabaseName": name, "TableName": table["Name"], "PaginationConfig": PAGES}
            partitions = list(listed("get_partitions", "Partitions", **request))
            files.put((f"{account}/{name}/{table['Name']}.partitions.jsonl", lines(partitions)))
            count += len(partitions)
    return count


def write(archive, files):
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        while (file := files.get()) is not None:
            name, text = file
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def main():
    archive, role, threads, *accounts = sys.argv[1:]
    # No more than a few tables wait to be compressed.
    files = queue.Queue(maxsize=64)
    writer = threading.Thread(target=write, args=(archive, files))
    writer.start()
    try:
        with ThreadPoolExecutor(int(threads)) as pool:
            counts = list(pool.map(lambda account: capture(account, role, files), accounts))
    finally:
        files.put(None)
        writer.join()
    json.dump({"records": sum(counts)}, sys.stdout)


if __name__ == "__main__":
    main()
