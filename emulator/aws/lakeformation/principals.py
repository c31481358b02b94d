"""Principals of permissions: whom they name, and in which account."""

import re

from emulator.aws.state import IAM_ALLOWED
from emulator.front.accounts import organization_of
from emulator.front.errors import AWSError, invalid
from emulator.front.identity import role_exists

ACCOUNT = re.compile(r"\d{12}$")
ALL_IAM = re.compile(r"(\d{12}):IAMPrincipals$")
IAM_ARN = re.compile(r"arn:aws:iam::(\d{12}):(role|user|group|saml-provider)/.+$")
ORGANIZATION = re.compile(r"arn:aws:organizations::\d{12}:(organization|ou)/.+$")
IDENTITY_CENTER = re.compile(r"arn:aws:identitystore:::(user|group)/.+$")
QUICKSIGHT = re.compile(r"arn:aws:quicksight:[a-z0-9-]+:(\d{12}):(user|group)/.+$")


def check(principal: str) -> None:
    """Refuses what is no principal, and a role or user that does not exist.

    A principal that no longer exists can neither be granted to nor revoked from.
    """
    if principal == IAM_ALLOWED or ACCOUNT.match(principal) or ALL_IAM.match(principal):
        return
    if ORGANIZATION.match(principal) or IDENTITY_CENTER.match(principal) or QUICKSIGHT.match(principal):
        return
    match = IAM_ARN.match(principal)
    if not match:
        raise invalid(f"Invalid principal: {principal}")
    if match[2] in ("role", "user") and role_exists(principal) is False:
        raise AWSError("InvalidInputException", f"Invalid principal: {principal} does not exist")


def account_of(principal: str, own: str) -> str:
    """The account that a principal is in; `own` for what every account has of its own."""
    for pattern in (ALL_IAM, IAM_ARN, QUICKSIGHT):
        if match := pattern.match(principal):
            return match[1]
    if ACCOUNT.match(principal):
        return principal
    return "organization" if ORGANIZATION.match(principal) else own


def memberships(account: str) -> set[str]:
    """The ARNs of the organization and of the unit that an account is in."""
    backend = organization_of(account)
    if backend is None:
        return set()
    arns = {str(backend.org.arn)}
    parent = next(member.parent_id for member in backend.accounts if member.id == account)
    while parent and parent != backend.org.root_id:
        unit = next(unit for unit in backend.ou if unit.id == parent)
        arns.add(str(unit.arn))
        parent = unit.parent_id
    return arns
