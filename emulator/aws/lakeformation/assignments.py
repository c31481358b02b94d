"""Tags on databases, tables and columns: putting on, taking off, looking at, searching by."""

from typing import Any

from emulator.aws.lakeformation import access, existence, tagging
from emulator.aws.lakeformation.resources import ONLY, parse, terms_of
from emulator.aws.lakeformation.tags import require_manager
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, Lake, catalog, lake
from emulator.front.call import Call
from emulator.front.errors import AWSError, denied, invalid

#: "You can assign up to 50 LF-Tags to a resource": Lake Formation quotas.
MOST_TAGS = 50


def bearers(call: Call) -> list[tuple[str, ...]]:
    """The paths that the call's resource stands for: one, or one for each column."""
    path = parse(call.params["Resource"], str(call.get("CatalogId") or call.account))
    if path[1] != call.account:
        raise denied("A tag and the resource that bears it must belong to the same account")
    if path[0] not in ("database", "table", "columns"):
        raise invalid("Only databases, tables and columns bear LF-Tags")
    existence.require(path, call.region)
    if path[0] == "columns":
        if path[4][0] != ONLY:
            raise invalid("Columns are tagged by name")
        return [(*path[2:4], column) for column in path[4][1]]
    if path[-1] == "ALL_TABLES":
        raise invalid("Tables are tagged one by one")
    return [tuple(path[2:])]


def refuse_links(call: Call, path: tuple[str, ...]) -> None:
    database = catalog(call.account, call.region).databases[path[0]]
    if database.is_link or (len(path) > 1 and database.tables[path[1]].is_link):
        raise invalid("LF-Tags cannot be assigned to resource links")


@handles("lakeformation", "AddLFTagsToResource")
def add(call: Call) -> dict[str, Any]:
    """AddLFTagsToResource merges; a key that is there already gets the new value."""
    where, paths = lake(call.account, call.region), bearers(call)
    for path in paths:
        refuse_links(call, path)
    failures = []
    for index, pair in enumerate(call.params["LFTags"]):
        try:
            call.entry_fault(index)
            key, value = checked(call, where, pair)
            for path in paths:
                put_on(where, path, key, value)
        except AWSError as error:
            failures.append(failure(pair, error))
    return {"Failures": failures}


def put_on(where: Lake, path: tuple[str, ...], key: str, value: str) -> None:
    tags = where.assigned.setdefault(path, {})
    if key not in tags and len(tags) >= MOST_TAGS:
        raise AWSError("ResourceNumberLimitExceededException", f"A resource bears at most {MOST_TAGS} LF-Tags")
    tags[key] = value


def checked(call: Call, where: Lake, pair: Json) -> tuple[str, str]:
    """Key and value of a tag that may be put on: one value, which the tag has, in the same account."""
    if pair.get("CatalogId", call.account) != call.account:
        raise denied("A tag and the resource that bears it must belong to the same account")
    key, values = pair["TagKey"].lower(), [value.lower() for value in pair["TagValues"]]
    if len(values) != 1:
        raise invalid("A resource bears one value of an LF-Tag")
    existence.require_tag(where, key, tuple(values))
    require_manager(call, key, "ASSOCIATE")
    return key, values[0]


def failure(pair: Json, error: AWSError) -> Json:
    return {"LFTag": pair, "Error": {"ErrorCode": error.code, "ErrorMessage": error.message}}


@handles("lakeformation", "RemoveLFTagsFromResource")
def remove(call: Call) -> dict[str, Any]:
    """RemoveLFTagsFromResource: only assigned tags can be removed, inherited ones can't."""
    where, paths = lake(call.account, call.region), bearers(call)
    failures = []
    for index, pair in enumerate(call.params["LFTags"]):
        try:
            call.entry_fault(index)
            key, value = checked(call, where, pair)
            for path in paths:
                if where.assigned.get(path, {}).get(key) != value:
                    raise invalid(f"{key}={value} is not assigned to the resource")
                del where.assigned[path][key]
        except AWSError as error:
            failures.append(failure(pair, error))
    return {"Failures": failures}


