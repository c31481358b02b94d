"""Listings of objects and versions, page by page, and inventories."""

import csv
import gzip
import hashlib
import io
import json

import pyarrow.parquet
import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import code_of

NAMES = ["a", "a/1", "a/2", "a/b/1", "b", "c&d<e>", "ä/ö 1", "z/1"]


@pytest.fixture
def s3(standin):
    client = standin.client("s3")
    client.create_bucket(Bucket="lake")
    client.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
    for name in NAMES:
        client.put_object(Bucket="lake", Key=name, Body=name.encode())
    return client


def pages(s3, operation: str, **options) -> list[dict]:
    return list(s3.get_paginator(operation).paginate(Bucket="lake", **options))


def keys(found: list[dict], part: str = "Contents") -> list[str]:
    return [entry["Key"] for page in found for entry in page.get(part, [])]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_pages_of_objects_add_up(s3, size):
    found = pages(s3, "list_objects_v2", PaginationConfig={"PageSize": size})
    assert keys(found) == sorted(NAMES, key=str.encode)
    assert all(page["KeyCount"] <= size for page in found)
    assert [page["IsTruncated"] for page in found] == [True] * (len(found) - 1) + [False]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_folders_count_as_one_entry(s3, size):
    found = pages(s3, "list_objects_v2", Delimiter="/", PaginationConfig={"PageSize": size})
    assert keys(found) == ["a", "b", "c&d<e>"]
    assert [p["Prefix"] for page in found for p in page.get("CommonPrefixes", [])] == ["a/", "z/", "ä/"]
    assert sum(page["KeyCount"] for page in found) == 6


def test_prefix_start_after_and_what_an_entry_says(s3):
    found = s3.list_objects_v2(Bucket="lake", Prefix="a/", StartAfter="a/1")
    assert [entry["Key"] for entry in found["Contents"]] == ["a/2", "a/b/1"]
    head = s3.head_object(Bucket="lake", Key="a/2")
    entry = found["Contents"][0]
    assert (entry["ETag"], entry["Size"], entry["LastModified"]) == (
        head["ETag"], head["ContentLength"], head["LastModified"])
    assert "Owner" not in entry
    assert "Owner" in s3.list_objects_v2(Bucket="lake", FetchOwner=True)["Contents"][0]


def test_deleted_objects_are_listed_as_versions_only(s3):
    marker = s3.delete_object(Bucket="lake", Key="z/1")["VersionId"]
    assert "z/1" not in keys(pages(s3, "list_objects_v2"))
    assert "CommonPrefixes" not in s3.list_objects_v2(Bucket="lake", Prefix="z", Delimiter="/")
    found = s3.list_object_versions(Bucket="lake", Prefix="z/")
    assert [(m["VersionId"], m["IsLatest"]) for m in found["DeleteMarkers"]] == [(marker, True)]
    assert [v["IsLatest"] for v in found["Versions"]] == [False]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_pages_of_versions_add_up_from_the_newest_on(s3, size):
    newest = {name: s3.put_object(Bucket="lake", Key=name, Body=b"again")["VersionId"] for name in ("a", "a/2", "z/1")}
    found = pages(s3, "list_object_versions", PaginationConfig={"PageSize": size})
    assert keys(found, "Versions") == sorted([*NAMES, *newest], key=str.encode)
    latest = [v for page in found for v in page.get("Versions", []) if v["IsLatest"]]
    assert {v["Key"]: v["VersionId"] for v in latest if v["Key"] in newest} == newest
    assert len(latest) == len(NAMES)


def test_versions_fall_into_folders_too(s3):
    found = pages(s3, "list_object_versions", Delimiter="/", PaginationConfig={"PageSize": 1})
    assert [p["Prefix"] for page in found for p in page.get("CommonPrefixes", [])] == ["a/", "z/", "ä/"]
    assert keys(found, "Versions") == ["a", "b", "c&d<e>"]


@pytest.mark.parametrize("options", [
    {"ContinuationToken": "???"}, {"ContinuationToken": "w7"}, {"EncodingType": "url", "MaxKeys": -1}])
def test_nonsense_is_refused(s3, options):
    with pytest.raises(ClientError) as error:
        s3.list_objects_v2(Bucket="lake", **options)
    assert code_of(error) == "InvalidArgument"


def test_a_bucket_that_is_not_there(s3):
    for call in (s3.list_objects_v2, s3.list_object_versions):
        with pytest.raises(ClientError) as error:
            call(Bucket="nowhere")
        assert code_of(error) == "NoSuchBucket"


def test_many_objects_are_listed_in_order(standin, s3):
    standin.control("objects/fill", {"bucket": "lake", "prefix": "bulk/", "count": 2500})
    found = pages(s3, "list_objects_v2", Prefix="bulk/")
    assert [page["KeyCount"] for page in found] == [1000, 1000, 500]
    assert keys(found) == [f"bulk/{n:07d}" for n in range(2500)]


# --- inventories -----------------------------------------------------------------------

def inventory(name: str, **members) -> dict:
    return {"Id": name, "IsEnabled": True, "IncludedObjectVersions": "Current", "Schedule": {"Frequency": "Daily"},
            "OptionalFields": ["Size", "ETag", "ReplicationStatus"],
            "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::lake", "Format": "CSV", "Prefix": "inv",
                                                    "AccountId": "111111111111"}}, **members}


