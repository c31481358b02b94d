"""Named LF-Tag expressions."""

from typing import Any

from emulator.aws.lakeformation import access, existence
from emulator.aws.lakeformation.resources import terms_of
from emulator.aws.lakeformation.tags import own_lake
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, Lake
from emulator.front.call import Call
from emulator.front.errors import invalid, not_found


def checked(where: Lake, expression: list[Json]) -> list[Json]:
    terms = terms_of(expression)
    if not terms:
        raise invalid("An expression needs at least one LF-Tag")
    for key, values in terms:
        existence.require_tag(where, key, values)
    return [{"TagKey": key, "TagValues": list(values)} for key, values in terms]


def find(where: Lake, call: Call) -> Json:
    found = where.expressions.get(call.params["Name"].lower())
    if found is None:
        raise not_found(f"LF-Tag expression not found: {call.params['Name']}")
    return found


@handles("lakeformation", "CreateLFTagExpression")
def create(call: Call) -> None:
    where = own_lake(call)
    access.require_admin(call, "CreateLFTagExpression")
    name = call.params["Name"].lower()
    if name in where.expressions:
        raise invalid(f"LF-Tag expression {name} already exists")
    body = {"Name": name, "CatalogId": call.account, "Expression": checked(where, call.params["Expression"])}
    where.expressions[name] = {**body, "Description": call.get("Description", "")}


@handles("lakeformation", "GetLFTagExpression")
def get(call: Call) -> dict[str, Any]:
    return find(own_lake(call), call)


@handles("lakeformation", "ListLFTagExpressions")
def list_all(call: Call) -> dict[str, Any]:
    where = own_lake(call)
    names = sorted(where.expressions) if access.is_admin(call) else []
    chosen, more = page(call, names, 1000)
    return {"LFTagExpressions": [where.expressions[name] for name in chosen], **more}


@handles("lakeformation", "UpdateLFTagExpression")
def update(call: Call) -> None:
    where = own_lake(call)
    access.require_admin(call, "UpdateLFTagExpression")
    found = find(where, call)
    found["Expression"] = checked(where, call.params["Expression"])
    if call.get("Description") is not None:
        found["Description"] = call.params["Description"]


@handles("lakeformation", "DeleteLFTagExpression")
def delete(call: Call) -> None:
    where = own_lake(call)
    access.require_admin(call, "DeleteLFTagExpression")
    find(where, call)
    name = call.params["Name"].lower()
    if any(row.path[0] == "policy" and (row.path[4] or "").lower() == name for row in where.rows.values()):
        raise invalid(f"LF-Tag expression {name} is used by a grant")
    del where.expressions[name]
