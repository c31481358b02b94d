"""The catalog that is restored, and the stand-in that it is in."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from botocore.config import Config

OWNER = "111111111111"
HOME, AWAY, PEER = "us-east-1", "eu-west-1", "eu-central-1"
ANALYSTS = [f"analyst-{number}" for number in range(20)]
MESH_FILE = """mesh: bench
primary: {primary}
secondary: {secondary}
store: {store}
accounts:
  reader_role: meshdr-reader
  restorer_role: meshdr-restorer
  list:
    - {{id: "{owner}", name: bench}}
objectives: {{rpo: 15m, rto: 2h}}
mapping:
  buckets: {{lake: lake-away}}
"""


@dataclass(frozen=True)
class Shape:
    tables: int = 5_000
    partitioned: int = 1_000
    partitions: int = 100_000
    databases: int = 10

    def names(self):
        """Database and table, and how many partitions it has."""
        each = self.partitions // self.partitioned
        for number in range(self.tables):
            yield f"db{number % self.databases}", f"t{number:05}", each if number < self.partitioned else 0


class StandIn:
    def __init__(self, ready):
        self.endpoint = ready["endpoint"]
        self.keys = ready["accessKeyId"], ready["secretAccessKey"]

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.endpoint}/_standin/{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def environment(self, folder):
        """Nothing of the caller's AWS settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MESHDR_"))}
        return kept | {
            "HOME": folder,
            "TMPDIR": folder,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.keys[0],
            "AWS_SECRET_ACCESS_KEY": self.keys[1],
            "AWS_REGION": AWAY,
        }

    def client(self, service, region, threads=10):
        sts = boto3.client(
            "sts",
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.keys[0],
            aws_secret_access_key=self.keys[1],
        )
        keys = sts.assume_role(RoleArn=f"arn:aws:iam::{OWNER}:role/mesh-platform", RoleSessionName="bench")["Credentials"]
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
            config=Config(max_pool_connections=threads),
        )


@contextmanager
def serving(folder):
    """The stand-in in a process of its own; ended with the block."""
    ready = os.path.join(folder, "ready.json")
    with open(os.path.join(folder, "stand-in.log"), "wb") as log:
        command = [sys.executable, "-m", "emulator", "serve", "--port", "0", "--exit-with-parent", "--ready-file", ready]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while not os.path.exists(ready) or not os.path.getsize(ready):
            if server.poll() is not None:
                raise SystemExit("the stand-in ended by itself")
            time.sleep(0.1)
        with open(ready) as file:
            yield StandIn(json.load(file))
    finally:
        server.terminate()
        server.wait()


def table_input(database, name, partitions, bucket="lake"):
    columns = [{"Name": f"c{number}", "Type": "string"} for number in range(8)]
    place = {"Columns": columns, "Location": f"s3://{bucket}/{database}/{name}/"}
    keys = [{"Name": "dt", "Type": "string"}] if partitions else []
    return {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": place, "PartitionKeys": keys}


def partition_input(database, name, number, bucket="lake"):
    place = {"Location": f"s3://{bucket}/{database}/{name}/dt={number:05}/", "Columns": []}
    return {"Values": [f"{number:05}"], "StorageDescriptor": place}


def grant(database, name, analyst):
    return {
        "Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{OWNER}:role/{analyst}"},
        "Resource": {"Table": {"DatabaseName": database, "Name": name}},
        "Permissions": ["DESCRIBE"],
    }


def prepare(stand_in, shape):
    """The account with its roles and settings in all regions, and the catalog in the first."""
    roles = ["mesh-platform", "meshdr-reader", "meshdr-restorer", *ANALYSTS]
    stand_in.control("POST", "accounts", {"accounts": [{"id": OWNER, "name": "bench", "unit": "Domains", "roles": roles}]})
    admins = [{"DataLakePrincipalIdentifier": f"arn:aws:iam::{OWNER}:role/{role}"} for role in roles[:3]]
    for region in (HOME, AWAY, PEER):
        stand_in.client("lakeformation", region).put_data_lake_settings(
            DataLakeSettings={
                "DataLakeAdmins": admins,
                "CreateDatabaseDefaultPermissions": [],
                "CreateTableDefaultPermissions": [],
            }
        )
    glue, lake = stand_in.client("glue", HOME), stand_in.client("lakeformation", HOME)
    for number in range(shape.databases):
        glue.create_database(DatabaseInput={"Name": f"db{number}", "CreateTableDefaultPermissions": []})

    def fill(entry):
        database, name, partitions = entry
        glue.create_table(DatabaseName=database, TableInput=table_input(*entry))
        for first in range(0, partitions, 100):
            batch = [partition_input(database, name, number) for number in range(first, min(first + 100, partitions))]
            glue.batch_create_partition(DatabaseName=database, TableName=name, PartitionInputList=batch)

    tables = list(shape.names())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fill, tables))
    for first in range(0, len(tables), 20):
        entries = [
            {"Id": str(place), **grant(database, name, ANALYSTS[(first + place) % len(ANALYSTS)])}
            for place, (database, name, _) in enumerate(tables[first : first + 20])
        ]
        failures = lake.batch_grant_permissions(Entries=entries)["Failures"]
        if failures:
            raise SystemExit(f"seeding failed: {failures[0]}")
