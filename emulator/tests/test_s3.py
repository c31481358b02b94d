"""S3: replication rules as they were put, what is refused, and replication that happens."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import GOVERNANCE, SECONDARY, code_of

TARGET = "arn:aws:s3:::products-eu"
RULE = {
    "ID": "products", "Priority": 3, "Status": "Enabled",
    "Filter": {"And": {"Prefix": "curated/", "Tags": [{"Key": "tier", "Value": "gold"}]}},
    "DeleteMarkerReplication": {"Status": "Disabled"},
    "ExistingObjectReplication": {"Status": "Enabled"},
    "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"},
                                "ReplicaModifications": {"Status": "Disabled"}},
    "Destination": {"Bucket": TARGET, "StorageClass": "STANDARD_IA", "Account": GOVERNANCE,
                    "AccessControlTranslation": {"Owner": "Destination"},
                    "EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:eu-west-1:111111111111:key/k"},
                    "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                    "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}},
}
OLD = {"ID": "old-form", "Prefix": "raw/", "Status": "Enabled", "Destination": {"Bucket": TARGET}}


def rule(prefix: str = "", **members) -> dict:
    return {"ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": prefix},
            "DeleteMarkerReplication": {"Status": "Enabled"}, "Destination": {"Bucket": TARGET}, **members}


@pytest.fixture
def s3(standin):
    """A bucket with its replica, both versioned, as replication asks for; nothing moves by itself."""
    client = standin.client("s3")
    client.create_bucket(Bucket="products")
    standin.client("s3", region=SECONDARY).create_bucket(
        Bucket="products-eu", CreateBucketConfiguration={"LocationConstraint": SECONDARY})
    for bucket in ("products", "products-eu"):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    standin.control("replication", {"delaySeconds": 3600})
    return client


def replicate(s3, *rules: dict) -> None:
    s3.put_bucket_replication(Bucket="products", ReplicationConfiguration={
        "Role": f"arn:aws:iam::{GOVERNANCE}:role/replication", "Rules": list(rules)})


def put(s3, *keys: str, **options) -> None:
    for key in keys:
        s3.put_object(Bucket="products", Key=key, Body=b"data", **options)


def status(s3, key: str, bucket: str = "products") -> str | None:
    return s3.head_object(Bucket=bucket, Key=key).get("ReplicationStatus")


def arrived(s3, bucket: str = "products-eu") -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


# --- configurations --------------------------------------------------------------------

def test_rules_come_back_as_they_were_put(s3):
    tag = rule(ID="tagged", Priority=4, Filter={"Tag": {"Key": "a", "Value": "b"}},
               DeleteMarkerReplication={"Status": "Disabled"})
    replicate(s3, RULE, OLD, tag)
    found = s3.get_bucket_replication(Bucket="products")["ReplicationConfiguration"]
    assert found == {"Role": f"arn:aws:iam::{GOVERNANCE}:role/replication", "Rules": [RULE, OLD, tag]}


def test_a_rule_without_an_id_gets_one(s3):
    replicate(s3, {k: v for k, v in RULE.items() if k != "ID"})
    assert s3.get_bucket_replication(Bucket="products")["ReplicationConfiguration"]["Rules"][0]["ID"]


def test_a_deleted_configuration_is_gone(s3):
    replicate(s3, rule())
    s3.delete_bucket_replication(Bucket="products")
    with pytest.raises(ClientError) as error:
        s3.get_bucket_replication(Bucket="products")
    assert code_of(error) == "ReplicationConfigurationNotFoundError"
    put(s3, "a")
    assert status(s3, "a") is None


@pytest.mark.parametrize("rules, code", [
    ([rule(Destination={"Bucket": "arn:aws:s3:::nowhere"})], "InvalidRequest"),
    ([{k: v for k, v in rule().items() if k != "DeleteMarkerReplication"}], "InvalidRequest"),
    ([rule(Filter={"Tag": {"Key": "a", "Value": "b"}})], "InvalidRequest"),
    ([rule(), rule(Priority=2)], "InvalidArgument"),
    ([rule(), rule(ID="other")], "InvalidRequest"),
    ([rule(Status="On")], "MalformedXML"),
])
def test_what_s3_refuses_is_refused(s3, rules, code):
    with pytest.raises(ClientError) as error:
        replicate(s3, *rules)
    assert code_of(error) == code


@pytest.mark.parametrize("bucket", ["products", "products-eu"])
def test_both_buckets_have_to_be_versioned(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    with pytest.raises(ClientError) as error:
        replicate(s3, rule())
    assert code_of(error) == "InvalidRequest" and "ersioning" in str(error.value)


def test_versioning_stays_while_rules_are_there(s3):
    replicate(s3, rule())
    with pytest.raises(ClientError) as error:
        s3.put_bucket_versioning(Bucket="products", VersioningConfiguration={"Status": "Suspended"})
    assert code_of(error) == "InvalidBucketState"


# --- what is covered -------------------------------------------------------------------

def test_what_a_rule_covers_arrives_and_says_so(standin, s3):
    put(s3, "curated/before")
    replicate(s3, rule("curated/"))
    put(s3, "curated/a", "raw/a")
    assert [status(s3, key) for key in ("curated/before", "curated/a", "raw/a")] == [None, "PENDING", None]
    standin.control("replication/run", {})
    assert s3.get_object(Bucket="products", Key="curated/a")["ReplicationStatus"] == "COMPLETED"
    assert (arrived(s3), status(s3, "curated/a", "products-eu")) == (["curated/a"], "REPLICA")


def test_it_happens_by_itself_after_the_buckets_delay(standin, s3):
    standin.control("replication", {"bucket": "products", "delaySeconds": 0.05})
    replicate(s3, rule())
    put(s3, "a")
    for _ in range(100):
        if status(s3, "a") == "COMPLETED":
            return
        time.sleep(0.05)
    pytest.fail("nothing arrived within five seconds")


def test_a_replica_is_its_source_again(standin, s3):
    replicate(s3, rule(Destination={"Bucket": TARGET, "StorageClass": "GLACIER_IR"}))
    put(s3, "a", Metadata={"by": "pipeline"}, ContentType="text/csv", Tagging="tier=gold")
    standin.control("objects/age", {"bucket": "products", "seconds": 1200})
    standin.control("replication/run", {})
    source, replica = (s3.head_object(Bucket=b, Key="a") for b in ("products", "products-eu"))
    same = ("ETag", "VersionId", "LastModified", "Metadata", "ContentType", "ContentLength")
    assert {k: replica[k] for k in same} == {k: source[k] for k in same}
    assert replica["StorageClass"] == "GLACIER_IR"
    assert s3.get_object_tagging(Bucket="products-eu", Key="a")["TagSet"] == [{"Key": "tier", "Value": "gold"}]


def test_filters_by_tags_and_the_older_form(standin, s3):
    replicate(s3, {**RULE, "Destination": {"Bucket": TARGET}}, OLD)
    put(s3, "curated/gold", Tagging="tier=gold&x=y")
    put(s3, "curated/tin", Tagging="tier=tin")
    put(s3, "raw/a")
    standin.control("replication/run", {})
    assert sorted(arrived(s3)) == ["curated/gold", "raw/a"]


def test_of_two_rules_to_one_bucket_the_larger_priority_counts(standin, s3):
    replicate(s3, rule(), rule("hot/", ID="hot", Priority=9, Destination={"Bucket": TARGET, "StorageClass": "GLACIER_IR"}))
    put(s3, "hot/a")
    standin.control("replication/run", {})
    assert s3.head_object(Bucket="products-eu", Key="hot/a")["StorageClass"] == "GLACIER_IR"
    assert len(s3.list_object_versions(Bucket="products-eu")["Versions"]) == 1


def test_two_destinations_are_complete_together(standin, s3):
    s3.create_bucket(Bucket="products-us")
    s3.put_bucket_versioning(Bucket="products-us", VersioningConfiguration={"Status": "Enabled"})
    replicate(s3, rule(), rule(ID="near", Priority=2, Destination={"Bucket": "arn:aws:s3:::products-us"}))
    standin.control("regions/eu-west-1/lose", {})
    put(s3, "a")
    standin.control("replication/run", {})
    assert (arrived(s3, "products-us"), status(s3, "a")) == (["a"], "PENDING")
    standin.control("regions/eu-west-1/restore", {})
    standin.control("replication/run", {})
    assert status(s3, "a") == "COMPLETED"


def test_copies_and_uploads_in_parts_are_replicated(standin, s3):
    replicate(s3, rule())
    put(s3, "a")
    s3.copy_object(Bucket="products", Key="b", CopySource={"Bucket": "products", "Key": "a"})
    upload = s3.create_multipart_upload(Bucket="products", Key="c")["UploadId"]
    part = s3.upload_part(Bucket="products", Key="c", UploadId=upload, PartNumber=1, Body=b"part")
    s3.complete_multipart_upload(Bucket="products", Key="c", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    standin.control("replication/run", {})
    assert arrived(s3) == ["a", "b", "c"]
    tags = [s3.head_object(Bucket=b, Key="c")["ETag"] for b in ("products", "products-eu")]
    assert tags[0] != tags[1] and all(tag.endswith('-1"') for tag in tags)


def test_kept_etags_of_uploads_in_parts_can_be_asked_for(standin, s3):
    standin.control("replication", {"multipartEtags": "kept"})
    replicate(s3, rule())
    upload = s3.create_multipart_upload(Bucket="products", Key="c")["UploadId"]
    part = s3.upload_part(Bucket="products", Key="c", UploadId=upload, PartNumber=1, Body=b"part")
    done = s3.complete_multipart_upload(Bucket="products", Key="c", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    standin.control("replication/run", {})
    assert s3.head_object(Bucket="products-eu", Key="c")["ETag"] == done["ETag"]


def test_objects_under_a_key_need_a_rule_that_says_so(standin, s3):
    key = {"ServerSideEncryption": "aws:kms",
           "SSEKMSKeyId": standin.client("kms").create_key()["KeyMetadata"]["Arn"]}
    replicate(s3, rule())
    put(s3, "skipped", **key)
    replicate(s3, {**rule(), "SourceSelectionCriteria": RULE["SourceSelectionCriteria"], "Destination": {
        "Bucket": TARGET, "EncryptionConfiguration": RULE["Destination"]["EncryptionConfiguration"]}})
    put(s3, "taken", **key)
    standin.control("replication/run", {})
    assert (status(s3, "skipped"), arrived(s3)) == (None, ["taken"])
    source, replica = (s3.head_object(Bucket=b, Key="taken") for b in ("products", "products-eu"))
    assert replica["SSEKMSKeyId"].endswith("key/k") and replica["ETag"] != source["ETag"]
    assert replica["VersionId"] == source["VersionId"]


def test_replicas_are_not_replicated_again(standin, s3):
    replicate(s3, rule())
    s3.put_bucket_replication(Bucket="products-eu", ReplicationConfiguration={
        "Role": f"arn:aws:iam::{GOVERNANCE}:role/r",
        "Rules": [rule(Destination={"Bucket": "arn:aws:s3:::products"})]})
    put(s3, "a")
    standin.control("replication/run", {})
    standin.control("replication/run", {})
    assert len(s3.list_object_versions(Bucket="products")["Versions"]) == 1


# --- deletes, versions, tags -----------------------------------------------------------

@pytest.mark.parametrize("given, gone", [
    (rule(), True), (rule(DeleteMarkerReplication={"Status": "Disabled"}), False), ({**OLD, "Prefix": ""}, True)])
def test_delete_markers_go_along_where_the_rule_has_it_so(standin, s3, given, gone):
    replicate(s3, given)
    put(s3, "a", "b")
    standin.control("replication/run", {})
    marker = s3.delete_object(Bucket="products", Key="a")["VersionId"]
    s3.delete_objects(Bucket="products", Delete={"Objects": [{"Key": "b"}]})
    standin.control("replication/run", {})
    assert arrived(s3) == ([] if gone else ["a", "b"])
    markers = s3.list_object_versions(Bucket="products-eu").get("DeleteMarkers", [])
    assert [m["VersionId"] for m in markers if m["Key"] == "a"] == ([marker] if gone else [])


def test_a_version_that_is_deleted_for_good_stays_at_the_replica(standin, s3):
    replicate(s3, rule())
    put(s3, "a")
    standin.control("replication/run", {})
    version = s3.head_object(Bucket="products", Key="a")["VersionId"]
    s3.delete_object(Bucket="products", Key="a", VersionId=version)
    standin.control("replication/run", {})
    assert (arrived(s3, "products"), arrived(s3)) == ([], ["a"])


def test_the_newest_version_is_current_whatever_came_first(standin, s3):
    replicate(s3, rule())
    bodies = [str(n).encode() for n in range(12)]
    for body in bodies:
        s3.put_object(Bucket="products", Key="a", Body=body)
        time.sleep(0.002)
    standin.control("replication/run", {})
    assert s3.get_object(Bucket="products-eu", Key="a")["Body"].read() == bodies[-1]
    source, replica = (s3.list_object_versions(Bucket=b)["Versions"] for b in ("products", "products-eu"))
    assert [v["VersionId"] for v in replica] == [v["VersionId"] for v in source]


def test_tags_follow_an_object_that_has_arrived(standin, s3):
    replicate(s3, rule())
    put(s3, "a")
    standin.control("replication/run", {})
    s3.put_object_tagging(Bucket="products", Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    standin.control("replication/run", {})
    assert s3.get_object_tagging(Bucket="products-eu", Key="a")["TagSet"] == [{"Key": "k", "Value": "v"}]


# --- trouble ---------------------------------------------------------------------------

def test_the_order_of_arrival_is_not_that_of_writing(standin, s3):
    replicate(s3, rule())
    put(s3, *(f"{n:02d}" for n in range(30)))
    standin.control("replication/run", {"atMost": 10})
    assert len(arrived(s3)) == 10 and arrived(s3) != [f"{n:02d}" for n in range(10)]


def test_a_lost_region_leaves_objects_pending(standin, s3):
    replicate(s3, rule())
    standin.control("regions/eu-west-1/lose", {})
    put(s3, "a")
    standin.control("replication/run", {})
    assert status(s3, "a") == "PENDING"
    standin.control("regions/eu-west-1/restore", {})
    standin.control("replication/run", {})
    assert status(s3, "a") == "COMPLETED"


def test_a_pause_holds_one_bucket_and_says_how_much(standin, s3):
    replicate(s3, rule())
    standin.control("replication", {"bucket": "products", "paused": True})
    put(s3, "a", "b")
    held = standin.control("replication/run", {})["buckets"]["products"]
    assert held == {"paused": True, "pending": 2, "completed": 0, "failed": 0}
    standin.control("replication", {"bucket": "products", "paused": False})
    standin.control("replication/run", {})
    assert arrived(s3) == ["a", "b"]


@pytest.mark.parametrize("pattern", [{"key": "bad/*"}, {"key": "bad/*", "rule": "all"}])
def test_what_fails_stays_failed(standin, s3, pattern):
    replicate(s3, rule())
    standin.control("replication", {"failing": [pattern]})
    put(s3, "bad/a", "good/a")
    standin.control("replication/run", {})
    assert (status(s3, "bad/a"), status(s3, "good/a"), arrived(s3)) == ("FAILED", "COMPLETED", ["good/a"])
    standin.control("replication", {"failing": []})
    standin.control("replication/run", {})
    assert status(s3, "bad/a") == "FAILED"


def test_a_destination_that_is_no_longer_versioned_fails(standin, s3):
    replicate(s3, rule())
    s3.put_bucket_versioning(Bucket="products-eu", VersioningConfiguration={"Status": "Suspended"})
    put(s3, "a")
    standin.control("replication/run", {})
    assert (status(s3, "a"), arrived(s3)) == ("FAILED", [])


def test_nonsense_at_the_control_door_is_refused(standin, s3):
    for document in ({"speed": 1}, {"metrics": "nowhere"}):
        with pytest.raises(OSError, match="400"):
            standin.control("replication", document)
    with pytest.raises(OSError, match="400"):
        standin.control("objects/age", {"bucket": "nowhere", "seconds": 1})


# --- other -----------------------------------------------------------------------------

def test_an_aged_object_looks_older_everywhere(standin, s3):
    replicate(s3, rule())
    put(s3, "a/1", "b/1")
    standin.control("replication/run", {})
    before = s3.head_object(Bucket="products", Key="a/1")["LastModified"]
    assert standin.control("objects/age", {"bucket": "products", "keys": "a/*", "seconds": 1200}) == {"aged": 1}
    for bucket in ("products", "products-eu"):
        assert (before - s3.head_object(Bucket=bucket, Key="a/1")["LastModified"]).total_seconds() == 1200


def test_filling_makes_what_puts_would_have_made(standin, s3):
    replicate(s3, rule("bulk/"))
    s3.put_object(Bucket="products", Key="bulk/0000003", Body=b"\0\0")
    standin.control("objects/fill", {"bucket": "products", "prefix": "bulk/", "count": 3, "size": 2})
    put_one, filled = (s3.head_object(Bucket="products", Key=f"bulk/000000{n}") for n in (3, 0))
    varying = ("ResponseMetadata", "LastModified", "VersionId")
    assert {k: v for k, v in filled.items() if k not in varying} == {
        k: v for k, v in put_one.items() if k not in varying}
    standin.control("replication/run", {})
    assert len(arrived(s3)) == 4


def test_writers_at_once_lose_nothing(standin, s3):
    standin.control("replication", {"delaySeconds": 0})
    replicate(s3, rule())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: put(s3, f"{n:03d}"), range(60)))
    standin.control("replication/run", {})
    assert len(arrived(s3)) == 60


def test_an_object_posted_like_a_form_keeps_its_body(s3):
    s3.put_object(Bucket="products", Key="form", Body=b"a=b", ContentType="application/x-www-form-urlencoded")
    assert s3.get_object(Bucket="products", Key="form")["Body"].read() == b"a=b"
