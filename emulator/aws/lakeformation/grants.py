"""Granting and revoking, one by one and in batches.

A batch answers 200 and names the entries that failed, each with its own error.
"""

import json
from typing import Any

from emulator.aws import shares
from emulator.aws.lakeformation import access, existence, permissions, principals, rows
from emulator.aws.lakeformation.resources import Path, parse
from emulator.aws.lakeformation.rows import Row
from emulator.aws.registry import handles
from emulator.aws.state import IAM_ALLOWED, Json, Lake, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied, invalid

MOST_ENTRIES = 20


def row_of(call: Call, entry: Json, revoking: bool = False) -> Row:
    """The row that an entry speaks of."""
    path = parse(entry["Resource"], str(call.get("CatalogId") or call.account))
    principal = entry["Principal"]["DataLakePrincipalIdentifier"]
    condition = entry.get("Condition")
    granted, grantable = entry.get("Permissions") or [], entry.get("PermissionsWithGrantOption") or []
    permissions.check(path, granted, grantable, revoking)
    text = json.dumps(condition, sort_keys=True) if condition else None
    return Row(principal, path, text, set(granted) | set(grantable), set(grantable))


def grant(call: Call, entry: Json) -> None:
    row = row_of(call, entry)
    principals.check(row.principal)
    existence.require(row.path, call.region)
    if row.principal == IAM_ALLOWED and row.grantable:
        raise invalid("IAM_ALLOWED_PRINCIPALS cannot have a grant option")
    authorise(call, row)
    where = table_of(call, row)
    if row.path[1] == call.account:
        row.share = share_for(call, where, row)
    rows.add(where, row, call.principal)


def revoke(call: Call, entry: Json) -> None:
    """Revoking what was never granted is refused, as is revoking from a principal that is gone."""
    row = row_of(call, entry, revoking=True)
    principals.check(row.principal)
    authorise(call, row)
    only_option = not entry.get("Permissions") and bool(entry.get("PermissionsWithGrantOption"))
    if only_option:
        row.granted = set()
    where = table_of(call, row)
    if not rows.remove(where, row, call.principal):
        raise invalid("No permissions revoked. Grantee has no permissions and no grantable permissions on resource.")
    shares.forget_unused(where)


def table_of(call: Call, row: Row) -> Lake:
    """Grants on what another account shared are kept by the account that makes them."""
    return lake(call.account, call.region)


def authorise(call: Call, row: Row) -> None:
    """Whether the caller may grant or revoke this: as an administrator, or by grant option.

    What another account shared can be given on only within the account it was shared with, and only as
    far as it was shared with grant option: sharing is not transitive (developer guide, "Cross-account
    data sharing: best practices and considerations").
    """
    owner = row.path[1]
    if owner == call.account:
        if access.is_admin(call) or holds_option(call, row):
            return
        raise denied("Insufficient Lake Formation permission(s): Required Grantable permissions on the resource")
    if principals.account_of(row.principal, call.account) != call.account:
        raise denied("Resource is shared by another account and cannot be shared with a third")
    if not holds_option(call, row):
        raise denied("Insufficient Lake Formation permission(s): the share has no such grant option")


def holds_option(call: Call, row: Row) -> bool:
    held = list(access.rows_for(call, row.path[1], call.region))
    return all(any(gives(each, piece, permission, call.region) for each in held)
               for piece, granted, _ in rows.pieces(row.path, row.granted, row.grantable)
               for permission in granted)


def gives(held: Row, path: Path, permission: str, region: str) -> bool:
    """Whether a row held with grant option covers this permission on this path."""
    if not held.may_grant(permission):
        return False
    if access.covers(held, path, region):
        return True
    if path[0] == "columns" and held.path[0] == "columns":
        return held.path[:3] == path[:3] and held.path[3] in (path[3], "ALL_TABLES") and held.path[4][1] == ()
    if path[0] == "columns" and held.path[0] == "policy":
        return access.covers(held, ("table", *path[1:4]), region)
    return path[0] == "tag" and held.path[:3] == path[:3] and set(path[3]) <= set(held.path[3])


def share_for(call: Call, where: Lake, row: Row) -> str | None:
    """The RAM share of a grant to another account, which Lake Formation makes itself."""
    other = principals.account_of(row.principal, call.account)
    if other == call.account or row.principal == IAM_ALLOWED:
        return None
    version = int((where.settings.get("Parameters") or {}).get("CROSS_ACCOUNT_VERSION") or 1)
    if row.principal.startswith("arn:aws:iam:") and version < 3:
        raise invalid("Granting to principals of other accounts requires cross-account version 3 or higher")
    if row.path[0] == "policy" and version < 3:
        return None
    return shares.share(call, where, row, version)


@handles("lakeformation", "GrantPermissions")
def grant_permissions(call: Call) -> None:
    grant(call, call.params)


@handles("lakeformation", "RevokePermissions")
def revoke_permissions(call: Call) -> None:
    revoke(call, call.params)


@handles("lakeformation", "BatchGrantPermissions")
def batch_grant(call: Call) -> dict[str, Any]:
    return batch(call, grant)


@handles("lakeformation", "BatchRevokePermissions")
def batch_revoke(call: Call) -> dict[str, Any]:
    return batch(call, revoke)


def batch(call: Call, action: Any) -> dict[str, Any]:
    entries = call.params["Entries"]
    if len(entries) > MOST_ENTRIES:
        raise invalid(f"A batch has at most {MOST_ENTRIES} entries")
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) != len(ids):
        raise invalid("The Ids of a batch's entries must be unique")
    failures = []
    for index, entry in enumerate(entries):
        try:
            call.entry_fault(index)
            if not entry.get("Principal") or not entry.get("Resource"):
                raise invalid("An entry needs a principal and a resource")
            action(call, entry)
        except AWSError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            failures.append({"RequestEntry": entry, "Error": detail})
    return {"Failures": failures}