def test_inventory_configurations_come_back_as_they_were_put(s3):
    given = inventory("all", IncludedObjectVersions="All", Filter={"Prefix": "a/"})
    s3.put_bucket_inventory_configuration(Bucket="lake", Id="all", InventoryConfiguration=given)
    assert s3.get_bucket_inventory_configuration(Bucket="lake", Id="all")["InventoryConfiguration"] == given
    assert s3.list_bucket_inventory_configurations(Bucket="lake")["InventoryConfigurationList"] == [given]
    s3.delete_bucket_inventory_configuration(Bucket="lake", Id="all")
    with pytest.raises(ClientError) as error:
        s3.get_bucket_inventory_configuration(Bucket="lake", Id="all")
    assert code_of(error) == "NoSuchConfiguration"
    assert "InventoryConfigurationList" not in s3.list_bucket_inventory_configurations(Bucket="lake")


def test_inventory_configurations_are_listed_a_hundred_at_a_time(s3):
    for number in range(105):
        name = f"{number:03d}"
        s3.put_bucket_inventory_configuration(Bucket="lake", Id=name, InventoryConfiguration=inventory(name))
    first = s3.list_bucket_inventory_configurations(Bucket="lake")
    rest = s3.list_bucket_inventory_configurations(Bucket="lake", ContinuationToken=first["NextContinuationToken"])
    assert (len(first["InventoryConfigurationList"]), first["IsTruncated"]) == (100, True)
    assert [entry["Id"] for entry in rest["InventoryConfigurationList"]] == [f"{n}" for n in range(100, 105)]
    assert not rest["IsTruncated"]


@pytest.mark.parametrize("name, given, code", [
    ("other", inventory("all"), "InvalidArgument"), ("all", inventory("all", Schedule={"Frequency": "Now"}), "MalformedXML")])
def test_inventory_configurations_that_are_refused(s3, name, given, code):
    with pytest.raises(ClientError) as error:
        s3.put_bucket_inventory_configuration(Bucket="lake", Id=name, InventoryConfiguration=given)
    assert code_of(error) == code


def test_a_report_is_what_s3_would_write(standin, s3):
    s3.put_bucket_inventory_configuration(
        Bucket="lake", Id="all", InventoryConfiguration=inventory("all", Filter={"Prefix": "a/"}))
    name = standin.control("inventory/run", {"bucket": "lake", "id": "all", "ageSeconds": 7200})["manifest"]
    read = lambda key: s3.get_object(Bucket="lake", Key=key)["Body"].read()
    text = read(name)
    assert read(name.replace(".json", ".checksum")).decode() == hashlib.md5(text).hexdigest()
    manifest = json.loads(text)
    assert (manifest["fileSchema"], manifest["sourceBucket"]) == ("Bucket, Key, Size, ETag, ReplicationStatus", "lake")
    data = read(manifest["files"][0]["key"])
    assert manifest["files"][0]["MD5checksum"] == hashlib.md5(data).hexdigest()
    rows = list(csv.reader(io.StringIO(gzip.decompress(data).decode())))
    assert [row[1] for row in rows] == ["a/1", "a/2", "a/b/1"]
    assert rows[0][2:4] == ["3", s3.head_object(Bucket="lake", Key="a/1")["ETag"].strip('"')]


def test_a_report_in_parquet_has_other_names_and_keys_as_they_are(standin, s3):
    destination = {"S3BucketDestination": {"Bucket": "arn:aws:s3:::lake", "Format": "Parquet", "Prefix": "inv"}}
    s3.put_object(Bucket="lake", Key="p/a b+%c", Body=b"four")
    s3.put_bucket_inventory_configuration(
        Bucket="lake", Id="cols", InventoryConfiguration=inventory(
            "cols", Filter={"Prefix": "p/"}, IncludedObjectVersions="All", Destination=destination,
            OptionalFields=["Size", "LastModifiedDate", "ETag", "ReplicationStatus"]))
    name = standin.control("inventory/run", {"bucket": "lake", "id": "cols"})["manifest"]
    manifest = json.loads(s3.get_object(Bucket="lake", Key=name)["Body"].read())
    assert manifest["fileFormat"] == "Parquet"
    assert manifest["fileSchema"] == (
        "message s3.inventory {  required binary bucket (STRING);  required binary key (STRING);  "
        "optional binary version_id (STRING);  optional boolean is_latest;  optional boolean is_delete_marker;  "
        "optional int64 size;  optional int64 last_modified_date (TIMESTAMP(MILLIS,true));  "
        "optional binary e_tag (STRING);  optional binary replication_status (STRING);}")
    [file] = manifest["files"]
    assert file["key"].endswith(".parquet")
    data = s3.get_object(Bucket="lake", Key=file["key"])["Body"].read()
    assert file["size"] == len(data)
    [row] = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    head = s3.head_object(Bucket="lake", Key="p/a b+%c")
    assert (row["key"], row["size"], row["is_latest"], row["is_delete_marker"]) == ("p/a b+%c", 4, True, False)
    assert row["e_tag"] == head["ETag"].strip('"') and row["replication_status"] is None
    assert row["last_modified_date"].replace(microsecond=0) == head["LastModified"]
