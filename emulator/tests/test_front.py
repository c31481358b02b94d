"""What stands before the services: signatures, identities, validation, the guard, the call log."""

import http.client
import json
import threading
import urllib.parse
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from emulator.front.models import SERVED, model
from emulator.front.validation import compiled
from emulator.tests.conftest import GOVERNANCE, SALES, code_of

ODD_KEYS = ["a b/c=d+e%f&g", "plain", "snow☃/ü", "a//b", "~!*'()", "per%20cent", "q?mark#hash"]


def signed(standin, body: bytes, headers: dict[str, str], service: str = "glue") -> AWSRequest:
    """A request signed with the base key, for tests that spoil it afterwards."""
    request = AWSRequest("POST", standin.endpoint + "/", headers=dict(headers), data=body)
    keys = Credentials(standin.about["accessKeyId"], standin.about["secretAccessKey"])
    SigV4Auth(keys, service, "us-east-1").add_auth(request)
    return request


def send(standin, request: AWSRequest, body: bytes | None = None) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(standin.endpoint).netloc, timeout=5)
    connection.request(request.method, "/", body if body is not None else request.data, dict(request.headers))
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


GLUE = {"X-Amz-Target": "AWSGlue.GetDatabases", "Content-Type": "application/x-amz-json-1.1"}


def test_s3_keys_that_are_awkward_to_sign(standin):
    s3 = standin.client("s3")
    s3.create_bucket(Bucket="odd-keys")
    for key in ODD_KEYS:
        s3.put_object(Bucket="odd-keys", Key=key, Body=key.encode())
    assert {o["Key"] for o in s3.list_objects_v2(Bucket="odd-keys")["Contents"]} == set(ODD_KEYS)
    for key in ODD_KEYS:
        assert s3.get_object(Bucket="odd-keys", Key=key)["Body"].read() == key.encode()


@pytest.mark.parametrize("service, call, code", [
    ("glue", "get_databases", "InvalidSignatureException"),
    ("lakeformation", "get_data_lake_settings", "InvalidSignatureException"),
    ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
    ("s3", "list_buckets", "SignatureDoesNotMatch"),
])
def test_a_wrong_secret_is_refused(standin, service, call, code):
    with pytest.raises(ClientError) as error:
        getattr(standin.base(service, aws_secret_access_key="wrong"), call)()
    assert code_of(error) == code


@pytest.mark.parametrize("service, call, code", [
    ("glue", "get_databases", "UnrecognizedClientException"),
    ("sts", "get_caller_identity", "InvalidClientTokenId"),
    ("s3", "list_buckets", "InvalidAccessKeyId"),
])
def test_an_unknown_key_is_refused(standin, service, call, code):
    with pytest.raises(ClientError) as error:
        getattr(standin.base(service, aws_access_key_id="AKIAAAAAAAAAAAAAAAAA"), call)()
    assert code_of(error) == code


def test_session_credentials_need_their_token(standin):
    standin.client("glue")
    keys = dict(standin.sessions[GOVERNANCE, "mesh-platform"])
    for token in ({}, {"aws_session_token": "another"}):
        with pytest.raises(ClientError) as error:
            standin.make("glue", "us-east-1", {k: v for k, v in keys.items() if "token" not in k} | token).get_databases()
        assert code_of(error) == "UnrecognizedClientException"


def test_a_signed_header_or_the_body_changed_on_the_way(standin):
    request = signed(standin, b"{}", GLUE)
    assert send(standin, request)[0] == 200
    request.headers.replace_header("X-Amz-Target", "AWSGlue.GetTables")
    assert b"InvalidSignatureException" in send(standin, request)[1]
    request = signed(standin, b"{}", GLUE)
    assert b"InvalidSignatureException" in send(standin, request, b'{"MaxResults": 1}')[1]


