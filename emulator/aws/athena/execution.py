"""Queries, as far as Lake Formation lets them see what they name.

moto runs every query. A SELECT of one table fails here where its caller may not read what it asks for: "Athena
queries only the columns that the caller has permissions on" (Lake Formation developer guide, "Using Athena with Lake
Formation"). What is hidden from a caller is missing to it, in the words of Athena's engine.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from emulator.aws.athena.groups import kept
from emulator.aws.lakeformation import access, tagging
from emulator.aws.lakeformation.resources import ALL_TABLES, EXCEPT
from emulator.aws.lakeformation.rows import Row
from emulator.aws.registry import corrects
from emulator.aws.state import Database, Table, catalog, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response

SELECT = re.compile(
    r"""\s*SELECT\s+(?P<columns>.+?)\s+FROM\s+(?P<database>"[^"]+"|\w+)\.(?P<table>"[^"]+"|\w+)(\s+LIMIT\s+\d+)?\s*;?\s*""",
    re.IGNORECASE | re.DOTALL)
NO_COLUMN = (
    "COLUMN_NOT_FOUND: line 1:8: Column '{}' cannot be resolved or requester is not authorized to access requested "
    "resources")


@corrects("athena", "StartQueryExecution")
def start(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    if response.status == 200:
        reason = refusal(call, call.params["QueryString"])
        if reason:
            kept(call).failed[json.loads(response.body)["QueryExecutionId"]] = reason
    return response


@corrects("athena", "GetQueryExecution")
def get(call: Call, moto: Callable[[], Response]) -> Response:
    response = moto()
    reason = kept(call).failed.get(call.params["QueryExecutionId"])
    if response.status != 200 or reason is None:
        return response
    document = json.loads(response.body)
    document["QueryExecution"]["Status"].update(State="FAILED", StateChangeReason=reason)
    return replace(response, body=json.dumps(document).encode())


def refusal(call: Call, query: str) -> str | None:
    """Why a query fails; None for one that does not, and for what is no SELECT of one table."""
    asked = SELECT.fullmatch(query)
    if asked is None:
        return None
    database_name, table_name = (asked[part].strip('"').lower() for part in ("database", "table"))
    database = visible_database(call, database_name)
    if database is None:
        return f"SCHEMA_NOT_FOUND: line 1:15: Schema '{database_name}' does not exist"
    found = visible_table(call, *database, table_name)
    if found is None:
        return f"TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{database_name}.{table_name}' does not exist"
    owner, table = found
    columns = readable(call, owner, table)
    if not columns:
        return "COLUMN_NOT_FOUND: line 1:8: Relation contains no accessible columns"
    names = [name.strip().strip('"').lower() for name in asked["columns"].split(",")]
    hidden = [name for name in names if name != "*" and name not in columns]
    return NO_COLUMN.format(hidden[0]) if hidden else None


def visible_database(call: Call, name: str) -> tuple[str, Database] | None:
    """The database and its owner, a link followed; None where the caller does not see it."""
    return visible(call, call.account, name, call.region)


def visible(call: Call, owner: str, name: str, region: str) -> tuple[str, Database] | None:
    database = catalog(owner, region).databases.get(name)
    if database is None or not access.sees(call, access.database_path(owner, name), region):
        return None
    if not database.is_link:
        return owner, database
    target = database.given["TargetDatabase"]
    return visible(call, target["CatalogId"], target["DatabaseName"].lower(), region)


def visible_table(call: Call, owner: str, database: Database, name: str) -> tuple[str, Table] | None:
    table = database.tables.get(name)
    if table is None or not access.sees(call, access.table_path(owner, database.name, name), call.region):
        return None
    if not table.is_link:
        return owner, table
    target = table.given["TargetTable"]
    # Who may read a table need not see all of its database.
    behind = catalog(target["CatalogId"], call.region).databases.get(target["DatabaseName"].lower())
    return visible_table(call, target["CatalogId"], behind, target["Name"].lower()) if behind else None


def readable(call: Call, owner: str, table: Table) -> set[str]:
    """The columns of which the caller may read a row.

    What is granted to its account an administrator may see and grant on, to itself as well, and not read before.
    """
    columns: set[str] = set()
    try:
        for row in access.rows_for(call, owner, call.region):
            if row.allows("SELECT") and row.principal != call.account:
                columns |= {name.lower() for name in shown(row, owner, table, call.region)}
    except AWSError:
        return set()
    return columns


def shown(row: Row, owner: str, table: Table, region: str) -> set[str]:
    """The columns that one row lets through."""
    form, holder, *rest = row.path
    everything = set(table.columns())
    if holder != owner:
        return set()
    if form in ("table", "columns", "filter"):
        if rest[0] != table.database or rest[1] not in (table.name, ALL_TABLES):
            return set()
        if form == "table":
            return everything
        if form == "columns":
            kind, names = rest[2]
            return everything - set(names) if kind == EXCEPT else everything & set(names)
        data = lake(owner, region).filters.get((rest[0], rest[1], rest[2]))
        if data is None:
            return set()
        if data.get("ColumnNames"):
            return everything & set(data["ColumnNames"])
        return everything - set((data.get("ColumnWildcard") or {}).get("ExcludedColumnNames") or ())
    if form == "policy" and rest[0] == "TABLE":
        where = lake(owner, region)
        terms = tagging.terms_of_policy(where, row.path)
        return {
            name for name in everything
            if tagging.matches(tagging.effective(where, table.database, table.name, name), terms)}
    return set()
