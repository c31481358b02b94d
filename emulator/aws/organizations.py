"""Organizations: only the management account may look at the whole organization.

"This operation can be called only from the organization's management account or by a member account
that is a delegated administrator", says the API reference of each of these operations.
"""

from collections.abc import Callable

from emulator.aws.registry import corrects
from emulator.front.accounts import MANAGEMENT
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied
from emulator.front.http import Response

GUARDED = (
    "DescribeAccount", "DescribeOrganizationalUnit", "ListAccounts", "ListAccountsForParent", "ListChildren",
    "ListOrganizationalUnitsForParent", "ListParents", "ListRoots",
)


@corrects("organizations", *GUARDED)
def management_only(call: Call, moto: Callable[[], Response]) -> Response:
    if call.account != MANAGEMENT:
        raise denied("You don't have permissions to access this resource.")
    return moto()


@corrects("organizations", "DescribeOrganization")
def describe(call: Call, moto: Callable[[], Response]) -> Response:
    """Members may describe the organization they are in."""
    response = moto()
    if response.status >= 500:
        raise AWSError("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return response