def test_the_declared_digest_must_be_the_bodys(standin):
    keys = Credentials(standin.about["accessKeyId"], standin.about["secretAccessKey"])
    standin.base("s3").create_bucket(Bucket="digests")
    for digest, status in (("0" * 64, 400), ("UNSIGNED-PAYLOAD", 200)):
        request = AWSRequest("PUT", standin.endpoint + "/digests/k", {"X-Amz-Content-SHA256": digest}, b"data")
        auth = S3SigV4Auth(keys, "s3", "us-east-1")
        auth.payload = lambda request, digest=digest: digest
        auth.add_auth(request)
        netloc = urllib.parse.urlsplit(standin.endpoint).netloc
        connection = http.client.HTTPConnection(netloc, timeout=5)
        connection.request("PUT", "/digests/k", b"data", dict(request.headers))
        assert connection.getresponse().status == status


def test_a_clock_that_is_wrong_is_told_so_with_the_right_time(standin):
    standin.control("clock", {"offsetSeconds": 3600})
    status, body, headers = send(standin, signed(standin, b"{}", GLUE))
    assert status == 400 and b"Signature expired" in body and "Date" in headers
    standin.control("clock", {"offsetSeconds": -3600})
    assert b"Signature not yet current" in send(standin, signed(standin, b"{}", GLUE))[1]


def test_expired_sessions(standin, monkeypatch):
    arn = f"arn:aws:iam::{GOVERNANCE}:role/mesh-platform"
    keys = standin.base("sts").assume_role(RoleArn=arn, RoleSessionName="short", DurationSeconds=900)["Credentials"]
    options = {"aws_access_key_id": keys["AccessKeyId"], "aws_secret_access_key": keys["SecretAccessKey"],
               "aws_session_token": keys["SessionToken"]}
    glue = standin.make("glue", "us-east-1", options)
    glue.get_databases()
    standin.control("clock", {"offsetSeconds": 901})
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=901)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_: later)
    with pytest.raises(ClientError) as error:
        glue.get_databases()
    assert code_of(error) == "ExpiredTokenException"
    standin.base("glue").get_databases()


def test_only_roles_that_exist_and_trust_the_caller_can_be_assumed(standin):
    sts = standin.base("sts")
    for arn in (f"arn:aws:iam::{GOVERNANCE}:role/nobody", "arn:aws:iam::999999999999:role/mesh-platform"):
        with pytest.raises(ClientError) as error:
            sts.assume_role(RoleArn=arn, RoleSessionName="testing")
        assert code_of(error) == "AccessDenied"
    with pytest.raises(ClientError):
        standin.client("sts", SALES).assume_role(
            RoleArn=f"arn:aws:iam::{GOVERNANCE}:role/mesh-platform", RoleSessionName="testing")
    assert standin.client("sts").get_caller_identity()["Arn"].endswith("assumed-role/mesh-platform/testing")


def test_organizations_answer_the_management_account_only(standin):
    listed = {a["Id"]: a["Name"] for a in standin.base("organizations").list_accounts()["Accounts"]}
    assert listed[GOVERNANCE] == "governance" and listed[SALES] == "sales"
    with pytest.raises(ClientError) as error:
        standin.client("organizations").list_accounts()
    assert code_of(error) == "AccessDeniedException"
    assert standin.client("organizations").describe_organization()["Organization"]["MasterAccountId"] == "900000000000"


def glue_call(standin, operation: str, members: dict) -> tuple[int, dict]:
    """A call that boto3 itself would refuse to send."""
    headers = {**GLUE, "X-Amz-Target": f"AWSGlue.{operation}"}
    status, body, _ = send(standin, signed(standin, json.dumps(members).encode(), headers))
    return status, json.loads(body)


