"""Tables of the Data Catalog and their versions."""

import re
from typing import Any

from emulator.aws.glue import catalogs, indexes
from emulator.aws.glue.lookup import (
    account_of,
    already,
    database_of,
    followed,
    is_nested,
    lower_name,
    table_of,
)
from emulator.aws.lakeformation import access, defaults, erase
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Table, Version, catalog, lake
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError, invalid, not_found

TABLE_ATTRIBUTES = {"NAME": {"Name"}, "TABLE_TYPE": {"Name", "TableType"}}


def owner_of(call: Call, database: Any) -> str:
    """The account whose catalog holds the database that the call reached, through a link or not."""
    named = database_of(call)
    return str(named.given["TargetDatabase"]["CatalogId"]) if named.is_link else account_of(call)


def shown(table: Table, account: str, region: str, version: str | None = None) -> dict[str, Any]:
    """A table as GetTable answers it: what was given, and what AWS adds."""
    given, updated = table.given, table.updated
    if version is not None and version != str(table.version):
        if version not in table.archive:
            raise not_found(f"Version not found: {version}")
        given, updated = table.archive[version].given, table.archive[version].updated
    return {
        **given,
        "Retention": given.get("Retention", 0),
        "DatabaseName": table.database,
        "CreateTime": table.created,
        "UpdateTime": updated,
        "CreatedBy": table.created_by,
        "IsRegisteredWithLakeFormation": is_registered(table, account, region),
        "CatalogId": account,
        "VersionId": version or str(table.version),
    }


def is_registered(table: Table, account: str, region: str) -> bool:
    """True when the table's location lies at or below a location registered with Lake Formation."""
    return access.registered_location(lake(account, region), table.location) is not None


@handles("glue", "CreateTable")
def create(call: Call) -> None:
    if is_nested(call):
        return catalogs.create_table(call)
    database = followed(call, database_of(call))
    account = owner_of(call, database)
    given = dict(call.get("TableInput") or {})
    if not given and call.get("Name"):
        given["Name"] = call.params["Name"]
    if not given.get("Name"):
        raise invalid("Table name cannot be empty")
    name = lower_name(given)
    access.require(call, access.database_path(account, database.name), "CREATE_TABLE")
    if name in database.tables:
        raise already("Table")
    if "IcebergInput" in (call.get("OpenTableFormatInput") or {}):
        given["Parameters"] = {**(given.get("Parameters") or {}), "table_type": "ICEBERG"}
    table = Table(database.name, name, given, call.principal)
    if table.location:
        access.require_location(call, account, table.location)
    for index in call.get("PartitionIndexes") or []:
        indexes.add(table, index)
    database.tables[name] = table
    defaults.on_new_table(call, account, database, name)


@handles("glue", "GetTable")
def get(call: Call) -> dict[str, Any]:
    if is_nested(call):
        return catalogs.get_table(call)
    table = table_of(call, "Name")
    account = owner_of(call, None)
    access.require_visible(call, access.table_path(account, table.database, table.name), call.region)
    return {"Table": shown(table, account, call.region)}


@handles("glue", "GetTables")
def list_all(call: Call) -> dict[str, Any]:
    """GetTables: only tables that the caller has any permission on, without a word about the others."""
    if is_nested(call):
        return catalogs.list_tables(call)
    database = followed(call, database_of(call))
    account = owner_of(call, database)
    wanted = expression(call.get("Expression"))
    names = [
        name
        for name in sorted(database.tables)
        if (wanted is None or wanted.fullmatch(name))
        and access.sees(call, access.table_path(account, database.name, name), call.region)
    ]
    chosen, more = page(call, names, 100)
    bodies = [shown(database.tables[name], account, call.region) for name in chosen]
    attributes = call.get("AttributesToGet")
    if attributes:
        kept = set().union(*(TABLE_ATTRIBUTES[a] for a in attributes))
        bodies = [{k: v for k, v in body.items() if k in kept} for body in bodies]
    return {"TableList": bodies, **more}


