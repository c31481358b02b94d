"""S3: replication rules as they were put, and replication that happens, after a while.

An object that a rule covers is PENDING at its source until it has been copied, then COMPLETED, and
REPLICA at its destination (S3 user guide, "Getting replication status information"). A destination
whose region is lost leaves it PENDING. Replicas are not replicated again.
"""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import xmltodict
from moto.s3.models import s3_backends

from emulator.aws.registry import corrects
from emulator.front.call import Call
from emulator.front.http import Response

XML = {"Content-Type": "application/xml"}


class Replicator:
    """Copies objects in the background; a test can set its delay or hold it."""

    def __init__(self) -> None:
        self.delay = 0.2
        self.paused = False
        self.lost: set[str] = set()
        self.waiting: list[tuple[Any, Any, str]] = []
        self.lock = threading.Lock()

    def enqueue(self, source: Any, key: Any, destination: str) -> None:
        key.standin_replication = "PENDING"
        with self.lock:
            self.waiting.append((source, key, destination))
        self.later()

    def later(self) -> None:
        timer = threading.Timer(self.delay, self.run)
        timer.daemon = True
        timer.start()

    def run(self) -> None:
        """Copies what can be copied; the rest waits for its region."""
        if self.paused:
            return
        with self.lock:
            todo, self.waiting = self.waiting, []
        for source, key, destination in todo:
            if not self.copy(source, key, destination):
                with self.lock:
                    self.waiting.append((source, key, destination))

    def copy(self, source: Any, key: Any, destination: str) -> bool:
        owner, bucket = find_bucket(destination)
        if bucket is None:
            key.standin_replication = "FAILED"
            return True
        if bucket.region_name in self.lost or source.region_name in self.lost:
            return False
        copied = s3_backends[owner]["aws"].put_object(
            bucket_name=destination, key_name=key.name, value=key.value, storage=key.storage_class)
        copied.set_metadata(key.metadata)
        copied.standin_replication = "REPLICA"
        key.standin_replication = "COMPLETED"
        return True

    def set(self, delay: float | None, paused: bool | None) -> dict[str, Any]:
        if delay is not None:
            self.delay = delay
        if paused is not None:
            self.paused = paused
        self.later()
        return {"delaySeconds": self.delay, "paused": self.paused, "waiting": len(self.waiting)}

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()
        self.delay, self.paused = 0.2, False


REPLICATOR = Replicator()


def find_bucket(name: str) -> tuple[str, Any]:
    for account in list(s3_backends):
        bucket = s3_backends[account]["aws"].buckets.get(name)
        if bucket is not None:
            return account, bucket
    return "", None


def named(call: Call) -> tuple[str, str]:
    """Bucket and key of a path-style request."""
    bucket, _, key = call.request.path.lstrip("/").partition("/")
    return bucket, key


def rules_of(bucket: Any) -> list[dict[str, Any]]:
    document = getattr(bucket, "standin_replication_rules", None)
    return document["Rule"] if document and getattr(bucket, "replication", None) else []


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@corrects("s3", "PutBucketReplication")
def put_replication(call: Call, moto: Callable[[], Response]) -> Response:
    """Keeps the document as it came; a rule without an ID gets one, as in AWS."""
    response = moto()
    if response.status == 200:
        document = xmltodict.parse(call.request.body, dict_constructor=dict)["ReplicationConfiguration"]
        document["Rule"] = as_list(document["Rule"])
        for rule in document["Rule"]:
            rule.setdefault("ID", str(uuid4()))
        find_bucket(named(call)[0])[1].standin_replication_rules = document
    return response


@corrects("s3", "GetBucketReplication")
def get_replication(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status != 200:
        return response
    document = find_bucket(named(call)[0])[1].standin_replication_rules
    return Response(200, xmltodict.unparse({"ReplicationConfiguration": document}).encode(), dict(XML))


def covering(rules: list[dict[str, Any]], key: str) -> list[str]:
    """The destination buckets of the enabled rules whose prefix the key has."""
    found = []
    for rule in rules:
        filtered = rule.get("Filter") or {}
        prefix = rule.get("Prefix") or filtered.get("Prefix") or (filtered.get("And") or {}).get("Prefix") or ""
        if rule.get("Status") == "Enabled" and key.startswith(prefix):
            found.append(rule["Destination"]["Bucket"].removeprefix("arn:aws:s3:::"))
    return found


@corrects("s3", "PutObject", "CopyObject", "CompleteMultipartUpload")
def put_object(call: Call, moto: Callable[[], Response]) -> Response:
    form = "x-www-form-urlencoded" in call.request.header("content-type")
    if form and call.operation == "PutObject":
        # moto would take the body for a form and keep an empty object.
        call.request.headers["content-type"] = "binary/octet-stream"
    response = moto()
    if response.status == 200:
        bucket_name, name = named(call)
        owner, bucket = find_bucket(bucket_name)
        targets = covering(rules_of(bucket), name)
        key = s3_backends[owner]["aws"].get_object(bucket_name, name) if targets else None
        for target in targets if key is not None else []:
            REPLICATOR.enqueue(bucket, key, target)
    return response


@corrects("s3", "HeadObject", "GetObject")
def show_status(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status in (200, 206):
        bucket_name, name = named(call)
        owner = find_bucket(bucket_name)[0]
        key = s3_backends[owner]["aws"].get_object(bucket_name, name, version_id=call.request.query().get("versionId"))
        status = getattr(key, "standin_replication", None)
        if status:
            response.headers["x-amz-replication-status"] = status
    return response
