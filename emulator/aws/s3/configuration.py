"""Replication configurations: what S3 refuses, and what it gives back of what was put.

Refusals are those that S3 documents or is known by; an unversioned bucket on either side is one.
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from emulator.aws.registry import corrects, handles
from emulator.aws.s3.buckets import bucket_or_404, find_bucket, named
from emulator.aws.s3.replicator import REPLICATOR
from emulator.aws.s3.rules import Rule, is_on
from emulator.front import xmlbody
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response
from emulator.front.models import operation_model
from emulator.front.validation import validate

XML = {"Content-Type": "application/xml"}
SHAPE = operation_model("s3", "PutBucketReplication").input_shape.members["ReplicationConfiguration"]
SCHEMA = "this version of the Cross Region Replication configuration schema"


def rules_of(bucket: Any) -> list[Rule]:
    return list(getattr(bucket, "standin_rules", []))


def refused(message: str, code: str = "InvalidRequest") -> AWSError:
    return AWSError(code, message)


@handles("s3", "PutBucketReplication")
def put_replication(call: Call) -> Response:
    """Keeps the configuration as it came; a rule without an ID gets one."""
    bucket = bucket_or_404(named(call)[0])
    given = xmlbody.parse(SHAPE, call.request.body)
    validate("s3", SHAPE, given)
    if not bucket.is_versioned:
        raise refused("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    for rule in given["Rules"]:
        rule.setdefault("ID", str(uuid4()))
        check_rule(rule)
    check_together(given["Rules"])
    before = {rule.id: rule for rule in rules_of(bucket)}
    bucket.replication = bucket.standin_replication = given
    bucket.standin_rules = [Rule.of(rule) for rule in given["Rules"]]
    measured = REPLICATOR.behaviour(bucket.name).measured
    for rule in bucket.standin_rules:
        if rule.metrics and not (rule.id in before and before[rule.id].metrics):
            measured[rule.id] = time.time()
    return Response(200)


def check_rule(rule: dict[str, Any]) -> None:
    target = find_bucket(rule["Destination"]["Bucket"].removeprefix("arn:aws:s3:::"))[1]
    if target is None:
        raise refused("Destination bucket must exist.")
    if not target.is_versioned:
        raise refused("Destination bucket must have versioning enabled.")
    if "Filter" not in rule:
        if "DeleteMarkerReplication" in rule:
            raise refused(f"DeleteMarkerReplication cannot be used for {SCHEMA}.")
        return
    if "DeleteMarkerReplication" not in rule:
        raise refused(f"DeleteMarkerReplication must be specified for {SCHEMA}.")
    if Rule.of(rule).tags and is_on(rule["DeleteMarkerReplication"]):
        raise refused("Delete marker replication is not supported if any Tag filter is specified.")


def check_together(rules: list[dict[str, Any]]) -> None:
    ids = [rule["ID"] for rule in rules]
    if len(set(ids)) < len(ids):
        raise refused("Rule Id must be unique. Found same ID for more than one rule", "InvalidArgument")
    ranks = [(rule["Destination"]["Bucket"], rule.get("Priority", 0)) for rule in rules if "Filter" in rule]
    if len(set(ranks)) < len(ranks):
        raise refused("Found duplicate priority for rules with the same destination")


@handles("s3", "GetBucketReplication")
def get_replication(call: Call) -> Response:
    bucket = bucket_or_404(named(call)[0])
    given = getattr(bucket, "standin_replication", None)
    if given is None:
        raise AWSError("ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404)
    return Response(200, xmlbody.render(SHAPE, "ReplicationConfiguration", given), dict(XML))


@handles("s3", "DeleteBucketReplication")
def delete_replication(call: Call) -> Response:
    bucket = bucket_or_404(named(call)[0])
    bucket.replication = bucket.standin_replication = None
    bucket.standin_rules = []
    return Response(204)


@corrects("s3", "PutBucketVersioning")
def put_versioning(call: Call, moto: Callable[[], Response]) -> Response:
    """Versioning can't be suspended while there is a replication configuration."""
    bucket = bucket_or_404(named(call)[0])
    if rules_of(bucket) and b"Suspended" in call.request.body:
        raise AWSError(
            "InvalidBucketState", "A replication configuration is present on this bucket, so you cannot change "
            "the versioning state. To change the versioning state, first delete the replication configuration.", 409)
    return moto()
