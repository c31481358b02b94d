"""One form for what can be said to AWS, or by AWS, in several.

A record is a key, a tuple that begins with its kind and the account that owns it, and a
body. Both the expected records and those read back go through here, so that a difference
between two bodies is one in meaning.
"""

import json
import re
from datetime import datetime

ALL_TABLES = "ALL_TABLES"

_DATABASE_ALL = ("ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")
_TABLE_ALL = ("ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT")


def pruned(value):
    """The value without empty members: AWS fills in 0, false and [] where nothing was sent."""
    if isinstance(value, dict):
        inner = {key: pruned(member) for key, member in value.items()}
        return {key: member for key, member in inner.items()
                if member not in (None, "", 0, False, {}, [])}
    if isinstance(value, list):
        return [pruned(member) for member in value]
    return value


def names(principals) -> list[str]:
    """The identifiers in a list of principals, in one order."""
    return sorted(item["DataLakePrincipalIdentifier"] for item in principals or [])


def settings(shape: dict) -> dict:
    """Data lake settings; lists of principals sorted, what AWS adds by itself left out."""
    body = dict(shape)
    for member in ("DataLakeAdmins", "ReadOnlyAdmins", "ExternalDataFilteringAllowList"):
        body[member] = names(body.get(member))
    for member in ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"):
        body[member] = sorted(
            (entry["Principal"]["DataLakePrincipalIdentifier"], sorted(entry["Permissions"]))
            for entry in body.get(member) or [])
    parameters = dict(body.get("Parameters") or {})
    parameters.pop("SET_CONTEXT", None)
    return pruned({**body, "Parameters": parameters})


def cells_filter(shape: dict) -> dict:
    """A data cells filter: `rows` is an expression or None for all, columns a wildcard or names."""
    rows = shape.get("RowFilter") or {}
    every = "AllRowsWildcard" in rows or rows.get("FilterExpression", "").lower() == "true"
    body = {"rows": None if every else rows["FilterExpression"].strip()}
    if shape.get("ColumnNames"):
        return {**body, "columns": sorted(shape["ColumnNames"])}
    wildcard = shape.get("ColumnWildcard") or {}
    return {**body, "hidden": sorted(wildcard.get("ExcludedColumnNames") or [])}


def encryption(settings: dict) -> dict:
    """Encryption settings; those that were never set say the same as those that say no."""
    at_rest = dict(settings.get("EncryptionAtRest") or {})
    if at_rest.get("CatalogEncryptionMode") == "DISABLED":
        at_rest = {}
    return pruned({**settings, "EncryptionAtRest": at_rest})


def policy(text: str) -> dict:
    """A resource policy, in which a text and a list of one, and any order, mean the same."""
    document = json.loads(text)
    statements = [_statement(each) for each in _listed(document.pop("Statement", []))]
    return {**document, "Statement": sorted(statements, key=json.dumps)}


def _statement(value):
    """Every leaf as a sorted list; `arn:aws:iam::ACCOUNT:root` as the account."""
    if isinstance(value, dict):
        return {key: _statement(member) for key, member in sorted(value.items())}
    leaves = [re.sub(r"^arn:aws:iam::(\d{12}):root$", r"\1", leaf) for leaf in _listed(value)]
    return sorted(leaves)


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]


def statistic(entry: dict) -> dict:
    """Column statistics with comparable moments."""
    return _moments({key: entry[key] for key in (
        "ColumnName", "ColumnType", "AnalyzedTime", "StatisticsData")})


