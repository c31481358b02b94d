"""What a test could only have by waiting or by many puts: older objects, and a great many of them."""

import contextlib
import datetime
import fnmatch
import gc
from collections.abc import Iterator
from typing import Any

from moto.s3.models import get_canned_acl

from emulator.aws.s3.buckets import backend_of, find_bucket, version_of
from emulator.aws.s3.objects import written
from emulator.aws.s3.operations import COMPLETED, BadReplication
from emulator.aws.s3.replicator import REPLICATOR


def named_bucket(document: dict[str, Any]) -> Any:
    bucket = find_bucket(str(document.get("bucket")))[1]
    if bucket is None:
        raise BadReplication(f"there is no bucket {document.get('bucket')!r}")
    return bucket


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Looks for no garbage among a great many new objects, now or later: half of the time would go there."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def age(document: dict[str, Any]) -> dict[str, Any]:
    """Makes the objects of a `bucket` whose `keys` match a pattern older by `seconds`, with their replicas.

    What is on its way is so much longer on its way, and what has arrived did so earlier.
    """
    bucket, pattern = named_bucket(document), str(document.get("keys", "*"))
    back = datetime.timedelta(seconds=float(document["seconds"]))
    aged = 0
    with REPLICATOR.lock:
        for name, versions in bucket.keys.lists():
            for version in versions if fnmatch.fnmatchcase(name, pattern) else []:
                make_older(version, back)
                aged += 1
        for operation in REPLICATOR.history.get(bucket.name, []):
            if operation.ended is not None and fnmatch.fnmatchcase(operation.version.name, pattern):
                operation.ended -= back.total_seconds()
    return {"aged": aged}


def make_older(version: Any, back: datetime.timedelta) -> None:
    version.last_modified -= back
    for target, state in getattr(version, "standin_targets", {}).items():
        bucket = find_bucket(target)[1] if state == COMPLETED else None
        arrived = version_of(bucket, version.name, str(version.version_id)) if bucket is not None else None
        if arrived is not None:
            arrived.last_modified = version.last_modified


def fill(document: dict[str, Any]) -> dict[str, Any]:
    """Puts `count` objects of `size` bytes into a `bucket`, named `prefix` and a number of seven digits.

    They are what PutObject would have made, replication included, without the requests.
    """
    bucket = named_bucket(document)
    backend, prefix, first = backend_of(bucket.account_id), str(document.get("prefix", "")), int(document.get("first", 0))
    body = b"\0" * int(document.get("size", 1))
    with uncollected():
        for number in range(first, first + int(document["count"])):
            made = backend.put_object(
                bucket.name, f"{prefix}{number:07d}", body, storage="STANDARD", disable_notification=True)
            made.set_acl(bucket.acl or get_canned_acl("private"))
            written(bucket, made)
    return {"made": int(document["count"])}


def run(document: dict[str, Any]) -> dict[str, Any]:
    """Replicates at once what waits, of a `bucket`, of `keys` that a pattern names, `atMost` so many."""
    with uncollected():
        return REPLICATOR.run(document.get("bucket"), document.get("keys", "*"), document.get("atMost"))


def measure(document: dict[str, Any]) -> dict[str, Any]:
    """Has the metrics of a bucket's rules switched on `seconds` ago."""
    bucket = named_bucket(document)
    measured = REPLICATOR.behaviour(bucket.name).measured
    for rule in measured:
        measured[rule] -= float(document["seconds"])
    return {"rules": sorted(measured)}
