"""Runs the RPO benchmark and prints its results in Markdown. ABOUT.md says what is measured.

python -m benchmarks.rpo.run [--rounds 3] [--objects 1000000] [--no-peer]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

from benchmarks.capture.answers import READER
from benchmarks.capture.contenders import MESHDR, PEERS
from benchmarks.capture.measure import RunFailed, Runs, run
from benchmarks.capture.mesh import REGION
from benchmarks.capture.run import judged, measure
from benchmarks.rpo.server import PREFIX

FLOOR_RATIO = 3
MEMORY = 64e6

MESH_FILE = """mesh: bench
primary: us-east-1
secondary: eu-west-1
store: {folder}/store
accounts:
  from: list
  reader_role: {reader}
  restorer_role: meshdr-restorer
  list: [{{id: "{account}", name: lake}}]
objectives: {{rpo: 15m, rto: 2h}}
"""

HEAD = (
    "| row | objects | runs | CPU s, min | CPU s, median | CPU µs an object | wall s, median | peak MB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


class Site:
    """The server's address, and what its clients need."""

    def __init__(self, said, folder):
        self.said = said
        self.folder = folder
        self.objects = 0
        self.mesh_file = os.path.join(folder, "meshdr.yaml")
        with open(self.mesh_file, "w") as file:
            file.write(MESH_FILE.format(folder=folder, reader=READER, account=said["account"]))

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.said['port']}"

    def environment(self):
        """Nothing of the caller's AWS settings, and a home of its own for what clients cache."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MESHDR_"))}
        return kept | {
            "HOME": self.folder,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIA123456789012",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


class Floor:
    """The bytes alone: curl fetches the pages of both listings over one connection."""

    def __init__(self, site):
        self.site = site
        self.records = 2 * site.objects
        self.config = os.path.join(site.folder, "curl.cfg")
        with open(self.config, "w") as file:
            file.write("silent\nfail\n")
            for page in range(max(site.said["pages"].values())):
                for bucket in (site.said["source"], site.said["replica"]):
                    url = f"{site.endpoint}/{bucket}?list-type=2&prefix={PREFIX}"
                    file.write(f'url = "{url}&continuation-token={page}"\n')

    def run(self):
        taken = run([["curl", "-q", "-K", self.config]], self.site.environment(), self.site.folder, os.devnull)
        return taken


class Meshdr:
    """`meshdr rpo --deep`: finds the one object that is missing, or does not count."""

    def __init__(self, site):
        self.site = site
        self.records = 2 * site.objects
        arguments = ["snapshot", "--mesh", site.mesh_file, "--no-progress", "--quiet"]
        subprocess.run([MESHDR, *arguments], env=site.environment(), cwd=site.folder, check=True, stdout=sys.stderr)

    def run(self):
        output = os.path.join(self.site.folder, "rpo.json")
        command = [MESHDR, "rpo", "--deep", "--mesh", self.site.mesh_file, "--output", "json"]
        # It ends with 4: an object of January is missing.
        script = 'output=$1; shift; "$@" >"$output"; [ $? = 4 ]'
        taken = run([["sh", "-c", script, "sh", output, *command]], self.site.environment(), self.site.folder, os.devnull)
        with open(output) as file:
            self.check(json.load(file)["products"][0])
        return taken

    def check(self, product):
        found = (product["compared"], product["comparedWhole"], product["pendingObjects"], product["oldestPending"])
        missing = f"s3://{self.site.said['source']}/{self.site.said['missing']}"
        if found != (self.site.objects, True, 1, missing):
            raise RunFailed(f"meshdr found {found}")


class Sync:
    """`aws s3 sync --dryrun`, which names the object that it would copy."""

    def __init__(self, site):
        self.site = site
        self.records = 2 * site.objects

    def run(self):
        output = os.path.join(self.site.folder, "sync.txt")
        source, replica = (f"s3://{self.site.said[name]}/{PREFIX}" for name in ("source", "replica"))
        command = [os.path.join(PEERS, "aws"), "s3", "sync", "--dryrun", "--size-only", source, replica]
        taken = run([command], self.site.environment(), self.site.folder, output)
        with open(output) as file:
            lines = file.read().split("\n")
        if len(lines) != 2 or self.site.said["missing"] not in lines[0]:
            raise RunFailed(f"sync would copy {len(lines) - 1} objects")
        return taken


def row(name, runs):
    if isinstance(runs, str):
        return f"| {name}; failed: {runs} | | | | | | | |"
    each = runs.middle("cpu") / runs.records * 1e6
    cpu = f"{runs.low('cpu'):.2f} | {runs.middle('cpu'):.2f} | {each:.2f}"
    return f"| {name} | {runs.records:,} | {len(runs.taken)} | {cpu} | {runs.middle('wall'):.2f} | {runs.peak / 1e6:.0f} |"


FLOOR = "floor: curl, one connection, both listings"
MERGE = "meshdr rpo --deep"
SYNC = "aws s3 sync --dryrun --size-only"


def start(objects, folder):
    ready = os.path.join(folder, "ready")
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.rpo.server", "--ready-file", ready, "--objects", str(objects)])
    while not os.path.exists(ready):
        if server.poll() is not None:
            raise SystemExit("the server ended by itself")
        time.sleep(0.1)
    with open(ready) as file:
        return server, json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--objects", type=int, default=1_000_000)
    parser.add_argument("--no-peer", action="store_true", help="leave out aws s3 sync, which takes minutes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rpo-") as folder:
        server, said = start(options.objects, folder)
        try:
            site = Site(said, folder)
            site.objects = options.objects
            measured: dict[str, Runs | str] = measure({FLOOR: Floor(site), MERGE: Meshdr(site)}, options.rounds)
            if not options.no_peer:
                measured |= measure({SYNC: Sync(site)}, 1)
        finally:
            server.terminate()
            server.wait()
    print("| question | target | found | on target |\n|---|--:|--:|---|")
    print(
        judged(
            f"CPU of meshdr to that of curl, two listings of {options.objects:,} objects",
            f"≤ {FLOOR_RATIO}",
            lambda: measured[MERGE].middle("cpu") / measured[FLOOR].middle("cpu"),
            FLOOR_RATIO,
        )
    )
    print(judged("peak memory of meshdr", "≤ 64 MB", lambda: measured[MERGE].peak / 1e6, MEMORY / 1e6, "{:.0f} MB"))
    print(f"\n{HEAD}")
    for name, runs in measured.items():
        print(row(name, runs))


if __name__ == "__main__":
    main()