@pytest.mark.parametrize("operation, members", [
    ("GetDatabase", {}),
    ("GetDatabase", {"Name": 7}),
    ("GetDatabase", {"Name": ""}),
    ("GetDatabases", {"MaxResults": 101}),
    ("GetDatabases", {"MaxResult": 1}),
    ("GetDatabases", {"ResourceShareType": "MINE"}),
    ("CreateDatabase", {"DatabaseInput": {"Name": "x", "CreateTime": 1}}),
    ("CreateTable", {"DatabaseName": "d", "TableInput": {"Name": "t", "Retention": -1}}),
    ("BatchCreatePartition", {"DatabaseName": "d", "TableName": "t", "PartitionInputList": [{"Values": ["x"]}] * 101}),
    ("BatchDeletePartition", {"DatabaseName": "d", "TableName": "t", "PartitionsToDelete": [{"Values": ["x"]}] * 26}),
])
def test_requests_that_the_model_does_not_allow(standin, operation, members):
    status, body = glue_call(standin, operation, members)
    assert (status, body["__type"]) == (400, "ValidationException")


def test_a_body_that_is_not_json(standin):
    status, body, _ = send(standin, signed(standin, b'{"Name": ', {**GLUE, "X-Amz-Target": "AWSGlue.GetDatabase"}))
    assert status == 400 and b"SerializationException" in body


def test_query_requests_are_validated(standin):
    body = b"Action=AssumeRole&Version=2011-06-15&RoleArn=short&Surprise=1"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer, _ = send(standin, signed(standin, body, headers, "sts"))
    assert status == 400 and b"<Code>ValidationError</Code>" in answer and b"Surprise" in answer


def test_every_pattern_of_every_model_can_be_checked():
    count = 0
    for service in SERVED:
        for name in model(service).shape_names:
            pattern = model(service).shape_for(name).metadata.get("pattern")
            if pattern:
                compiled(pattern)
                count += 1
    assert count > 300


def test_what_is_not_there_is_a_501_in_json(standin):
    with pytest.raises(ClientError) as error:
        standin.client("glue").list_ml_transforms()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert standin.control("calls?status=501")["calls"][0]["operation"] == "ListMLTransforms"


def test_the_call_log_says_who_asked_what(standin):
    standin.control("calls", method="DELETE")
    with pytest.raises(ClientError):
        standin.client("glue", SALES).get_database(Name="nothing")
    entry = standin.control("calls?service=glue")["calls"][-1]
    assert (entry["account"], entry["region"], entry["operation"]) == (SALES, "us-east-1", "GetDatabase")
    assert entry["caller"].endswith("assumed-role/mesh-platform/testing")
    assert (entry["status"], entry["error"]) == (400, "EntityNotFoundException")


def test_a_reset_empties_everything_but_the_base_key(standin):
    standin.client("glue").create_database(DatabaseInput={"Name": "gone"})
    standin.reset()
    assert standin.client("glue").get_databases()["DatabaseList"] == []
    assert standin.base("sts").get_caller_identity()["Arn"] == "arn:aws:iam::900000000000:user/oncall"


def test_many_at_once_over_kept_connections(standin):
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "busy"})
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.extend(
        glue.get_database(Name="busy")["Database"]["Name"] for _ in range(20))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["busy"] * 160


def test_cloudwatch_metrics_of_replication_can_be_put_and_read(standin):
    body = (b"Action=PutMetricData&Version=2010-08-01&Namespace=AWS%2FS3&MetricData.member.1.MetricName=ReplicationLatency"
            b"&MetricData.member.1.Value=12")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert send(standin, signed(standin, body, headers, "monitoring"))[0] == 200
    now = datetime.now(UTC)
    metrics = boto3.client("cloudwatch", "us-east-1", endpoint_url=standin.endpoint,
                           aws_access_key_id=standin.about["accessKeyId"],
                           aws_secret_access_key=standin.about["secretAccessKey"])
    got = metrics.get_metric_data(
        StartTime=now - timedelta(minutes=10), EndTime=now + timedelta(minutes=10),
        MetricDataQueries=[{"Id": "a", "MetricStat": {"Metric": {"Namespace": "AWS/S3", "MetricName": "ReplicationLatency"},
                                                      "Period": 60, "Stat": "Maximum"}}])
    assert got["MetricDataResults"][0]["Values"] == [12.0]
