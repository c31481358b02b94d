"""S3 as a place for archives: regions, checksums, Object Lock, encryption, uploads in parts."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import PRIMARY, SECONDARY, code_of

HOME = "eu-central-1"
PART = 5 << 20


def sha(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@pytest.fixture
def s3(standin):
    """A client in the region of a bucket with versions and Object Lock."""
    client = standin.client("s3", region=HOME)
    client.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": HOME},
                         ObjectLockEnabledForBucket=True)
    return client


def until(days: float) -> datetime:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)


def regions_of(standin, operation: str) -> list[tuple[str, int]]:
    return [(c["region"], c["status"]) for c in standin.control(f"calls?operation={operation}")["calls"]]


def test_another_region_sends_on_to_the_buckets_own(standin, s3):
    standin.client("s3", region=SECONDARY).head_bucket(Bucket="archive")
    assert regions_of(standin, "HeadBucket") == [(SECONDARY, 301), (HOME, 200)]
    standin.client("s3", region=PRIMARY).put_object(Bucket="archive", Key="a", Body=b"a")
    assert regions_of(standin, "PutObject") == [(PRIMARY, 301), (HOME, 200)]


def test_a_bucket_that_is_nowhere_is_missing_everywhere(standin, s3):
    with pytest.raises(ClientError) as error:
        standin.client("s3", region=SECONDARY).head_bucket(Bucket="none")
    assert code_of(error) == "404"


def test_a_wrong_checksum_is_refused_and_a_right_one_kept(s3):
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="archive", Key="a", Body=b"data", ChecksumSHA256=sha(b"other"))
    assert code_of(error) == "BadDigest"
    s3.put_object(Bucket="archive", Key="a", Body=b"data", ChecksumSHA256=sha(b"data"))
    assert s3.head_object(Bucket="archive", Key="a", ChecksumMode="ENABLED")["ChecksumSHA256"] == sha(b"data")
    assert s3.get_object(Bucket="archive", Key="a", ChecksumMode="ENABLED")["ChecksumSHA256"] == sha(b"data")


def test_nothing_is_overwritten_where_nothing_may_be(s3):
    s3.put_object(Bucket="archive", Key="a", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="archive", Key="a", Body=b"2", IfNoneMatch="*")
    assert code_of(error) == "PreconditionFailed"
    s3.delete_object(Bucket="archive", Key="a")
    s3.put_object(Bucket="archive", Key="a", Body=b"3", IfNoneMatch="*")


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
def test_retention_grows_and_does_not_shrink(s3, mode):
    s3.put_object(Bucket="archive", Key="a", Body=b"1", ObjectLockMode=mode, ObjectLockRetainUntilDate=until(2))
    s3.put_object_retention(Bucket="archive", Key="a", Retention={"Mode": mode, "RetainUntilDate": until(5)})
    head = s3.head_object(Bucket="archive", Key="a")
    assert (head["ObjectLockMode"], head["ObjectLockRetainUntilDate"]) == (mode, until(5))
    kept = s3.get_object_retention(Bucket="archive", Key="a")["Retention"]
    assert (kept["Mode"], kept["RetainUntilDate"]) == (mode, until(5))
    with pytest.raises(ClientError) as error:
        s3.put_object_retention(Bucket="archive", Key="a", Retention={"Mode": mode, "RetainUntilDate": until(3)})
    assert code_of(error) == "AccessDenied"
    with pytest.raises(ClientError) as error:
        s3.delete_object(Bucket="archive", Key="a", VersionId=head["VersionId"])
    assert code_of(error) == "AccessDenied"
    assert s3.delete_object(Bucket="archive", Key="a")["DeleteMarker"]


def test_governance_can_be_bypassed_and_compliance_not(s3):
    for mode in ("GOVERNANCE", "COMPLIANCE"):
        s3.put_object(Bucket="archive", Key=mode, Body=b"1", ObjectLockMode=mode, ObjectLockRetainUntilDate=until(5))
    sooner = {"Mode": "GOVERNANCE", "RetainUntilDate": until(1)}
    s3.put_object_retention(Bucket="archive", Key="GOVERNANCE", Retention=sooner, BypassGovernanceRetention=True)
    with pytest.raises(ClientError) as error:
        s3.put_object_retention(Bucket="archive", Key="COMPLIANCE", Retention=sooner, BypassGovernanceRetention=True)
    assert code_of(error) == "AccessDenied"


def without_checksum(request, **_) -> None:
    for name in [name for name in request.headers if "checksum" in name.lower()]:
        del request.headers[name]


def test_locked_objects_come_with_a_checksum(s3):
    s3.meta.events.register("before-sign.s3.PutObject", without_checksum)
    s3.put_object(Bucket="archive", Key="free", Body=b"1")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket="archive", Key="a", Body=b"1", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until(1))
    assert code_of(error) == "InvalidRequest"


def test_keys_have_to_be_there_in_the_buckets_region(standin, s3):
    key = standin.client("kms", region=HOME).create_key()["KeyMetadata"]["Arn"]
    elsewhere = standin.client("kms", region=PRIMARY).create_key()["KeyMetadata"]["Arn"]
    s3.put_object(Bucket="archive", Key="a", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=key,
                  BucketKeyEnabled=True)
    head = s3.head_object(Bucket="archive", Key="a")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"], head["BucketKeyEnabled"]) == ("aws:kms", key, True)
    for wrong in (elsewhere, key[:-4] + "0000"):
        with pytest.raises(ClientError) as error:
            s3.put_object(Bucket="archive", Key="b", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId=wrong)
        assert code_of(error) == "KMS.NotFoundException"


def upload(s3, key: str, bodies: list[bytes]) -> tuple[str, list[dict]]:
    begun = s3.create_multipart_upload(Bucket="archive", Key=key, ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number, body in enumerate(bodies, 1):
        answer = s3.upload_part(Bucket="archive", Key=key, UploadId=begun, PartNumber=number, Body=body,
                                ChecksumSHA256=sha(body))
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": sha(body)})
    return begun, parts


def finish(s3, key: str, begun: str, parts: list[dict], **more) -> dict:
    return s3.complete_multipart_upload(Bucket="archive", Key=key, UploadId=begun, MultipartUpload={"Parts": parts}, **more)


def test_parts_and_the_whole_are_checked(s3):
    bodies = [b"a" * PART, b"b"]
    whole = sha(b"".join(hashlib.sha256(body).digest() for body in bodies))
    begun, parts = upload(s3, "m", bodies)
    with pytest.raises(ClientError) as error:
        s3.upload_part(Bucket="archive", Key="m", UploadId=begun, PartNumber=3, Body=b"c", ChecksumSHA256=sha(b"d"))
    assert code_of(error) == "BadDigest"
    swapped = [{**parts[0], "ChecksumSHA256": parts[1]["ChecksumSHA256"]}, parts[1]]
    for wrong, more, code in ((swapped, {}, "InvalidPart"), (parts, {"ChecksumSHA256": sha(b"") + "-2"}, "BadDigest"),
                              (parts, {"MpuObjectSize": 7}, "InvalidRequest")):
        with pytest.raises(ClientError) as error:
            finish(s3, "m", begun, wrong, **more)
        assert code_of(error) == code
    finish(s3, "m", begun, parts, ChecksumSHA256=f"{whole}-2", MpuObjectSize=PART + 1, IfNoneMatch="*")
    head = s3.head_object(Bucket="archive", Key="m", ChecksumMode="ENABLED")
    assert (head["ChecksumSHA256"], head["ChecksumType"]) == (f"{whole}-2", "COMPOSITE")
    begun, parts = upload(s3, "m", bodies)
    with pytest.raises(ClientError) as error:
        finish(s3, "m", begun, parts, IfNoneMatch="*")
    assert code_of(error) == "PreconditionFailed"


def test_unfinished_uploads_are_listed_in_pages_with_their_time(s3):
    for key in ("a/1", "a/2", "a/2", "a/3", "b/1"):
        s3.create_multipart_upload(Bucket="archive", Key=key)
    pages = list(s3.get_paginator("list_multipart_uploads").paginate(
        Bucket="archive", Prefix="a/", PaginationConfig={"PageSize": 2}))
    found = [u for page in pages for u in page["Uploads"]]
    assert [u["Key"] for u in found] == ["a/1", "a/2", "a/2", "a/3"] and len(pages) == 2
    assert len({u["UploadId"] for u in found}) == 4
    assert abs((datetime.now(UTC) - found[0]["Initiated"]).total_seconds()) < 60
    s3.abort_multipart_upload(Bucket="archive", Key="a/1", UploadId=found[0]["UploadId"])
    assert len(s3.list_multipart_uploads(Bucket="archive", Prefix="a/")["Uploads"]) == 3
