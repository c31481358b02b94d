"""Opt-ins to Lake Formation permissions on hybrid locations."""

import json
from typing import Any

from emulator.aws.lakeformation import access, existence, principals
from emulator.aws.lakeformation.resources import parse
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, lake
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import invalid, not_found


def key_of(call: Call, entry: Json) -> tuple[str, Any, str]:
    path = parse(entry["Resource"], call.account)
    condition = json.dumps(entry.get("Condition"), sort_keys=True)
    return (entry["Principal"]["DataLakePrincipalIdentifier"], path, condition)


@handles("lakeformation", "CreateLakeFormationOptIn")
def create(call: Call) -> None:
    """"Only data lake administrators can create an opt-in": developer guide, "Hybrid access mode"."""
    access.require_admin(call, "CreateLakeFormationOptIn")
    key = key_of(call, call.params)
    principals.check(key[0])
    existence.require(key[1], call.region)
    kept = lake(call.account, call.region).opt_ins
    if any(key_of(call, entry) == key for entry in kept):
        raise invalid("The opt-in exists already")
    body = {name: call.params[name] for name in ("Principal", "Resource", "Condition") if name in call.params}
    kept.append({**body, "LastModified": stamp(), "LastUpdatedBy": call.principal})


@handles("lakeformation", "DeleteLakeFormationOptIn")
def delete(call: Call) -> None:
    access.require_admin(call, "DeleteLakeFormationOptIn")
    where, key = lake(call.account, call.region), key_of(call, call.params)
    left = [entry for entry in where.opt_ins if key_of(call, entry) != key]
    if len(left) == len(where.opt_ins):
        raise not_found("The opt-in does not exist")
    where.opt_ins = left


@handles("lakeformation", "ListLakeFormationOptIns")
def list_all(call: Call) -> dict[str, Any]:
    found = lake(call.account, call.region).opt_ins
    if not access.sees_all(call):
        found = [e for e in found if e["Principal"]["DataLakePrincipalIdentifier"] == call.principal]
    principal = call.get("Principal")
    if principal:
        found = [e for e in found if e["Principal"] == principal]
    if call.get("Resource"):
        path = parse(call.params["Resource"], call.account)
        found = [e for e in found if parse(e["Resource"], call.account) == path]
    chosen, more = page(call, found, 1000)
    return {"LakeFormationOptInsInfoList": list(chosen), **more}
