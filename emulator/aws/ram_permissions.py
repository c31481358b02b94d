"""RAM's managed permissions of a share.

A share has exactly one for each type of resource in it: the one that was named, or the default of
that type (RAM user guide, "Managing permissions in AWS RAM").
"""

from typing import Any

from emulator.aws.paging import page
from emulator.aws.ram import MOST, kind_of, own_share
from emulator.aws.registry import handles
from emulator.aws.shares import Share
from emulator.aws.state import Json
from emulator.front.call import Call

STEM = "arn:aws:ram::aws:permission/"


def default_of(kind: str) -> str:
    service, word = kind.split(":")
    return f"{STEM}AWSRAMDefaultPermission{service.capitalize()}{word}"


def shown(share: Share, arn: str, kind: str, is_default: bool) -> Json:
    return {
        "arn": arn, "version": "1", "defaultVersion": True, "name": arn.rpartition("/")[2],
        "resourceType": kind, "status": "ASSOCIATED", "creationTime": share.created,
        "lastUpdatedTime": share.created, "isResourceTypeDefault": is_default,
        "permissionType": "AWS_MANAGED" if arn.startswith(STEM) else "CUSTOMER_MANAGED",
        "featureSet": "STANDARD",
    }


def permissions_of(share: Share) -> list[Json]:
    """Which type a permission is for stands in its name: it ends with service and resource."""
    listed = []
    for kind in sorted({kind_of(arn) for arn in share.resources}):
        suffix = kind.replace(":", "").lower()
        named = [arn for arn in share.permissions if arn.lower().endswith(suffix)]
        listed.append(shown(share, named[0] if named else default_of(kind), kind, not named))
    return listed


@handles("ram", "ListResourceSharePermissions")
def list_share_permissions(call: Call) -> dict[str, Any]:
    chosen, more = page(call, permissions_of(own_share(call)), MOST)
    return {"permissions": list(chosen), **more}
