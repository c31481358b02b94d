"""Inventory configurations, as they were put, and a report of one when a test asks for it.

S3 user guide, "Amazon S3 Inventory": a report is gzipped CSV or Parquet below `prefix/bucket/id/data/`, and
`prefix/bucket/id/DATE/manifest.json` with its MD5 in `manifest.checksum` names its files. In Parquet columns have
other names, keys are not encoded, and times are milliseconds.
"""

import csv
import gzip
import hashlib
import io
import json
import re
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from emulator.aws.registry import handles
from emulator.aws.s3.buckets import backend_of, bucket_or_404, find_bucket, is_marker, named
from emulator.aws.s3.configuration import XML
from emulator.aws.s3.objects import written
from emulator.aws.s3.operations import BadReplication, status_of
from emulator.front import xmlbody
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response
from emulator.front.models import operation_model
from emulator.front.validation import validate

SHAPE = operation_model("s3", "PutBucketInventoryConfiguration").input_shape.members["InventoryConfiguration"]
LISTED = operation_model("s3", "ListBucketInventoryConfigurations").output_shape
PAGE = 100


def configurations(bucket: Any) -> dict[str, dict[str, Any]]:
    if not hasattr(bucket, "standin_inventories"):
        bucket.standin_inventories = {}
    return bucket.standin_inventories  # type: ignore[no-any-return]


@handles("s3", "PutBucketInventoryConfiguration")
def put_inventory(call: Call) -> Response:
    bucket = bucket_or_404(named(call)[0])
    given = xmlbody.parse(SHAPE, call.request.body)
    validate("s3", SHAPE, given)
    if given["Id"] != call.request.query().get("id"):
        raise AWSError("InvalidArgument", "The inventory id does not match the id in the request")
    if given["Id"] not in configurations(bucket) and len(configurations(bucket)) >= 1000:
        raise AWSError("TooManyConfigurations", "You have attempted to create more than 1,000 configurations")
    configurations(bucket)[given["Id"]] = given
    return Response(200)


@handles("s3", "GetBucketInventoryConfiguration")
def get_inventory(call: Call) -> Response:
    return Response(200, xmlbody.render(SHAPE, "InventoryConfiguration", the_one(call)), dict(XML))


@handles("s3", "DeleteBucketInventoryConfiguration")
def delete_inventory(call: Call) -> Response:
    the_one(call)
    del configurations(bucket_or_404(named(call)[0]))[call.request.query()["id"]]
    return Response(204)


@handles("s3", "ListBucketInventoryConfigurations")
def list_inventories(call: Call) -> Response:
    """A hundred at a time, by id."""
    given = sorted(configurations(bucket_or_404(named(call)[0])).items())
    token = call.request.query().get("continuation-token")
    rest = [entry for name, entry in given if token is None or name > token]
    answer: dict[str, Any] = {"InventoryConfigurationList": rest[:PAGE], "IsTruncated": len(rest) > PAGE}
    if token is not None:
        answer["ContinuationToken"] = token
    if len(rest) > PAGE:
        answer["NextContinuationToken"] = rest[PAGE - 1]["Id"]
    return Response(200, xmlbody.render(LISTED, "ListInventoryConfigurationsResult", answer), dict(XML))


def the_one(call: Call) -> dict[str, Any]:
    found = configurations(bucket_or_404(named(call)[0])).get(call.request.query().get("id", ""))
    if found is None:
        raise AWSError("NoSuchConfiguration", "The specified configuration does not exist.", 404)
    return found


# --- reports ---------------------------------------------------------------------------

def report(document: dict[str, Any]) -> dict[str, Any]:
    """Writes the report of a `bucket`'s configuration `id`, as of `ageSeconds` ago, to its destination."""
    bucket = find_bucket(str(document.get("bucket")))[1]
    given = configurations(bucket).get(str(document.get("id"))) if bucket is not None else None
    if given is None:
        raise BadReplication(f"{document.get('bucket')!r} has no inventory configuration {document.get('id')!r}")
    place = given["Destination"]["S3BucketDestination"]
    target = find_bucket(place["Bucket"].removeprefix("arn:aws:s3:::"))[1]
    if target is None or place["Format"] not in ("CSV", "Parquet"):
        raise BadReplication("reports are written in CSV or Parquet, to a bucket that is there")
    made = time.time() - float(document.get("ageSeconds", 0))
    folder = "/".join(filter(None, [place.get("Prefix"), bucket.name, given["Id"]]))
    fields, data = columns(given), f"{folder}/data/{uuid4()}"
    if place["Format"] == "CSV":
        data, schema = f"{data}.csv.gz", ", ".join(fields)
        body = gzip.compress(table(bucket, given, fields).encode(), mtime=0)
    else:
        data, schema, body = f"{data}.parquet", message(fields), parquet(bucket, given, fields)
    manifest = json.dumps({
        "sourceBucket": bucket.name, "destinationBucket": place["Bucket"], "version": "2016-11-30",
        "creationTimestamp": str(int(made * 1000)), "fileFormat": place["Format"], "fileSchema": schema,
        "files": [{"key": data, "size": len(body), "MD5checksum": hashlib.md5(body).hexdigest()}],
    }, indent=2).encode()
    dated = f"{folder}/{time.strftime('%Y-%m-%dT%H-%MZ', time.gmtime(made))}"
    write(target, data, body)
    write(target, f"{dated}/manifest.json", manifest)
    write(target, f"{dated}/manifest.checksum", hashlib.md5(manifest).hexdigest().encode())
    return {"manifest": f"{dated}/manifest.json"}


