"""The link between Lake Formation and IAM Identity Center: one for each account and region."""

from typing import Any
from uuid import uuid4

from emulator.aws.lakeformation import access
from emulator.aws.registry import handles
from emulator.aws.state import Json, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError, not_found

MEMBERS = ("InstanceArn", "ExternalFiltering", "ShareRecipients", "ServiceIntegrations")


def find(call: Call) -> Json:
    kept = lake(call.account, call.region).identity_center
    if kept is None:
        raise not_found("Lake Formation is not connected to IAM Identity Center")
    return kept


@handles("lakeformation", "CreateLakeFormationIdentityCenterConfiguration")
def create(call: Call) -> dict[str, Any]:
    access.require_admin(call, "The Identity Center configuration")
    where = lake(call.account, call.region)
    if where.identity_center is not None:
        raise AWSError("AlreadyExistsException", "The configuration exists already")
    arn = f"arn:aws:sso::{call.account}:application/{uuid4().hex[:16]}"
    given = {name: call.params[name] for name in MEMBERS if name in call.params}
    where.identity_center = {"CatalogId": call.account, "ApplicationArn": arn, **given}
    return {"ApplicationArn": arn}


@handles("lakeformation", "DescribeLakeFormationIdentityCenterConfiguration")
def describe(call: Call) -> dict[str, Any]:
    return find(call)


@handles("lakeformation", "UpdateLakeFormationIdentityCenterConfiguration")
def update(call: Call) -> None:
    access.require_admin(call, "The Identity Center configuration")
    find(call).update({name: call.params[name] for name in MEMBERS if name in call.params})


@handles("lakeformation", "DeleteLakeFormationIdentityCenterConfiguration")
def delete(call: Call) -> None:
    access.require_admin(call, "The Identity Center configuration")
    find(call)
    lake(call.account, call.region).identity_center = None
