"""Resources as grants name them, in one form each.

A path is a tuple that starts with the form and the account that owns the catalog:
("database", account, name), ("table", account, database, name), ("columns", account, database, table,
columns), ("filter", account, database, table, name), ("location", account, arn), ("tag", account, key,
values), ("policy", account, type, terms, expression name), ("expression", account, name) and
("catalog", account). All tables of a database are the table named ALL_TABLES, as listings have it.
"""

from typing import Any

from emulator.aws.state import Json
from emulator.front.errors import invalid

Path = tuple[Any, ...]
ALL_TABLES = "ALL_TABLES"
#: Columns of a row: all of them but those named, or only those named.
EXCEPT, ONLY = "except", "only"
ALL_COLUMNS = (EXCEPT, ())


def parse(resource: Json, account: str) -> Path:
    """The path of a resource; `account` owns it where the resource names no catalog."""
    given = {name: body for name, body in resource.items() if body is not None}
    if len(given) != 1:
        raise invalid("A resource must have exactly one member")
    (form, body), = given.items()
    owner = str(body.get("CatalogId") or body.get("TableCatalogId") or body.get("Id") or account)
    return PARSERS[form](owner, body)


def parse_table(owner: str, body: Json) -> Path:
    if ("TableWildcard" in body) == (bool(body.get("Name")) and body.get("Name") != ALL_TABLES):
        raise invalid("A table resource takes either a name or a wildcard")
    name = ALL_TABLES if "TableWildcard" in body else body["Name"].lower()
    if name == ALL_TABLES.lower():
        raise invalid("ALL_TABLES is what listings say; grants take TableWildcard")
    return ("table", owner, body["DatabaseName"].lower(), name)


def parse_columns(owner: str, body: Json) -> Path:
    names, wildcard = body.get("ColumnNames"), body.get("ColumnWildcard")
    if bool(names) == (wildcard is not None):
        raise invalid("Columns are named either by ColumnNames or by ColumnWildcard")
    columns = (ONLY, tuple(sorted(names))) if names else (
        EXCEPT, tuple(sorted((wildcard or {}).get("ExcludedColumnNames") or ())))
    if body["Name"] == ALL_TABLES:
        raise invalid("ALL_TABLES is what listings say; grants take TableWildcard")
    return ("columns", owner, body["DatabaseName"].lower(), body["Name"].lower(), columns)


def parse_filter(owner: str, body: Json) -> Path:
    try:
        return ("filter", owner, body["DatabaseName"].lower(), body["TableName"].lower(), body["Name"])
    except KeyError as error:
        raise invalid(f"A data cells filter needs {error.args[0]}") from None


def parse_tag(owner: str, body: Json) -> Path:
    return ("tag", owner, body["TagKey"].lower(), tuple(sorted(v.lower() for v in body["TagValues"])))


def terms_of(expression: list[Json]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted(
        (term["TagKey"].lower(), tuple(sorted(v.lower() for v in term["TagValues"]))) for term in expression))


def parse_policy(owner: str, body: Json) -> Path:
    if bool(body.get("Expression")) == bool(body.get("ExpressionName")):
        raise invalid("An LF-Tag policy takes either Expression or ExpressionName")
    return ("policy", owner, body["ResourceType"], terms_of(body.get("Expression") or []), body.get("ExpressionName"))


PARSERS = {
    "Catalog": lambda owner, body: ("catalog", owner),
    "Database": lambda owner, body: ("database", owner, body["Name"].lower()),
    "Table": parse_table,
    "TableWithColumns": parse_columns,
    "DataCellsFilter": parse_filter,
    "DataLocation": lambda owner, body: ("location", owner, body["ResourceArn"].rstrip("/")),
    "LFTag": parse_tag,
    "LFTagPolicy": parse_policy,
    "LFTagExpression": lambda owner, body: ("expression", owner, body["Name"].lower()),
}


def render(path: Path) -> Json:
    """The resource as ListPermissions shows it."""
    form, owner, *rest = path
    if form == "catalog":
        return {"Catalog": {"Id": owner}}
    if form == "database":
        return {"Database": {"CatalogId": owner, "Name": rest[0]}}
    if form == "table":
        body = {"CatalogId": owner, "DatabaseName": rest[0], "Name": rest[1]}
        return {"Table": {**body, "TableWildcard": {}} if rest[1] == ALL_TABLES else body}
    if form == "columns":
        return {"TableWithColumns": render_columns(owner, *rest)}
    if form == "filter":
        names = dict(zip(("DatabaseName", "TableName", "Name"), rest, strict=True))
        return {"DataCellsFilter": {"TableCatalogId": owner, **names}}
    if form == "location":
        return {"DataLocation": {"CatalogId": owner, "ResourceArn": rest[0]}}
    if form == "tag":
        return {"LFTag": {"CatalogId": owner, "TagKey": rest[0], "TagValues": list(rest[1])}}
    if form == "policy":
        return {"LFTagPolicy": render_policy(owner, *rest)}
    return {"LFTagExpression": {"CatalogId": owner, "Name": rest[0]}}


def render_columns(owner: str, database: str, table: str, columns: tuple[str, tuple[str, ...]]) -> Json:
    body: Json = {"CatalogId": owner, "DatabaseName": database, "Name": table}
    if columns[0] == ONLY:
        return {**body, "ColumnNames": list(columns[1])}
    return {**body, "ColumnWildcard": {"ExcludedColumnNames": list(columns[1])} if columns[1] else {}}


def render_policy(owner: str, kind: str, terms: tuple[tuple[str, tuple[str, ...]], ...], name: str | None) -> Json:
    body: Json = {"CatalogId": owner, "ResourceType": kind}
    if name:
        return {**body, "ExpressionName": name}
    return {**body, "Expression": [{"TagKey": key, "TagValues": list(values)} for key, values in terms]}
