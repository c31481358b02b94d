"""What Lake Formation does by itself: settings as shipped, default and creators' permissions.

"Lake Formation starts with the 'Use only IAM access control' settings enabled": the group
IAMAllowedPrincipals has Super on whatever is created and may create databases (developer guide,
"Changing the default settings for your data lake").
"""

from typing import Any

from emulator.aws.lakeformation import access, rows
from emulator.aws.lakeformation.resources import Path
from emulator.aws.lakeformation.rows import Row
from emulator.aws.state import IAM_ALLOWED, ON_FIRST_LOOK, Database, Json, Lake, lake
from emulator.front.call import Call


def open_to_all() -> list[Json]:
    return [{"Principal": {"DataLakePrincipalIdentifier": IAM_ALLOWED}, "Permissions": ["ALL"]}]


def shipped_settings() -> Json:
    return {
        "DataLakeAdmins": [],
        "ReadOnlyAdmins": [],
        "CreateDatabaseDefaultPermissions": open_to_all(),
        "CreateTableDefaultPermissions": open_to_all(),
        "Parameters": {"CROSS_ACCOUNT_VERSION": "1", "SET_CONTEXT": "TRUE"},
        "TrustedResourceOwners": [],
        "AllowExternalDataFiltering": False,
        "ExternalDataFilteringAllowList": [],
    }


def ship(fresh: Lake) -> None:
    """A data lake as an account finds it in a region that it has never used."""
    fresh.settings = shipped_settings()
    path = access.catalog_path(fresh.account)
    rows.add(fresh, Row(IAM_ALLOWED, path, None, {"CREATE_DATABASE"}), fresh.account)


ON_FIRST_LOOK.append(ship)


def give(call: Call, owner: str, path: Path, defaults: list[Any] | None) -> None:
    """The defaults of the settings or of the database, and ALL with grant option to the creator."""
    where = lake(owner, call.region)
    for entry in defaults or []:
        principal = entry["Principal"]["DataLakePrincipalIdentifier"]
        rows.add(where, Row(principal, path, None, set(entry.get("Permissions") or [])), call.principal)
    creator = Row(call.principal, path, None, {"ALL"}, {"ALL"})
    rows.add(where, creator, call.principal)


def on_new_database(call: Call, owner: str, name: str) -> None:
    settings = lake(owner, call.region).settings
    path = access.database_path(owner, name)
    give(call, owner, path, settings.get("CreateDatabaseDefaultPermissions"))


def on_new_table(call: Call, owner: str, database: Database, name: str) -> None:
    """A table takes its database's CreateTableDefaultPermissions, not the settings' of today."""
    path = access.table_path(owner, database.name, name)
    give(call, owner, path, database.given.get("CreateTableDefaultPermissions"))
