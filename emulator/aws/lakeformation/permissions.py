"""Which permissions there are on what, and what ALL stands for.

Lake Formation developer guide, "Lake Formation permissions reference". Listings keep ALL beside what it
stands for; SELECT on a table is a row of its own, so ALL on a table does not name it.
"""

from emulator.front.errors import invalid

DATABASE = frozenset({"ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"})
TABLE = frozenset({"ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT"})
SELECT = frozenset({"SELECT"})

#: What ALL stands for, by form.
ALL_OF = {
    "catalog": frozenset({"CREATE_DATABASE"}),
    "database": DATABASE,
    "table": TABLE,
    "columns": SELECT,
    "filter": SELECT,
    "location": frozenset({"DATA_LOCATION_ACCESS"}),
    "tag": frozenset({"ALTER", "DROP"}),
    "expression": frozenset({"ALTER", "DROP"}),
    "policy DATABASE": DATABASE,
    "policy TABLE": TABLE | SELECT,
}
#: What can be granted beside that.
MORE = {
    "catalog": {"CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION", "CREATE_CATALOG", "DESCRIBE"},
    "table": {"SELECT"},
    "filter": {"DESCRIBE", "DROP"},
    "tag": {"ASSOCIATE", "DESCRIBE", "GRANT_WITH_LF_TAG_EXPRESSION"},
    "expression": {"DESCRIBE", "GRANT_WITH_LF_TAG_EXPRESSION"},
}


def form_of(path: tuple) -> str:
    return f"policy {path[2]}" if path[0] == "policy" else str(path[0])


def check(path: tuple, permissions: list[str], grantable: list[str], revoking: bool = False) -> None:
    """Refuses permissions that the resource doesn't have, and grant options without the permission.

    Revoking may name grant options alone, which leaves the permissions themselves.
    """
    form = form_of(path)
    known = ALL_OF[form] | MORE.get(form, set()) | {"ALL"}
    wrong = sorted({*permissions, *grantable} - known)
    if wrong:
        raise invalid(f"Permissions modification is invalid: {', '.join(wrong)} on {form}")
    if not permissions and not (revoking and grantable):
        raise invalid("Permissions must not be empty")
    if not revoking and not set(grantable) <= set(permissions) and "ALL" not in permissions:
        raise invalid("Grantable permissions must be among the permissions granted")


def expanded(path: tuple, permissions: set[str]) -> set[str]:
    """With everything that ALL stands for."""
    return permissions | ALL_OF[form_of(path)] if "ALL" in permissions else set(permissions)


def reduced(path: tuple, permissions: set[str], revoked: set[str]) -> set[str]:
    """What is left: without any part of it, ALL is no longer ALL."""
    left = permissions - expanded(path, revoked)
    if not ALL_OF[form_of(path)] <= left:
        left.discard("ALL")
    return left
