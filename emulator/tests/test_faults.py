"""Faults on demand, and regions that are lost."""

import json
import urllib.error

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from emulator.tests.conftest import GOVERNANCE, SALES, SECONDARY, code_of
from emulator.tests.test_front import GLUE, send, signed

CUT = (ConnectionClosedError, EndpointConnectionError, ReadTimeoutError)


def fault(standin, action: str, **more) -> None:
    standin.control("faults", {"action": action, "service": "glue", **more})


@pytest.mark.parametrize("action, more, code", [
    ("throttle", {}, "ThrottlingException"),
    ("deny", {}, "AccessDeniedException"),
    ("expired-token", {}, "ExpiredTokenException"),
    ("error", {"code": "ConcurrentModificationException"}, "ConcurrentModificationException"),
])
def test_faults_that_are_aws_errors(standin, action, more, code):
    glue = standin.client("glue")
    fault(standin, action, times=1, **more)
    with pytest.raises(ClientError) as error:
        glue.get_databases()
    assert code_of(error) == code
    glue.get_databases()


def test_a_page_of_html_with_a_503(standin):
    glue = standin.client("glue")
    fault(standin, "status", status=503, retryAfter=2)
    with pytest.raises(Exception) as error:
        glue.get_databases()
    assert "html" in str(error.value).lower() or "503" in str(error.value)
    assert standin.control("calls?operation=GetDatabases")["calls"][-1]["status"] == 503


@pytest.mark.parametrize("action, done", [("cut-before", False), ("cut-after", True)])
def test_connections_cut_before_and_after_the_work(standin, action, done):
    glue = standin.client("glue")
    fault(standin, action, operation="CreateDatabase", times=1)
    with pytest.raises(CUT):
        glue.create_database(DatabaseInput={"Name": "made"})
    names = [d["Name"] for d in glue.get_databases()["DatabaseList"]]
    assert names == (["made"] if done else [])


def test_a_body_cut_in_the_middle(standin):
    glue = standin.client("glue")
    fault(standin, "cut-mid-body", operation="GetDatabases", times=1)
    with pytest.raises(Exception) as error:
        glue.get_databases()
    assert not isinstance(error.value, ClientError)
    assert glue.get_databases()["DatabaseList"] == []


def test_json_cut_short_in_a_whole_answer(standin):
    fault(standin, "truncate-json", operation="GetDatabases", times=1)
    status, body, headers = send(standin, signed(standin, b"{}", GLUE))
    assert status == 200 and len(body) == int(headers["Content-Length"]) > 0
    with pytest.raises(ValueError):
        json.loads(body)


def test_a_stalled_call_is_not_answered(standin):
    standin.client("glue")
    fault(standin, "stall", seconds=20, times=1)
    keys = standin.sessions[GOVERNANCE, "mesh-platform"]
    impatient = Config(retries={"total_max_attempts": 1}, read_timeout=0.5)
    glue = boto3.client("glue", "us-east-1", endpoint_url=standin.endpoint, config=impatient, **keys)
    with pytest.raises(ReadTimeoutError):
        glue.get_databases()


def test_latency_and_slow_bodies_take_their_time(standin):
    glue = standin.client("glue")
    for action, more in (("latency", {"milliseconds": 300}), ("slow-body", {"seconds": 0.3})):
        fault(standin, action, times=1, **more)
        glue.get_databases()
        entry = standin.control("faults")["faults"][-1]
        assert entry["fired"] == 1
    assert standin.control("calls?operation=GetDatabases")["calls"][0]["milliseconds"] >= 300


def test_a_token_that_repeats(standin):
    glue = standin.client("glue")
    for n in range(4):
        glue.create_database(DatabaseInput={"Name": f"d{n}"})
    fault(standin, "repeat-token", operation="GetDatabases")
    first = glue.get_databases(MaxResults=1)["NextToken"]
    assert glue.get_databases(MaxResults=1, NextToken=first)["NextToken"] == first


def test_entries_of_a_batch_that_fail(standin):
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "t", "PartitionKeys": [{"Name": "p", "Type": "int"}]})
    fault(standin, "batch-entry-failure", entries=[1], code="InternalServiceException", times=1)
    inputs = [{"Values": [str(n)]} for n in range(3)]
    errors = glue.batch_create_partition(DatabaseName="d", TableName="t", PartitionInputList=inputs)["Errors"]
    assert [e["PartitionValues"] for e in errors] == [["1"]]
    assert errors[0]["ErrorDetail"]["ErrorCode"] == "InternalServiceException"
    assert len(glue.get_partitions(DatabaseName="d", TableName="t")["Partitions"]) == 2


def hit(glue) -> bool:
    try:
        glue.get_databases()
    except ClientError:
        return True
    return False


def test_rules_count_match_and_repeat_with_their_seed(standin):
    glue, other = standin.client("glue"), standin.client("glue", SALES)
    fault(standin, "throttle", account=GOVERNANCE, after=2, times=2)
    assert [hit(glue) for _ in range(6)] == [False, False, True, True, False, False]
    assert not hit(other)
    runs = []
    for _ in range(2):
        standin.control("faults", method="DELETE")
        fault(standin, "throttle", probability=0.5, seed=7)
        runs.append([hit(glue) for _ in range(20)])
    assert runs[0] == runs[1] and 3 < sum(runs[0]) < 17


def test_a_rate_limit_lets_its_burst_through(standin):
    glue = standin.client("glue")
    fault(standin, "limit", rate=0.5, burst=3)
    assert [hit(glue) for _ in range(5)] == [False, False, False, True, True]


def test_a_rule_that_makes_no_sense(standin):
    for rule in ({"action": "explode"}, {"action": "throttle", "serivce": "glue"}, {"action": "limit"}):
        with pytest.raises(urllib.error.HTTPError) as error:
            standin.control("faults", rule)
        assert error.value.code == 400


def test_a_lost_region_takes_the_global_services_with_it(standin):
    here, there = standin.client("glue"), standin.client("glue", region=SECONDARY)
    organizations, iam = standin.base("organizations"), standin.client("iam")
    sts, regional = standin.base("sts"), standin.base("sts", region=SECONDARY)
    standin.control("regions/us-east-1/lose", {})
    for call in (here.get_databases, organizations.list_accounts, iam.list_roles, sts.get_caller_identity):
        with pytest.raises(CUT):
            call()
    there.get_databases()
    assert regional.get_caller_identity()["Account"] == "900000000000"
    standin.control("regions/us-east-1/restore", {})
    here.get_databases()