def write(bucket: Any, key: str, body: bytes) -> None:
    written(bucket, backend_of(bucket.account_id).put_object(bucket.name, key, body))


def columns(given: dict[str, Any]) -> list[str]:
    """The columns of a report: those that all have, then the optional ones in the order they were put."""
    versions = ["VersionId", "IsLatest", "IsDeleteMarker"] if given["IncludedObjectVersions"] == "All" else []
    return ["Bucket", "Key", *versions, *given.get("OptionalFields", [])]


def table(bucket: Any, given: dict[str, Any], fields: list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for version, latest in listed(bucket, given):
        writer.writerow([cell(bucket, version, latest, name) for name in fields])
    return text.getvalue()


def listed(bucket: Any, given: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
    prefix = (given.get("Filter") or {}).get("Prefix", "")
    for name in bucket.keys.names():
        versions = list(bucket.keys.getlist(name) or []) if name.startswith(prefix) else []
        if given["IncludedObjectVersions"] == "Current":
            versions = [version for version in versions[-1:] if not is_marker(version)]
        yield from ((version, version is versions[-1]) for version in reversed(versions))


def cell(bucket: Any, version: Any, latest: bool, name: str) -> str:
    """One value; keys are URL-encoded, and a delete marker has no size, ETag or class."""
    if name == "Size" or name == "ETag" or name == "StorageClass":
        if is_marker(version):
            return ""
    values = {
        "Bucket": lambda: bucket.name, "Key": lambda: quote(version.name),
        "VersionId": lambda: version.version_id, "IsLatest": lambda: str(latest).lower(),
        "IsDeleteMarker": lambda: str(is_marker(version)).lower(), "Size": lambda: str(version.size),
        "LastModifiedDate": lambda: version.last_modified_ISO8601, "ETag": lambda: version.etag.strip('"'),
        "StorageClass": lambda: version.storage_class, "ReplicationStatus": lambda: status_of(version) or "",
        "IsMultipartUploaded": lambda: str("-" in version.etag).lower(),
        "EncryptionStatus": lambda: {"aws:kms": "SSE-KMS", None: "SSE-S3"}.get(version.encryption, "SSE-S3"),
    }
    return str(values[name]()) if name in values else ""


# --- Parquet ---------------------------------------------------------------------------

TRUTHS = {"IsLatest", "IsDeleteMarker", "IsMultipartUploaded"}
SNAKES = {"ETag": "e_tag"}


def snake(name: str) -> str:
    """`LastModifiedDate` is `last_modified_date` in Parquet."""
    return SNAKES.get(name) or re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def message(fields: list[str]) -> str:
    """The schema as the manifest has it."""
    def field(name: str) -> str:
        kind = "boolean" if name in TRUTHS else "int64" if name in ("Size", "LastModifiedDate") else "binary"
        more = " (STRING)" if kind == "binary" else " (TIMESTAMP(MILLIS,true))" if name == "LastModifiedDate" else ""
        return f"{'required' if name in ('Bucket', 'Key') else 'optional'} {kind} {snake(name)}{more};"
    return "message s3.inventory {  " + "  ".join(map(field, fields)) + "}"


def parquet(bucket: Any, given: dict[str, Any], fields: list[str]) -> bytes:
    """Written with pyarrow, which is not needed for anything else."""
    import pyarrow
    import pyarrow.parquet

    rows = [{name: value_of(bucket, version, latest, name) for name in fields}
            for version, latest in listed(bucket, given)]
    kinds = {"Size": pyarrow.int64(), "LastModifiedDate": pyarrow.timestamp("ms", tz="UTC"),
             **dict.fromkeys(TRUTHS, pyarrow.bool_())}
    schema = pyarrow.schema([pyarrow.field(
        snake(name), kinds.get(name, pyarrow.string()), nullable=name not in ("Bucket", "Key")) for name in fields])
    made = pyarrow.table([[row[name] for row in rows] for name in fields], schema=schema)
    out = io.BytesIO()
    pyarrow.parquet.write_table(made, out, compression="snappy", store_schema=False)
    return out.getvalue()


def value_of(bucket: Any, version: Any, latest: bool, name: str) -> Any:
    """What a cell of CSV says, as Parquet has it: nothing is null there, and keys are as they are."""
    if name == "Key":
        return version.name
    if name == "LastModifiedDate":
        written_at = datetime.fromisoformat(version.last_modified_ISO8601.replace("Z", "+00:00"))
        return int(written_at.timestamp() * 1000)
    text = cell(bucket, version, latest, name)
    if name in TRUTHS:
        return text == "true"
    return None if text == "" else int(text) if name == "Size" else text
