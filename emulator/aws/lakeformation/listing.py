"""ListPermissions: what AWS shows of the permissions table, and to whom.

Without an administrator's sight a caller gets its own rows only, and no hint that there are others.
"""

from typing import Any

from emulator.aws.lakeformation import access
from emulator.aws.lakeformation.resources import ALL_TABLES, Path, parse
from emulator.aws.lakeformation.rows import Row
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import lake
from emulator.front.call import Call
from emulator.front.errors import denied, invalid

#: ResourceType's values; it has none for data cells filters.
FORMS = {
    "CATALOG": lambda path: path[0] == "catalog",
    "DATABASE": lambda path: path[0] == "database",
    "TABLE": lambda path: path[0] in ("table", "columns"),
    "DATA_LOCATION": lambda path: path[0] == "location",
    "LF_TAG": lambda path: path[0] == "tag",
    "LF_TAG_POLICY": lambda path: path[0] == "policy",
    "LF_TAG_POLICY_DATABASE": lambda path: path[0] == "policy" and path[2] == "DATABASE",
    "LF_TAG_POLICY_TABLE": lambda path: path[0] == "policy" and path[2] == "TABLE",
    "LF_NAMED_TAG_EXPRESSION": lambda path: path[0] == "expression",
}


@handles("lakeformation", "ListPermissions")
def list_permissions(call: Call) -> dict[str, Any]:
    if call.get("CatalogId", call.account) != call.account:
        raise denied("The permissions of another account's catalog cannot be listed")
    principal = (call.get("Principal") or {}).get("DataLakePrincipalIdentifier")
    resource = call.get("Resource")
    path = parse(resource, call.account) if resource else None
    related = str(call.get("IncludeRelated") or "FALSE").upper() == "TRUE"
    if related and (principal or not path or path[0] not in ("table", "columns")):
        raise invalid("IncludeRelated is for the permissions on a table, without a principal")
    found = [row for row in visible(call) if wanted(row, call.get("ResourceType"), related)]
    if path is not None and principal:
        found = [row for row in found if row.principal == principal and effective_on(row, path, call.region)]
    elif path is not None:
        found = [row for row in found if explicit_on(row, path, related)]
    elif principal:
        found = [row for row in found if row.principal == principal]
    found.sort(key=lambda row: (row.principal, repr(row.path), row.condition or ""))
    chosen, more = page(call, found, 1000)
    return {"PrincipalResourcePermissions": [row.shown() for row in chosen], **more}


def visible(call: Call) -> list[Row]:
    rows = list(lake(call.account, call.region).rows.values())
    if access.sees_all(call):
        return rows
    return [row for row in rows if row.principal == call.principal]


def wanted(row: Row, resource_type: str | None, related: bool) -> bool:
    """Rows on filters come only with IncludeRelated; a type leaves the other types out."""
    if row.path[0] == "filter":
        return related and resource_type in (None, "TABLE")
    return resource_type is None or FORMS[resource_type](row.path)


def explicit_on(row: Row, path: Path, related: bool) -> bool:
    """Rows on the resource itself. For a table that includes rows on its columns, and on its filters."""
    if row.path == path:
        return True
    if path[0] != "table" or row.path[1] != path[1]:
        return False
    forms = ("columns", "filter") if related else ("columns",)
    return row.path[0] in forms and row.path[2:4] == path[2:4]


def effective_on(row: Row, path: Path, region: str) -> bool:
    """Rows that let the principal do anything on the resource, be it through all tables or a policy."""
    if explicit_on(row, path, related=False) or access.covers(row, path, region):
        return True
    all_tables = path[0] == "table" and row.path[0] == "columns" and row.path[1:3] == path[1:3]
    return all_tables and row.path[3] == ALL_TABLES
