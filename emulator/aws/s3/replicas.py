"""What arrives at the destination.

A replica has its source's version id, its creation time, metadata, tags and locks (S3 user guide,
"Replicating objects overview" and "What does Amazon S3 replicate?"). It has the rule's storage class
where that names one. Under a key of its own it is encrypted anew, and its ETag is another.
"""

import copy
from typing import Any
from uuid import uuid4

from moto.s3.models import FakeDeleteMarker, FakeKey

from emulator.aws.s3.buckets import backend_of, is_marker, tags_of
from emulator.aws.s3.rules import KMS, Rule


def arrive(bucket: Any, version: Any) -> None:
    """Puts a version among those of its key, by age: what was written first is not what comes first."""
    versions = [v for v in bucket.keys.getlist(version.name) or [] if v.version_id != version.version_id]
    place = len(versions)
    while place > 0 and versions[place - 1].last_modified > version.last_modified:
        place -= 1
    versions.insert(place, version)
    bucket.keys.setlist(version.name, versions)


def replica(version: Any, bucket: Any, rule: Rule, multipart_etags: str) -> Any:
    """The replica of an object or of a delete marker, not yet in its bucket."""
    made = marker(version) if is_marker(version) else duplicate(version, bucket, rule, multipart_etags)
    made.last_modified = version.last_modified
    made.standin_replica = True
    return made


def marker(version: FakeDeleteMarker) -> FakeDeleteMarker:
    made = FakeDeleteMarker(key=version.key)
    made._version_id = version.version_id
    return made


def duplicate(key: FakeKey, bucket: Any, rule: Rule, multipart_etags: str) -> FakeKey:
    made = FakeKey(
        key.name, key.value, account_id=bucket.account_id, region_name=key.region_name,
        storage=rule.storage_class or key.storage_class, etag=etag(key, rule, multipart_etags),
        is_versioned=True, version_id=key.version_id, multipart=key.multipart, bucket_name=bucket.name,
        encryption=key.encryption, kms_key_id=key_for(key, rule), bucket_key_enabled=key.bucket_key_enabled,
        lock_mode=key.lock_mode, lock_legal_status=key.lock_legal_status, lock_until=key.lock_until,
        checksum_value=key.checksum_value, checksum_type=key.checksum_type, checksum_parts=key.checksum_parts)
    made.checksum_algorithm = key.checksum_algorithm
    made.website_redirect_location = key.website_redirect_location
    made.set_metadata(copy.copy(key.metadata))
    made.set_acl(key.acl)
    copy_tags(key, made)
    return made


def copy_tags(source: FakeKey, target: FakeKey) -> None:
    tagger = backend_of(target.account_id).tagger
    tagger.delete_all_tags_for_resource(target.arn)
    tags = tags_of(source)
    if tags:
        tagger.tag_resource(target.arn, tagger.convert_dict_to_tags_input(tags))


def key_for(key: FakeKey, rule: Rule) -> str | None:
    return rule.replica_key or key.kms_key_id if key.encryption in KMS else key.kms_key_id


def etag(key: FakeKey, rule: Rule, multipart_etags: str) -> str:
    """The source's, but for what is encrypted anew and, as a test wants it, for what came in parts."""
    text = str(key.etag).strip('"')
    if key.encryption in KMS:
        return uuid4().hex
    return f"{uuid4().hex}-{text.partition('-')[2]}" if "-" in text and multipart_etags == "changed" else text
