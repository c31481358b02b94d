"""A running mesh server, and what a client of it needs."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from benchmarks.capture.answers import READER
from benchmarks.capture.mesh import REGION, Shape

MESH_FILE = """mesh: bench
primary: us-east-1
secondary: eu-west-1
store: {folder}/store
accounts:
  from: list
  reader_role: {reader}
  restorer_role: meshdr-restorer
  list:
{accounts}
objectives: {{rpo: 15m, rto: 2h}}
"""


class Site:
    def __init__(self, port, size, shape, folder):
        self.port = port
        self.bytes = size
        self.shape = shape
        self.folder = folder
        self.mesh_file = os.path.join(folder, "meshdr.yaml")
        accounts = "\n".join(f'    - {{id: "{account}", name: a{account}}}' for account in shape.account_ids())
        with open(self.mesh_file, "w") as file:
            file.write(MESH_FILE.format(folder=folder, reader=READER, accounts=accounts))

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

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

    def counted(self):
        """What the server counted since it was asked last."""
        with urllib.request.urlopen(f"{self.endpoint}/_bench/calls") as answer:
            return json.load(answer)

    def set_latency(self, seconds):
        urllib.request.urlopen(f"{self.endpoint}/_bench/latency/{seconds}").close()


@contextmanager
def serving(partitions, scratch):
    """A server of a mesh with so many partitions, in a process of its own; ended with the block."""
    folder = os.path.join(scratch, str(partitions))
    os.mkdir(folder)
    ready = os.path.join(folder, "ready")
    command = [sys.executable, "-m", "benchmarks.capture.server", "--ready-file", ready]
    server = subprocess.Popen([*command, "--partitions", str(partitions)])
    try:
        while not os.path.exists(ready):
            if server.poll() is not None:
                raise SystemExit("the mesh server ended by itself")
            time.sleep(0.1)
        with open(ready) as file:
            said = json.load(file)
        yield Site(said["port"], said["bytes"], Shape(partitions=partitions), folder)
    finally:
        server.terminate()
        server.wait()
