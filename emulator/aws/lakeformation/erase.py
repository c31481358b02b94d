"""What disappears together with a database or a table: permissions, tags and filters on it."""

from collections.abc import Callable

from emulator.aws.state import Lake, lake, lakes


def database(owner: str, region: str, name: str) -> None:
    drop(owner, region, lambda names: names[0] == name)


def table(owner: str, region: str, database_name: str, name: str) -> None:
    drop(owner, region, lambda names: names[:2] == (database_name, name))


def drop(owner: str, region: str, gone: Callable[[tuple], bool]) -> None:
    where = lake(owner, region)
    where.assigned = {path: tags for path, tags in where.assigned.items() if not gone(path)}
    where.filters = {path: body for path, body in where.filters.items() if not gone(path)}
    for each in lakes(region):
        drop_rows(each, owner, gone)


def drop_rows(where: Lake, owner: str, gone: Callable[[tuple], bool]) -> None:
    forms = ("database", "table", "columns", "filter")
    where.rows = {
        key: row for key, row in where.rows.items()
        if not (row.path[0] in forms and row.path[1] == owner and gone(tuple(row.path[2:])))
    }
