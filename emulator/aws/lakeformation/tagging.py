"""Which tags a database, a table or a column bears: its own, and those it inherits.

"Tables inherit the LF-Tags of their database, columns those of their table; inherited values can be
overridden": Lake Formation developer guide, "Assigning LF-Tags to Data Catalog resources".
"""

from emulator.aws.lakeformation.resources import terms_of
from emulator.aws.state import Json, Lake


def assigned(lake: Lake, *path: str) -> dict[str, str]:
    return lake.assigned.get(path, {})


def effective(lake: Lake, *path: str) -> dict[str, str]:
    """The tags of a resource with those of everything above it; the nearest value wins."""
    tags: dict[str, str] = {}
    for depth in range(1, len(path) + 1):
        tags.update(assigned(lake, *path[:depth]))
    return tags


def pairs(account: str, tags: dict[str, str]) -> list[Json]:
    return [{"CatalogId": account, "TagKey": key, "TagValues": [tags[key]]} for key in sorted(tags)]


def matches(tags: dict[str, str], terms: tuple) -> bool:
    """Whether tags satisfy a policy: every key, with one of its values."""
    return all(tags.get(key) in values or ("*" in values and key in tags) for key, values in terms)


def terms_of_policy(lake: Lake, path: tuple) -> tuple:
    """The terms of an LF-Tag policy, those of a named expression looked up."""
    if path[4]:
        expression = lake.expressions.get(path[4].lower())
        return terms_of(expression["Expression"]) if expression else (("", ()),)
    return tuple(path[3])
