"""S3: replication rules as they were put, and replication that happens."""

import time

import pytest

from emulator.tests.conftest import GOVERNANCE, SECONDARY

RULE = {
    "ID": "products", "Priority": 3, "Status": "Enabled",
    "Filter": {"And": {"Prefix": "curated/", "Tags": [{"Key": "tier", "Value": "gold"}]}},
    "DeleteMarkerReplication": {"Status": "Disabled"},
    "Destination": {"Bucket": "arn:aws:s3:::products-eu", "StorageClass": "STANDARD_IA",
                    "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                    "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}},
}


@pytest.fixture
def s3(standin):
    """A bucket with its replica, both versioned, as replication asks for."""
    client = standin.client("s3")
    client.create_bucket(Bucket="products")
    standin.client("s3", region=SECONDARY).create_bucket(
        Bucket="products-eu", CreateBucketConfiguration={"LocationConstraint": SECONDARY})
    for bucket in ("products", "products-eu"):
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return client


def replicate(s3, *rules: dict) -> None:
    s3.put_bucket_replication(Bucket="products", ReplicationConfiguration={
        "Role": f"arn:aws:iam::{GOVERNANCE}:role/replication", "Rules": list(rules)})


def status(s3, bucket: str, key: str) -> str | None:
    return s3.head_object(Bucket=bucket, Key=key).get("ReplicationStatus")


def wait_for(s3, key: str, wanted: str) -> bool:
    for _ in range(40):
        if status(s3, "products", key) == wanted:
            return True
        time.sleep(0.05)
    return False


def test_rules_come_back_as_they_were_put(s3):
    other = {"ID": "old-form", "Prefix": "raw/", "Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::products-eu"}}
    replicate(s3, RULE, {**other})
    assert s3.get_bucket_replication(Bucket="products")["ReplicationConfiguration"]["Rules"] == [RULE, other]


def test_a_rule_without_an_id_gets_one(s3):
    replicate(s3, {k: v for k, v in RULE.items() if k != "ID"})
    assert s3.get_bucket_replication(Bucket="products")["ReplicationConfiguration"]["Rules"][0]["ID"]


def test_what_a_rule_covers_arrives_and_says_so(standin, s3):
    replicate(s3, {**RULE, "Filter": {"Prefix": "curated/"}})
    standin.control("replication", {"paused": True})
    s3.put_object(Bucket="products", Key="curated/a", Body=b"data")
    s3.put_object(Bucket="products", Key="raw/a", Body=b"data")
    assert (status(s3, "products", "curated/a"), status(s3, "products", "raw/a")) == ("PENDING", None)
    standin.control("replication", {"paused": False, "delaySeconds": 0})
    assert wait_for(s3, "curated/a", "COMPLETED")
    assert s3.get_object(Bucket="products-eu", Key="curated/a")["Body"].read() == b"data"
    assert status(s3, "products-eu", "curated/a") == "REPLICA"


def test_a_lost_destination_leaves_objects_pending(standin, s3):
    replicate(s3, {**RULE, "Filter": {"Prefix": ""}})
    standin.control("replication", {"delaySeconds": 0})
    standin.control(f"regions/{SECONDARY}/lose", {})
    s3.put_object(Bucket="products", Key="a", Body=b"data")
    time.sleep(0.2)
    assert status(s3, "products", "a") == "PENDING"
    standin.control(f"regions/{SECONDARY}/restore", {})
    assert wait_for(s3, "a", "COMPLETED")


def test_an_object_posted_like_a_form_keeps_its_body(s3):
    s3.put_object(Bucket="products", Key="form", Body=b"a=b", ContentType="application/x-www-form-urlencoded")
    assert s3.get_object(Bucket="products", Key="form")["Body"].read() == b"a=b"
