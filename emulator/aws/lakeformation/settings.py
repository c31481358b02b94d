"""Data lake settings. PutDataLakeSettings replaces everything."""

from typing import Any

from emulator.aws.lakeformation import principals
from emulator.aws.registry import handles
from emulator.aws.state import lake
from emulator.front.call import Call
from emulator.front.errors import denied, invalid

#: "30 administrators and 30 read-only administrators": quotas of Lake Formation.
MOST_ADMINS = 30


@handles("lakeformation", "GetDataLakeSettings")
def get(call: Call) -> dict[str, Any]:
    own_catalog(call)
    return {"DataLakeSettings": lake(call.account, call.region).settings}


@handles("lakeformation", "PutDataLakeSettings")
def put(call: Call) -> None:
    own_catalog(call)
    given = dict(call.params["DataLakeSettings"])
    for member in ("DataLakeAdmins", "ReadOnlyAdmins"):
        entries = given.setdefault(member, [])
        if len(entries) > MOST_ADMINS:
            raise invalid(f"At most {MOST_ADMINS} principals can be {member}")
        for entry in entries:
            principals.check(entry["DataLakePrincipalIdentifier"])
    for member in ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions", "TrustedResourceOwners"):
        given.setdefault(member, [])
    version = (given.get("Parameters") or {}).get("CROSS_ACCOUNT_VERSION", "1")
    if version not in {"1", "2", "3", "4", "5"}:
        raise invalid("CROSS_ACCOUNT_VERSION is 1 to 5")
    # SET_CONTEXT is Lake Formation's own and stays TRUE whatever is put.
    given["Parameters"] = {**(given.get("Parameters") or {}), "CROSS_ACCOUNT_VERSION": version, "SET_CONTEXT": "TRUE"}
    given.setdefault("AllowExternalDataFiltering", False)
    given.setdefault("ExternalDataFilteringAllowList", [])
    lake(call.account, call.region).settings = given


@handles("lakeformation", "GetDataLakePrincipal")
def get_principal(call: Call) -> dict[str, Any]:
    """The caller, as Lake Formation knows it."""
    return {"Identity": call.principal}


def own_catalog(call: Call) -> None:
    if call.get("CatalogId", call.account) != call.account:
        raise denied("Settings belong to the account's own catalog")
