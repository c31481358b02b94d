"""Checks that what a grant names exists, as Lake Formation does before it writes the row."""

from emulator.aws.lakeformation import access
from emulator.aws.lakeformation.resources import ALL_TABLES, Path
from emulator.aws.state import Lake, catalog, lake
from emulator.front.errors import not_found


def require(path: Path, region: str) -> None:
    """Raises EntityNotFoundException for a resource, a column, a tag or a value that is not there."""
    form, owner, *rest = path
    where = lake(owner, region)
    if form == "database":
        access.require_database(owner, region, rest[0])
    elif form == "table":
        access.require_table(owner, region, rest[0], rest[1])
    elif form == "columns":
        access.require_table(owner, region, rest[0], rest[1])
        require_columns(owner, region, rest[0], rest[1], rest[2][1])
    elif form == "filter" and tuple(rest) not in where.filters:
        raise not_found(f"Data cells filter not found: {'.'.join(rest)}")
    elif form == "location" and access.registered_location(where, rest[0]) is None:
        raise not_found(f"Location {rest[0]} is not registered with Lake Formation")
    elif form == "tag":
        require_tag(where, rest[0], rest[1])
    elif form == "policy":
        require_policy(where, rest[1], rest[2])
    elif form == "expression" and rest[0] not in where.expressions:
        raise not_found(f"LF-Tag expression not found: {rest[0]}")


def require_columns(owner: str, region: str, database: str, table: str, names: tuple[str, ...]) -> None:
    if table == ALL_TABLES:
        return
    known = catalog(owner, region).databases[database].tables[table].columns()
    missing = [name for name in names if name.lower() not in (column.lower() for column in known)]
    if missing:
        raise not_found(f"Columns not found in {database}.{table}: {', '.join(missing)}")


def require_tag(where: Lake, key: str, values: tuple[str, ...]) -> None:
    if key not in where.tags:
        raise not_found(f"LF-Tag key not found: {key}")
    missing = [value for value in values if value not in where.tags[key] and value != "*"]
    if missing:
        raise not_found(f"LF-Tag {key} has no value {', '.join(missing)}")


def require_policy(where: Lake, terms: tuple, expression: str | None) -> None:
    if expression and expression.lower() not in where.expressions:
        raise not_found(f"LF-Tag expression not found: {expression}")
    for key, values in terms:
        require_tag(where, key, values)
