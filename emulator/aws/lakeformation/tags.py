"""LF-Tags: keys with their possible values, all lower-cased."""

from typing import Any

from emulator.aws.lakeformation import access
from emulator.aws.lakeformation.resources import terms_of
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Lake, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied, invalid, not_found

#: "Values per tag: 1,000", Lake Formation quotas; 50 a call is in the service model.
MOST_VALUES = 1000


def own_lake(call: Call) -> Lake:
    if call.get("CatalogId", call.account) != call.account:
        raise denied("LF-Tags of another account cannot be changed or listed")
    return lake(call.account, call.region)


def key_of(call: Call) -> str:
    return str(call.params["TagKey"]).lower()


def require_manager(call: Call, key: str, *permissions: str) -> None:
    """An administrator, or somebody with the permission on the tag itself."""
    if access.is_admin(call):
        return
    rows = access.rows_for(call, call.account, call.region)
    if not any(r.path[0] == "tag" and r.path[2] == key and any(map(r.allows, permissions)) for r in rows):
        raise denied(f"Insufficient Lake Formation permission(s) on LF-Tag {key}")


@handles("lakeformation", "CreateLFTag")
def create(call: Call) -> None:
    where, key = own_lake(call), key_of(call)
    if not access.may(call, access.catalog_path(call.account), "CREATE_LF_TAG"):
        access.require_admin(call, "CreateLFTag")
    if key in where.tags:
        raise invalid(f"Tag key {key} already exists")
    where.tags[key] = unique(call.params["TagValues"])


def unique(values: list[str]) -> list[str]:
    lowered = [value.lower() for value in values]
    if len(set(lowered)) != len(lowered):
        raise invalid("Tag values must be unique")
    return lowered


def visible(call: Call, where: Lake) -> list[str]:
    """An administrator sees every tag; others see those they have a permission on."""
    if access.is_admin(call):
        return sorted(where.tags)
    rows = access.rows_for(call, call.account, call.region)
    return sorted({r.path[2] for r in rows if r.path[0] == "tag"} & set(where.tags))


@handles("lakeformation", "GetLFTag")
def get(call: Call) -> dict[str, Any]:
    where, key = own_lake(call), key_of(call)
    if key not in visible(call, where):
        raise not_found(f"Tag key {key} does not exist")
    return {"CatalogId": call.account, "TagKey": key, "TagValues": sorted(where.tags[key])}


@handles("lakeformation", "ListLFTags")
def list_all(call: Call) -> dict[str, Any]:
    where = own_lake(call)
    chosen, more = page(call, visible(call, where), 1000)
    listed = [{"CatalogId": call.account, "TagKey": key, "TagValues": sorted(where.tags[key])} for key in chosen]
    return {"LFTags": listed, **more}


@handles("lakeformation", "UpdateLFTag")
def update(call: Call) -> None:
    """UpdateLFTag. A value that a resource bears must be taken off before it can be deleted."""
    where, key = own_lake(call), key_of(call)
    if key not in where.tags:
        raise not_found(f"Tag key {key} does not exist")
    require_manager(call, key, "ALTER")
    adding = unique(call.get("TagValuesToAdd") or [])
    deleting = unique(call.get("TagValuesToDelete") or [])
    borne = {tags[key] for tags in where.assigned.values() if key in tags}
    if borne & set(deleting):
        raise invalid(f"Update not allowed. {', '.join(sorted(borne & set(deleting)))} is assigned to a resource")
    if not set(deleting) <= set(where.tags[key]):
        raise not_found(f"Tag {key} has no value {', '.join(sorted(set(deleting) - set(where.tags[key])))}")
    values = [value for value in where.tags[key] if value not in deleting]
    values += [value for value in adding if value not in values]
    if len(values) > MOST_VALUES:
        raise AWSError("ResourceNumberLimitExceededException", f"A tag has at most {MOST_VALUES} values")
    if not values:
        raise invalid("A tag needs at least one value")
    where.tags[key] = values


@handles("lakeformation", "DeleteLFTag")
def delete(call: Call) -> None:
    """DeleteLFTag takes the tag off every resource, and permissions on it from whoever had them.

    "When you delete an LF-tag, the LFTagPolicy attached to the LF-tag becomes invalid" (API reference): it stays,
    and reaches nothing that bore the tag.
    """
    where, key = own_lake(call), key_of(call)
    if key not in where.tags:
        raise not_found(f"Tag key {key} does not exist")
    require_manager(call, key, "DROP")
    del where.tags[key]
    for tags in where.assigned.values():
        tags.pop(key, None)
    where.rows = {k: r for k, r in where.rows.items() if not (r.path[0] == "tag" and r.path[2] == key)}
    named = [n for n, e in where.expressions.items() if any(k == key for k, _ in terms_of(e["Expression"]))]
    for name in named:
        del where.expressions[name]
