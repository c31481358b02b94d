"""Data cells filters: which rows and columns of a table a grant lets through."""

from typing import Any
from uuid import uuid4

from emulator.aws.lakeformation import access, existence
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, Lake, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied, invalid, not_found


def key_of(data: Json) -> tuple[str, str, str]:
    return (data["DatabaseName"].lower(), data["TableName"].lower(), data["Name"])


def require_manager(call: Call, key: tuple[str, str, str]) -> None:
    """"To create a data filter you need SELECT with grant option on the table": developer guide."""
    if access.is_admin(call):
        return
    rows = access.rows_for(call, call.account, call.region)
    mine = (r for r in rows if r.path[0] == "columns" and r.path[2:4] == key[:2])
    if not any(r.may_grant("SELECT") for r in mine):
        raise denied("Insufficient Lake Formation permission(s): Required grantable SELECT on the table")


def checked(call: Call, data: Json) -> Json:
    """The filter as it is kept; refused when a column is not there or nothing is chosen."""
    if data["TableCatalogId"] != call.account:
        raise denied("A data cells filter belongs to the account that owns the table")
    key = key_of(data)
    access.require_table(call.account, call.region, key[0], key[1])
    names, wildcard = data.get("ColumnNames"), data.get("ColumnWildcard")
    if bool(names) == (wildcard is not None):
        raise invalid("A filter names columns either by ColumnNames or by ColumnWildcard")
    asked = names or (wildcard or {}).get("ExcludedColumnNames") or []
    try:
        existence.require_columns(call.account, call.region, key[0], key[1], tuple(asked))
    except AWSError as error:
        raise invalid(error.message) from error
    rows = data.get("RowFilter") or {}
    if bool(rows.get("FilterExpression")) == ("AllRowsWildcard" in rows):
        raise invalid("A row filter is either an expression or all rows")
    kept = {**data, "DatabaseName": key[0], "TableName": key[1], "VersionId": str(uuid4())}
    if names is None:
        kept.pop("ColumnNames", None)
    return kept


def find(call: Call, key: tuple[str, str, str]) -> Json:
    found = lake(call.account, call.region).filters.get(key)
    if found is None:
        raise not_found(f"Data cells filter not found: {'.'.join(key)}")
    return found


@handles("lakeformation", "CreateDataCellsFilter")
def create(call: Call) -> None:
    data = call.params["TableData"]
    kept = checked(call, data)
    require_manager(call, key_of(data))
    filters = lake(call.account, call.region).filters
    if key_of(data) in filters:
        raise AWSError("AlreadyExistsException", f"Data cells filter {data['Name']} already exists")
    filters[key_of(data)] = kept


@handles("lakeformation", "UpdateDataCellsFilter")
def update(call: Call) -> None:
    """UpdateDataCellsFilter replaces the filter; a VersionId that is given must be the current one."""
    data = call.params["TableData"]
    current = find(call, key_of(data))
    if data.get("VersionId") and data["VersionId"] != current["VersionId"]:
        raise AWSError("ConcurrentModificationException", "The filter's version is another")
    require_manager(call, key_of(data))
    lake(call.account, call.region).filters[key_of(data)] = checked(call, data)


def seen(call: Call, where: Lake) -> list[tuple[str, str, str]]:
    """An administrator sees every filter; others those that were granted to them."""
    if access.is_admin(call):
        return sorted(where.filters)
    rows = access.rows_for(call, call.account, call.region)
    mine = {tuple(r.path[2:]) for r in rows if r.path[0] == "filter"}
    return [key for key in sorted(where.filters) if key in mine]


@handles("lakeformation", "GetDataCellsFilter")
def get(call: Call) -> dict[str, Any]:
    if call.params["TableCatalogId"] != call.account:
        raise denied("A data cells filter belongs to the account that owns the table")
    key = key_of(call.params)
    if key not in seen(call, lake(call.account, call.region)):
        find(call, key)
        raise denied(f"Insufficient Lake Formation permission(s) on {key[2]}")
    return {"DataCellsFilter": find(call, key)}


@handles("lakeformation", "ListDataCellsFilter")
def list_all(call: Call) -> dict[str, Any]:
    where, table = lake(call.account, call.region), call.get("Table")
    keys = seen(call, where)
    if table:
        if table.get("CatalogId", call.account) != call.account:
            keys = []
        keys = [k for k in keys if k[0] == table["DatabaseName"].lower()]
        if table.get("Name"):
            keys = [k for k in keys if k[1] == table["Name"].lower()]
    chosen, more = page(call, keys, 1000)
    return {"DataCellsFilters": [where.filters[key] for key in chosen], **more}


@handles("lakeformation", "DeleteDataCellsFilter")
def delete(call: Call) -> None:
    names = {name: call.get(name) for name in ("DatabaseName", "TableName", "Name")}
    if not all(names.values()):
        raise invalid("DatabaseName, TableName and Name are needed")
    key = key_of(names)
    find(call, key)
    require_manager(call, key)
    where = lake(call.account, call.region)
    del where.filters[key]
    path = ("filter", call.account, *key)
    where.rows = {k: row for k, row in where.rows.items() if row.path != path}
