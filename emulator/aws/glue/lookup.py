"""Finding databases, tables and partitions, under their lower-cased names, in the catalog asked for."""

from typing import Any

from emulator.aws.lakeformation import access
from emulator.aws.state import Catalog, Database, Partition, Table, catalog
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied, invalid, not_found


def already(what: str) -> AWSError:
    return AWSError("AlreadyExistsException", f"{what} already exists.")


def is_nested(call: Call) -> bool:
    """Whether the call is about a catalog below the account's own: `111122223333:name`, or its bare name."""
    wanted = str(call.get("CatalogId") or call.account)
    return not (len(wanted) == 12 and wanted.isdigit())


def account_of(call: Call) -> str:
    """The account that owns the catalog asked for; nested catalogs are held in `catalogs`."""
    wanted = str(call.get("CatalogId") or call.account)
    if is_nested(call):
        raise not_found(f"Catalog {wanted} not found.")
    return wanted


def catalog_of(call: Call) -> Catalog:
    return catalog(account_of(call), call.region)


def own_catalog(call: Call) -> Catalog:
    """The catalog to write to. Writing across accounts needs a grant, which `access` checks."""
    return catalog_of(call)


def database_of(call: Call, name: str | None = None) -> Database:
    """The database; a resource link is followed by `followed`, not here."""
    wanted = (name or str(call.get("DatabaseName") or call.get("Name"))).lower()
    found = catalog_of(call).databases.get(wanted)
    if found is None:
        if account_of(call) != call.account:
            raise denied(f"Insufficient Lake Formation permission(s) on {wanted}")
        raise not_found(f"Database {wanted} not found.")
    return found


def table_of(call: Call, member: str = "TableName") -> Table:
    """The table that the call names, after a link of its database has been followed."""
    database = followed(call, database_of(call))
    wanted = str(call.get(member)).lower()
    found = database.tables.get(wanted)
    if found is None:
        raise not_found(f"Entity Not Found: Table {wanted} not found.")
    return found


def followed(call: Call, database: Database) -> Database:
    """The database that a resource link points to, itself where it is none.

    "You can use the resource link's name wherever you would use the database's": Lake Formation
    developer guide, "How resource links work". The caller needs a grant on the target.
    """
    if not database.is_link:
        return database
    target = database.given["TargetDatabase"]
    region = target.get("Region") or call.region
    found = catalog(target["CatalogId"], region).databases.get(target["DatabaseName"].lower())
    if found is None:
        raise not_found(f"Database {target['DatabaseName']} not found.")
    access.require_visible(call, access.database_path(target["CatalogId"], found.name), region)
    return found


def partition_of(table: Table, values: list[str]) -> Partition:
    found = table.partitions.get(tuple(values))
    if found is None:
        raise not_found("Cannot find partition.")
    return found


def lower_name(given: dict[str, Any]) -> str:
    name = str(given["Name"]).lower()
    if not name.strip():
        raise invalid("A name must not be blank")
    given["Name"] = name
    return name
