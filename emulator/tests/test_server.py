"""Starting, telling where it listens, and ending."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from emulator.tests.conftest import GOVERNANCE, PRIMARY, SECONDARY, StandIn

ROOT = Path(__file__).resolve().parents[2]


def start(*options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "emulator", "serve", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_when_told(number, tmp_path):
    ready = tmp_path / "ready.json"
    process = start("--ready-file", str(ready))
    about = json.loads(process.stdout.readline())
    assert set(about) == {"endpoint", "accessKeyId", "secretAccessKey", "account"}
    for _ in range(50):
        if ready.exists():
            break
        time.sleep(0.05)
    assert json.loads(ready.read_text()) == about and list(tmp_path.iterdir()) == [ready]
    with urllib.request.urlopen(f"{about['endpoint']}/_standin/health") as answer:
        assert json.load(answer) == {"ok": True}
    process.send_signal(number)
    assert process.wait(10) == 0
    assert "Traceback" not in process.stderr.read()


def test_it_ends_with_its_parent():
    script = ("import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'emulator', 'serve',"
              " '--exit-with-parent'], stdout=subprocess.PIPE, text=True); p.stdout.readline(); print(p.pid)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=30)
    pid = int(done.stdout)
    assert ends(pid)


def test_a_copy_goes_its_own_way_and_can_be_ended(standin):
    standin.client("s3").create_bucket(Bucket="both")
    about = standin.control("copies", {})
    copy = StandIn({**standin.about, "endpoint": about["endpoint"]})
    copy.client("s3").create_bucket(Bucket="only-in-the-copy")
    standin.client("s3").create_bucket(Bucket="only-in-the-original")

    def names(of):
        return [bucket["Name"] for bucket in of.client("s3").list_buckets()["Buckets"]]
    assert names(copy) == ["both", "only-in-the-copy"]
    assert names(standin) == ["both", "only-in-the-original"]
    assert copy.control("replication") == standin.control("replication")
    os.kill(about["process"], signal.SIGTERM)
    assert ends(about["process"])
    assert standin.control("health") == {"ok": True}


def test_what_a_copy_replicates_arrives(standin):
    copy = StandIn({**standin.about, "endpoint": standin.control("copies", {})["endpoint"]})
    s3 = copy.client("s3")
    for name, region in (("here", PRIMARY), ("there", SECONDARY)):
        place = {} if region == PRIMARY else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        copy.client("s3", region=region).create_bucket(Bucket=name, **place)
        copy.client("s3", region=region).put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_replication(Bucket="here", ReplicationConfiguration={
        "Role": f"arn:aws:iam::{GOVERNANCE}:role/mesh-platform", "Rules": [{
            "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "arn:aws:s3:::there"}}]})
    s3.put_object(Bucket="here", Key="one", Body=b"1")
    for _ in range(50):
        if s3.head_object(Bucket="here", Key="one").get("ReplicationStatus") == "COMPLETED":
            return
        time.sleep(0.1)
    pytest.fail("nothing replicates in the copy")


def test_a_copy_ends_with_its_original():
    process = start()
    endpoint = json.loads(process.stdout.readline())["endpoint"]
    request = urllib.request.Request(f"{endpoint}/_standin/copies", b"{}", method="POST")
    with urllib.request.urlopen(request) as answer:
        copy = json.load(answer)["process"]
    process.kill()
    process.wait()
    assert ends(copy)


def ends(pid: int) -> bool:
    """Whether the process ends within some seconds."""
    for _ in range(60):
        if not alive(pid):
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not waited for doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_key_stays_after_a_reset(standin):
    before = standin.base("sts").get_caller_identity()["Arn"]
    standin.reset()
    assert standin.base("sts").get_caller_identity()["Arn"] == before


def test_the_secrets_that_were_handed_out(standin):
    standin.client("glue")
    keys = standin.sessions[GOVERNANCE, "mesh-platform"]
    secrets = standin.control("secrets")["secrets"]
    assert set(secrets) == {
        standin.about["secretAccessKey"], keys["aws_secret_access_key"], keys["aws_session_token"]}
