"""What is measured: each contender runs once, checks that it got everything, and says what it took."""

import json
import os
import shutil
import subprocess

from benchmarks.capture.answers import READER
from benchmarks.capture.measure import RunFailed, run
from benchmarks.capture.mesh import REGION, Token, page_count

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MESHDR = os.path.join(ROOT, ".build", "release", "meshdr")
PEERS = os.path.join(ROOT, ".venv-bench", "bin")

CURL_CALL = """url = "{endpoint}/"
silent
fail
header = "X-Amz-Target: AWSGlue.GetPartitions"
header = "Authorization: AWS4-HMAC-SHA256 Credential=ASIA{account}/x"
header = "Content-Type: application/x-amz-json-1.1"
data = {data}
"""


def expect(what, found, wanted):
    if found != wanted:
        raise RunFailed(f"{what}: {found} instead of {wanted}")


def all_records(site, accounts=None):
    """Databases, tables and partitions of the mesh, or of some of its accounts."""
    tables = [table for table in site.shape.all_tables() if not accounts or table.account in accounts]
    databases = {(table.account, table.database) for table in tables}
    return len(databases) + len(tables) + sum(table.partitions for table in tables)


class Floor:
    """The bytes alone: curl over one connection, into zstd. Tokens are known beforehand."""

    def __init__(self, site):
        self.site = site
        self.config = os.path.join(site.folder, "curl.cfg")
        self.checked = False
        self.records = site.shape.partitions
        calls = []
        for table in site.shape.all_tables():
            for page in range(page_count(table)):
                request = {"DatabaseName": table.database, "TableName": table.name, "MaxResults": 1000}
                if page:
                    request["NextToken"] = Token(page).text
                data = json.dumps(json.dumps(request))
                calls.append(CURL_CALL.format(endpoint=site.endpoint, account=table.account, data=data))
        self.calls = len(calls)
        with open(self.config, "w") as file:
            file.write("next\n".join(calls))

    def run(self):
        packed = os.path.join(self.site.folder, "floor.zst")
        self.site.counted()
        taken = run(
            [["curl", "-q", "-K", self.config], ["zstd", "-3", "-q", "-c"]],
            self.site.environment(),
            self.site.folder,
            packed,
        )
        counted = self.site.counted()
        expect("calls of the floor", counted["calls"], self.calls)
        # One is the question itself.
        expect("connections of the floor", counted["connections"] - 1, 1)
        if not self.checked:
            reading = f"zstd -dc {packed} | wc -c"
            size = int(subprocess.run(reading, shell=True, check=True, capture_output=True).stdout)
            if size < self.site.bytes:
                raise RunFailed(f"the floor read {size} bytes of {self.site.bytes}")
            self.checked = True
        os.remove(packed)
        return taken


class Meshdr:
    """A whole snapshot, of every kind, into a folder: fresh, or one that has this mesh already."""

    def __init__(self, site, again=False):
        self.site = site
        self.again = again
        self.calls = 0
        self.connections = 0
        self.records = 0
        self.packs = None

    def run(self):
        store = os.path.join(self.site.folder, "store")
        if not self.again:
            shutil.rmtree(store, ignore_errors=True)
        output = os.path.join(self.site.folder, "snapshot.json")
        command = [MESHDR, "snapshot", "--mesh", self.site.mesh_file, "--no-progress", "--output", "json"]
        self.site.counted()
        taken = run([command], self.site.environment(), self.site.folder, output)
        counted = self.site.counted()
        self.calls = counted["calls"]
        self.connections = counted["connections"] - 1
        with open(output) as file:
            result = json.load(file)
        self.check(result)
        return taken

    def check(self, result):
        expect("complete", result["complete"], True)
        counts = result["counts"]
        self.records = sum(counts.values())
        self.packs = result["packs"]["written"]
        found = sum(counts[kind] for kind in ("database", "table", "partition"))
        expect("records", found, all_records(self.site))
        if not self.again and not self.packs:
            raise RunFailed("a fresh store got no packs")


class Script:
    """A Python peer that prints how many records it saw."""

    def __init__(self, site, arguments, accounts):
        self.site = site
        self.arguments = [*arguments, *accounts]
        self.records = all_records(site, accounts)

    def run(self):
        output = os.path.join(self.site.folder, "peer.json")
        command = [os.path.join(PEERS, "python"), *self.arguments]
        taken = run([command], self.site.environment(), self.site.folder, output)
        with open(output) as file:
            expect("records", json.load(file)["records"], self.records)
        return taken


def boto3_peer(site, threads):
    archive = os.path.join(site.folder, "peer.tar.gz")
    arguments = [os.path.join(HERE, "boto3_peer.py"), archive, READER, str(threads)]
    return Script(site, arguments, site.shape.account_ids())


def awswrangler_peer(site, accounts):
    arguments = [os.path.join(HERE, "awswrangler_peer.py"), READER]
    return Script(site, arguments, site.shape.account_ids()[:accounts])


class Custodian:
    """Databases and tables of the first account: a run of custodian has one account."""

    def __init__(self, site):
        self.site = site
        self.account = site.shape.account_ids()[0]
        tables = [table for table in site.shape.all_tables() if table.account == self.account]
        self.tables = len(tables)
        self.databases = len({table.database for table in tables})
        self.records = self.tables + self.databases

    def run(self):
        output = os.path.join(self.site.folder, "custodian")
        shutil.rmtree(output, ignore_errors=True)
        role = f"arn:aws:iam::{self.account}:role/{READER}"
        command = [os.path.join(PEERS, "custodian"), "run", "--cache-period", "0", "--region", REGION]
        command += ["-s", output, "--assume", role, os.path.join(HERE, "custodian.yml")]
        taken = run([command], self.site.environment(), self.site.folder, os.devnull)
        for policy, wanted in (("databases", self.databases), ("tables", self.tables)):
            with open(os.path.join(output, policy, "resources.json")) as file:
                expect(policy, len(json.load(file)), wanted)
        return taken