def _moments(value):
    if isinstance(value, dict):
        return {key: _moments(member) for key, member in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    return value.timestamp() if isinstance(value, datetime) else value


def assignment(tags) -> dict[str, list[str]]:
    """Tag values by key."""
    return {tag["TagKey"]: sorted(tag["TagValues"]) for tag in tags or []}


def expression(shape: dict) -> dict:
    """A named LF-Tag expression."""
    return {"description": shape.get("Description") or "",
            "terms": assignment(shape["Expression"])}


def opt_in(account: str, row: dict):
    """An opt-in as a record; all that it says is in its key."""
    principal = row["Principal"]["DataLakePrincipalIdentifier"]
    for resource in _resources(account, row["Resource"]):
        yield ("opt-in", resource["owner"], principal, describe(resource)), {}


def grant_records(account: str, row: dict):
    """A grant as records, one a permission: ALL written out, SELECT always on columns.

    `row` is an entry of ListPermissions or the same said to GrantPermissions; `account` the
    one whose catalog is meant where the resource names none.
    """
    principal = row["Principal"]["DataLakePrincipalIdentifier"]
    condition = (row.get("Condition") or {}).get("Expression", "")
    given = set(row.get("Permissions") or [])
    grantable = set(row.get("PermissionsWithGrantOption") or [])
    for resource in _resources(account, row["Resource"]):
        may_grant = _expanded(grantable, resource["form"])
        for permission in sorted(_expanded(given, resource["form"]) | may_grant):
            target = resource
            if permission == "SELECT" and resource["form"] == "table":
                target = {**resource, "form": "columns", "hidden": []}
            key = ("grant", target["owner"], principal, permission, describe(target))
            if condition:
                key += (f"when {condition}",)
            yield key, {"grantable": permission in may_grant, "resource": target}


def _expanded(permissions: set[str], form: str) -> set[str]:
    if not permissions & {"ALL", "SUPER"}:
        return permissions
    everything = {"database": _DATABASE_ALL, "tagged databases": _DATABASE_ALL,
                  "table": _TABLE_ALL, "tagged tables": _TABLE_ALL,
                  "columns": ("SELECT",), "cells": ("SELECT",)}.get(form, ("ALL",))
    return permissions - {"ALL", "SUPER"} | set(everything)


def _resources(account: str, resource: dict):
    """The resource of a grant in plain members; a tag with several values is several."""
    (kind, shape), = resource.items()
    owner = shape.get("CatalogId") or shape.get("TableCatalogId") or account
    base = {"owner": owner, "database": shape.get("DatabaseName", "")}
    table = "*" if _is_wildcard(shape) else shape.get("Name", "")
    if kind == "Catalog":
        yield {"form": "catalog", "owner": shape.get("Id") or account}
    elif kind == "Database":
        yield {"form": "database", "owner": owner, "database": shape["Name"]}
    elif kind == "Table":
        yield {**base, "form": "table", "table": table}
    elif kind == "TableWithColumns":
        chosen = shape.get("ColumnNames")
        hidden = (shape.get("ColumnWildcard") or {}).get("ExcludedColumnNames") or []
        columns = {"columns": sorted(chosen)} if chosen else {"hidden": sorted(hidden)}
        yield {**base, "form": "columns", "table": table, **columns}
    elif kind == "DataCellsFilter":
        yield {**base, "form": "cells", "table": shape["TableName"], "filter": shape["Name"]}
    elif kind == "DataLocation":
        yield {"form": "location", "owner": owner, "arn": shape["ResourceArn"].rstrip("/")}
    elif kind == "LFTag":
        for value in shape["TagValues"]:
            yield {"form": "tag", "owner": owner, "tag": shape["TagKey"], "value": value}
    elif kind == "LFTagPolicy":
        yield {"form": f"tagged {shape['ResourceType'].lower()}s", "owner": owner,
               "terms": {term["TagKey"]: sorted(term["TagValues"])
                         for term in shape.get("Expression") or []},
               "expression": shape.get("ExpressionName", "")}
    else:
        yield {"form": kind, "owner": owner, "shape": shape}


def _is_wildcard(shape: dict) -> bool:
    return "TableWildcard" in shape or shape.get("Name") == ALL_TABLES


def describe(resource: dict) -> str:
    """The resource of a grant in words; no two different ones read the same."""
    form = resource["form"]
    table = f"{resource.get('database', '')}.{resource.get('table', '')}"
    if form == "columns":
        if "columns" in resource:
            return f"{table} ({', '.join(resource['columns'])})"
        hidden = ", ".join(resource["hidden"])
        return f"{table} (all but {hidden})" if hidden else f"{table} (all columns)"
    if form.startswith("tagged"):
        terms = [f"{key} in {{{', '.join(values)}}}"
                 for key, values in sorted(resource["terms"].items())]
        return f"{form}: {' and '.join(terms) or resource['expression']}"
    words = {
        "catalog": "catalog", "database": f"database {resource.get('database')}",
        "table": f"table {table}", "cells": f"cells {table}:{resource.get('filter')}",
        "location": f"location {resource.get('arn')}",
        "tag": f"tag {resource.get('tag')}={resource.get('value')}",
    }
    return words.get(form) or f"{form} {resource.get('shape')}"


def merged(records):
    """Records of grants as one set: a permission listed twice is grantable if either is."""
    found: dict[tuple, dict] = {}
    for key, body in records:
        grantable = body["grantable"] or found.get(key, {}).get("grantable", False)
        found[key] = {**body, "grantable": grantable}
    return found
