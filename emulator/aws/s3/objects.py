"""What writes and deletes set going, and how an object's replication shows."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

from emulator.aws.registry import corrects
from emulator.aws.s3.buckets import find_bucket, is_marker, named, tags_of, version_of
from emulator.aws.s3.configuration import rules_of
from emulator.aws.s3.operations import COMPLETED, status_of
from emulator.aws.s3.replicator import REPLICATOR
from emulator.aws.s3.rules import KMS, covering, covering_marker
from emulator.front.call import Call
from emulator.front.clock import CLOCK
from emulator.front.http import Response


def written(bucket: Any, version: Any) -> None:
    """Sends a new version of an object on its way, if a rule covers it."""
    rules = rules_of(bucket)
    if rules:
        REPLICATOR.enqueue(bucket, version, covering(rules, version.name, tags_of(version), version.encryption))


def deleted(bucket: Any, key: str) -> None:
    """Sends the marker on its way that a delete without a version has made."""
    version = version_of(bucket, key)
    if is_marker(version) and not hasattr(version, "standin_targets"):
        version.standin_targets = {}
        REPLICATOR.enqueue(bucket, version, covering_marker(rules_of(bucket), key))


@corrects("s3", "PutObject", "CopyObject", "CompleteMultipartUpload")
def put_object(call: Call, moto: Callable[[], Response]) -> Response:
    form = "x-www-form-urlencoded" in call.request.header("content-type")
    if form and call.operation == "PutObject":
        # moto would take the body for a form and keep an empty object.
        call.request.headers["content-type"] = "binary/octet-stream"
    response = moto()
    if response.status != 200:
        return response
    bucket_name, name = named(call)
    bucket = find_bucket(bucket_name)[1]
    version = version_of(bucket, name, header(response, "x-amz-version-id"))
    if version is None or is_marker(version):
        return response
    if version.encryption in KMS and not hasattr(version, "standin_targets"):
        under_a_key(version, response)
    written(bucket, version)
    return response


def under_a_key(version: Any, response: Response) -> None:
    """Encrypted under a KMS key, an object's ETag is no digest of its bytes; moto's is."""
    before = str(version.etag).strip('"')
    version._etag = uuid4().hex + before[32:]
    response.headers = {k: v.replace(before, version._etag) for k, v in response.headers.items()}
    response.body = response.body.replace(before.encode(), version._etag.encode())


def header(response: Response, name: str) -> str | None:
    return next((value for key, value in response.headers.items() if key.lower() == name), None)


@corrects("s3", "DeleteObject")
def delete_object(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status == 204 and "versionId" not in call.request.query():
        bucket_name, name = named(call)
        deleted(find_bucket(bucket_name)[1], name)
    return response


@corrects("s3", "DeleteObjects")
def delete_objects(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status == 200:
        bucket = find_bucket(named(call)[0])[1]
        root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"', b"", call.request.body, count=1))
        for item in root.findall("Object"):
            if item.find("VersionId") is None:
                deleted(bucket, item.findtext("Key") or "")
    return response


@corrects("s3", "PutObjectTagging", "DeleteObjectTagging")
def tag_object(call: Call, moto: Callable[[], Response]) -> Response:
    """Tags of an object that has arrived follow it."""
    response = moto()
    if response.status in (200, 204):
        bucket_name, name = named(call)
        bucket = find_bucket(bucket_name)[1]
        version = version_of(bucket, name, call.request.query().get("versionId"))
        arrived = {target for target, state in getattr(version, "standin_targets", {}).items() if state == COMPLETED}
        rules = [rule for rule in rules_of(bucket) if rule.destination in arrived and rule.enabled]
        REPLICATOR.enqueue(bucket, version, rules[:1], what="tags", asked=CLOCK.now())
    return response


@corrects("s3", "HeadObject", "GetObject")
def show_status(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status in (200, 206):
        bucket_name, name = named(call)
        status = status_of(version_of(find_bucket(bucket_name)[1], name, call.request.query().get("versionId")))
        if status:
            response.headers["x-amz-replication-status"] = status
    return response