def expression(text: str | None) -> re.Pattern[str] | None:
    """GetTables' Expression: a regular expression, in which a lone `*` also matches anything."""
    if not text:
        return None
    try:
        return re.compile(re.sub(r"(?<![.\])])\*", ".*", text), re.IGNORECASE)
    except re.error as error:
        raise invalid(f"Expression is not a regular expression: {error}") from error


@handles("glue", "UpdateTable")
def update(call: Call) -> None:
    """UpdateTable replaces the whole definition and archives the former, unless SkipArchive is true."""
    given = dict(call.get("TableInput") or {})
    call.params.setdefault("Name", given.get("Name"))
    if given.get("Name"):
        call.params["Name"] = given["Name"]
    table = table_of(call, "Name")
    account = owner_of(call, None)
    access.require(call, access.table_path(account, table.database, table.name), "ALTER")
    if call.get("VersionId") and call.params["VersionId"] != str(table.version):
        raise AWSError("ConcurrentModificationException", "The version has changed")
    lower_name(given)
    location = (given.get("StorageDescriptor") or {}).get("Location")
    if location and location != table.location:
        access.require_location(call, account, location)
    if not call.get("SkipArchive"):
        table.archive[str(table.version)] = Version(table.given, table.updated)
    table.version += 1
    table.given, table.updated = given, stamp()


@handles("glue", "DeleteTable")
def delete(call: Call) -> None:
    remove(call, str(call.params["Name"]))


def remove(call: Call, name: str) -> None:
    call.params["Name"] = name
    table = table_of(call, "Name")
    account = owner_of(call, None)
    access.require(call, access.table_path(account, table.database, table.name), "DROP")
    del catalog(account, call.region).databases[table.database].tables[table.name]
    erase.table(account, call.region, table.database, table.name)


@handles("glue", "BatchDeleteTable")
def batch_delete(call: Call) -> dict[str, Any]:
    database_of(call)
    errors = []
    for index, name in enumerate(call.params["TablesToDelete"]):
        try:
            call.entry_fault(index)
            remove(call, name)
        except AWSError as error:
            errors.append({"TableName": name, "ErrorDetail": {"ErrorCode": error.code, "ErrorMessage": error.message}})
    return {"Errors": errors}


@handles("glue", "GetTableVersions")
def versions(call: Call) -> dict[str, Any]:
    """GetTableVersions, newest first."""
    table = table_of(call)
    account = owner_of(call, None)
    access.require_visible(call, access.table_path(account, table.database, table.name), call.region)
    numbers = sorted({*table.archive, str(table.version)}, key=int, reverse=True)
    chosen, more = page(call, numbers, 100)
    listed = [{"Table": shown(table, account, call.region, n), "VersionId": n} for n in chosen]
    return {"TableVersions": listed, **more}


@handles("glue", "GetTableVersion")
def version(call: Call) -> dict[str, Any]:
    table = table_of(call)
    number = str(call.get("VersionId") or table.version)
    body = shown(table, owner_of(call, None), call.region, number)
    return {"TableVersion": {"Table": body, "VersionId": number}}


@handles("glue", "DeleteTableVersion")
def delete_version(call: Call) -> None:
    drop_version(table_of(call), call.params["VersionId"])


@handles("glue", "BatchDeleteTableVersion")
def batch_delete_versions(call: Call) -> dict[str, Any]:
    table, errors = table_of(call), []
    for number in call.params["VersionIds"]:
        try:
            drop_version(table, number)
        except AWSError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({"TableName": table.name, "VersionId": number, "ErrorDetail": detail})
    return {"Errors": errors}


def drop_version(table: Table, number: str) -> None:
    if number == str(table.version):
        raise invalid("The current version cannot be deleted")
    if table.archive.pop(number, None) is None:
        raise not_found(f"Version not found: {number}")


