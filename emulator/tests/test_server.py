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

from emulator.tests.conftest import GOVERNANCE

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
    for _ in range(60):
        if not alive(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the stand-in outlived its parent")


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
