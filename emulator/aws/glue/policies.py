"""The catalog's resource policy, and the policies that RAM writes for what Lake Formation shares."""

import hashlib
import json
from typing import Any

from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.shares import Share, shares_of
from emulator.aws.state import Catalog, catalog
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError, invalid, not_found


def own(call: Call) -> Catalog:
    arn = call.get("ResourceArn")
    if arn and arn != f"arn:aws:glue:{call.region}:{call.account}:catalog":
        raise invalid(f"{arn} is not the catalog of this account and region")
    return catalog(call.account, call.region)


def granted_arns(call: Call) -> dict[str, list[Share]]:
    """What Lake Formation shares with other accounts by RAM, and by which shares."""
    found: dict[str, list[Share]] = {}
    for each in shares_of(call.account, call.region).values():
        for arn in each.resources if each.made_by_grants else ():
            found.setdefault(arn, []).append(each)
    return found


def written_by_ram(call: Call, arn: str, sharing: list[Share]) -> dict[str, Any]:
    """The policy that RAM sets on a resource: the receivers may read its metadata."""
    receivers = sorted({principal for share in sharing for principal in share.principals})
    text = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": receivers}, "Action": ["glue:Get*", "glue:SearchTables"],
        "Resource": arn}]})
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    created = min(share.created for share in sharing)
    return {"PolicyInJson": text, "PolicyHash": digest, "CreateTime": created, "UpdateTime": created}


def shown(policy: dict[str, Any]) -> dict[str, Any]:
    return {name: policy[name] for name in ("PolicyInJson", "PolicyHash", "CreateTime", "UpdateTime")}


@handles("glue", "PutResourcePolicy")
def put(call: Call) -> dict[str, Any]:
    """PutResourcePolicy. PolicyHashCondition and PolicyExistsCondition lock optimistically."""
    kept = own(call)
    condition = call.get("PolicyHashCondition")
    if condition and (kept.policy is None or kept.policy["PolicyHash"] != condition):
        raise AWSError("ConditionCheckFailureException", "The policy's hash is another")
    exists = call.get("PolicyExistsCondition")
    if (exists == "MUST_EXIST" and kept.policy is None) or (exists == "NOT_EXIST" and kept.policy):
        raise AWSError("ConditionCheckFailureException", f"PolicyExistsCondition is {exists}")
    if call.get("EnableHybrid") != "TRUE" and granted_arns(call):
        raise invalid("Lake Formation shares resources of this account: EnableHybrid must be TRUE")
    text = call.params["PolicyInJson"]
    try:
        json.loads(text)
    except ValueError as error:
        raise invalid(f"The policy is not JSON: {error}") from error
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    created = kept.policy["CreateTime"] if kept.policy else stamp()
    kept.policy = {
        "PolicyInJson": text, "PolicyHash": digest, "CreateTime": created, "UpdateTime": stamp(),
        "EnableHybrid": call.get("EnableHybrid"),
    }
    return {"PolicyHash": digest}


@handles("glue", "GetResourcePolicy")
def get(call: Call) -> dict[str, Any]:
    kept = own(call)
    if kept.policy is None:
        raise not_found("Policy not found")
    return shown(kept.policy)


@handles("glue", "GetResourcePolicies")
def list_all(call: Call) -> dict[str, Any]:
    """GetResourcePolicies: the catalog's own policy, if it has one, and those that RAM wrote."""
    kept = own(call)
    found = [shown(kept.policy)] if kept.policy else []
    found += [written_by_ram(call, arn, sharing) for arn, sharing in sorted(granted_arns(call).items())]
    chosen, more = page(call, found, 1000)
    return {"GetResourcePoliciesResponseList": list(chosen), **more}


@handles("glue", "DeleteResourcePolicy")
def delete(call: Call) -> None:
    kept = own(call)
    if kept.policy is None:
        raise not_found("Policy not found")
    condition = call.get("PolicyHashCondition")
    if condition and kept.policy["PolicyHash"] != condition:
        raise AWSError("ConditionCheckFailureException", "The policy's hash is another")
    kept.policy = None