@handles("lakeformation", "GetResourceLFTags")
def get(call: Call) -> dict[str, Any]:
    """GetResourceLFTags: with inherited tags, unless ShowAssignedLFTags is true."""
    where, paths = lake(call.account, call.region), bearers(call)
    for path in paths:
        access.require_visible(call, access.database_path(call.account, path[0]), call.region)
    assigned = bool(call.get("ShowAssignedLFTags"))
    look = tagging.assigned if assigned else tagging.effective
    first = paths[0]
    answer: Json = {"LFTagOnDatabase": tagging.pairs(call.account, look(where, first[0]))}
    if len(first) == 1:
        return answer
    answer["LFTagsOnTable"] = tagging.pairs(call.account, look(where, *first[:2]))
    names = [path[2] for path in paths] if len(first) == 3 else columns(call, first)
    answer["LFTagsOnColumns"] = on_columns(where, first[0], first[1], names, look)
    return answer


def columns(call: Call, path: tuple[str, ...]) -> list[str]:
    return catalog(call.account, call.region).databases[path[0]].tables[path[1]].columns()


def on_columns(where: Lake, database: str, table: str, names: list[str], look: Any) -> list[Json]:
    """Each column that bears a tag, with all of them."""
    tagged = [(name, look(where, database, table, name)) for name in names]
    return [{"Name": name, "LFTags": tagging.pairs(where.account, tags)} for name, tags in tagged if tags]


@handles("lakeformation", "SearchTablesByLFTags")
def search_tables(call: Call) -> dict[str, Any]:
    """SearchTablesByLFTags: tables that match by themselves or by a column, inherited tags counted."""
    where, terms = searched(call)
    found = []
    for database in sorted_databases(call):
        for name in sorted(database.tables):
            table = database.tables[name]
            path = access.table_path(call.account, database.name, name)
            if access.sees(call, path, call.region) and table_matches(where, table, terms):
                found.append(tagged_table(where, table))
    chosen, more = page(call, found, 100)
    return {"TableList": list(chosen), **more}


def searched(call: Call) -> tuple[Lake, tuple]:
    if call.get("CatalogId", call.account) != call.account:
        raise denied("The tags of another account's catalog cannot be searched")
    where, terms = lake(call.account, call.region), terms_of(call.params["Expression"])
    for key, values in terms:
        existence.require_tag(where, key, values)
    return where, terms


def sorted_databases(call: Call) -> list[Any]:
    databases = catalog(call.account, call.region).databases
    return [databases[name] for name in sorted(databases)]


def table_matches(where: Lake, table: Any, terms: tuple) -> bool:
    levels = [tagging.effective(where, table.database, table.name)]
    levels += [tagging.effective(where, table.database, table.name, c) for c in table.columns()]
    return any(tagging.matches(tags, terms) for tags in levels)


def tagged_table(where: Lake, table: Any) -> Json:
    names = {"CatalogId": where.account, "DatabaseName": table.database, "Name": table.name}
    return {
        "Table": names,
        "LFTagOnDatabase": tagging.pairs(where.account, tagging.assigned(where, table.database)),
        "LFTagsOnTable": tagging.pairs(where.account, tagging.effective(where, table.database, table.name)),
        "LFTagsOnColumns": on_columns(where, table.database, table.name, table.columns(), tagging.effective),
    }


@handles("lakeformation", "SearchDatabasesByLFTags")
def search_databases(call: Call) -> dict[str, Any]:
    where, terms = searched(call)
    found = []
    for database in sorted_databases(call):
        tags = tagging.assigned(where, database.name)
        if tagging.matches(tags, terms) and access.sees(call, access.database_path(call.account, database.name), call.region):
            body = {"CatalogId": call.account, "Name": database.name}
            found.append({"Database": body, "LFTags": tagging.pairs(call.account, tags)})
    chosen, more = page(call, found, 100)
    return {"DatabaseList": list(chosen), **more}
