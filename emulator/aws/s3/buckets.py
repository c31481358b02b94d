"""moto's buckets and keys, as the rest of this package looks at them."""

import datetime
from typing import Any

from moto.s3.models import FakeDeleteMarker, FakeKey, s3_backends

from emulator.front.call import Call
from emulator.front.errors import AWSError


def find_bucket(name: str) -> tuple[str, Any]:
    """The account and the bucket of a name; nothing of both where there is none."""
    _, account = s3_backends.bucket_accounts.get(name, ("", ""))
    return (account, backend_of(account).buckets.get(name)) if account else ("", None)


def bucket_or_404(name: str) -> Any:
    bucket = find_bucket(name)[1]
    if bucket is None:
        raise AWSError("NoSuchBucket", "The specified bucket does not exist", 404)
    return bucket


def backend_of(account: str) -> Any:
    return s3_backends[account]["aws"]


def named(call: Call) -> tuple[str, str]:
    """Bucket and key of a path-style request."""
    bucket, _, key = call.request.path.lstrip("/").partition("/")
    return bucket, key


def version_of(bucket: Any, key: str, version: str | None = None) -> Any:
    """One version of a key, the latest when none is named; a delete marker counts as one."""
    versions = bucket.keys.getlist(key) or []
    if version is None:
        return versions[-1] if versions else None
    return next((found for found in versions if str(found.version_id) == version), None)


def is_marker(version: Any) -> bool:
    return isinstance(version, FakeDeleteMarker)


def size_of(version: Any) -> int:
    return 0 if is_marker(version) else version.size


def tags_of(version: FakeKey) -> dict[str, str]:
    return dict(backend_of(version.account_id).tagger.get_tag_dict_for_resource(version.arn))


def seconds_of(version: Any) -> float:
    """When a version was made, in seconds since the epoch. moto keeps it without a zone, in UTC."""
    return float(version.last_modified.replace(tzinfo=datetime.UTC).timestamp())


def moment(seconds: float) -> datetime.datetime:
    """Seconds since the epoch as moto keeps times."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).replace(tzinfo=None)
