"""Organizations: who may look at it, its pages, nested units, and accounts that are closed or suspended.

"You can only call this operation from the management account or a member account that is a delegated
administrator", says the API reference of each listing. It allows 20 elements a page, and moto returns more.

An account's `State` says more than its `Status`: one that its owner closed is CLOSED, one that AWS
suspended is SUSPENDED, and the `Status` of both is SUSPENDED.
"""

from collections.abc import Callable, Sequence
from typing import Any

from emulator.aws.paging import page
from emulator.aws.registry import corrects, handles
from emulator.front.accounts import MANAGEMENT, organization, organization_of
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied
from emulator.front.http import Response

#: The most that one page holds, whatever MaxResults asks for.
PAGE = 20
GUARDED = ("DescribeAccount", "DescribeOrganizationalUnit", "ListAWSServiceAccessForOrganization", "ListChildren",
           "ListParents")
ROOT = "ROOT"


def guard(call: Call) -> None:
    """Refuses whoever is neither the management account nor a delegated administrator."""
    if call.account == MANAGEMENT:
        organization()
        return
    backend = organization_of(call.account)
    if backend is None:
        raise AWSError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    if not any(admin.account.id == call.account for admin in backend.admins):
        raise denied("You don't have permissions to access this resource.")


@corrects("organizations", *GUARDED)
def guarded(call: Call, moto: Callable[[], Response]) -> Response:
    guard(call)
    return moto()


def listing(call: Call, name: str, found: Sequence[Any]) -> dict[str, Any]:
    chosen, more = page(call, found, PAGE)
    return {name: list(chosen), **more}


@handles("organizations", "ListRoots")
def list_roots(call: Call) -> dict[str, Any]:
    guard(call)
    return listing(call, "Roots", [unit.describe() for unit in organization().ou if unit.type == ROOT])


@handles("organizations", "ListOrganizationalUnitsForParent")
def list_units(call: Call) -> dict[str, Any]:
    """The units directly in the parent, without those inside them."""
    parent = known_parent(call)
    found = [unit.describe()["OrganizationalUnit"] for unit in organization().ou
             if unit.type != ROOT and unit.parent_id == parent]
    return listing(call, "OrganizationalUnits", found)


@handles("organizations", "ListAccountsForParent")
def list_accounts_for_parent(call: Call) -> dict[str, Any]:
    """The accounts directly in the parent; of the root, those that are in no unit."""
    parent = known_parent(call)
    return listing(call, "Accounts", [a.describe() for a in organization().accounts if a.parent_id == parent])


@handles("organizations", "ListAccounts")
def list_accounts(call: Call) -> dict[str, Any]:
    guard(call)
    return listing(call, "Accounts", [account.describe() for account in organization().accounts])


def known_parent(call: Call) -> str:
    guard(call)
    parent = str(call.params["ParentId"])
    if all(unit.id != parent for unit in organization().ou):
        raise AWSError("ParentNotFoundException", "You specified parent that doesn't exist.")
    return parent


@corrects("organizations", "CreateOrganizationalUnit")
def create_unit(call: Call, moto: Callable[[], Response]) -> Response:
    """Names are unique among the units of one parent, and only there."""
    parent, name = call.params["ParentId"], call.params["Name"]
    if any(unit.parent_id == parent and unit.name == name for unit in organization().ou):
        raise AWSError("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")
    return moto()


@corrects("organizations", "CloseAccount")
def close_account(call: Call, moto: Callable[[], Response]) -> Response:
    """Closing takes AWS a while; here it is done at once."""
    response = moto()
    for account in organization().accounts:
        if response.status == 200 and account.id == call.params["AccountId"]:
            account.state = "CLOSED"
    return response


@corrects("organizations", "DescribeOrganization")
def describe(call: Call, moto: Callable[[], Response]) -> Response:
    """Members may describe the organization they are in."""
    response = moto()
    if response.status >= 500:
        raise AWSError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return response
