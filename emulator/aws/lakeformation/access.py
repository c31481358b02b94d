"""Who may do what: permissions evaluated as Lake Formation documents them.

Data lake administrators see everything in their account's catalog, may create databases, have every
data location and may grant anything; they may not alter or drop what others made without granting
themselves the permission first ("Implicit Lake Formation permissions" in the developer guide).
"""

from collections.abc import Iterator

from emulator.aws import iam, shares
from emulator.aws.lakeformation import principals, tagging
from emulator.aws.lakeformation.resources import ALL_TABLES, Path
from emulator.aws.lakeformation.rows import Row
from emulator.aws.state import IAM_ALLOWED, Catalog, Lake, catalog, lake, lakes
from emulator.front.call import Call
from emulator.front.errors import denied, not_found


def catalog_path(account: str) -> Path:
    return ("catalog", account)


def database_path(account: str, database: str) -> Path:
    return ("database", account, database)


def table_path(account: str, database: str, table: str) -> Path:
    return ("table", account, database, table)


def listed(where: Lake, member: str, principal: str) -> bool:
    entries = where.settings.get(member) or []
    return any(entry["DataLakePrincipalIdentifier"] == principal for entry in entries)


def is_admin(call: Call, region: str | None = None) -> bool:
    """Whether the caller administers the data lake of its own account."""
    return listed(lake(call.account, region or call.region), "DataLakeAdmins", call.principal)


def sees_all(call: Call, region: str | None = None) -> bool:
    """Administrators and read-only administrators see all metadata and all permissions."""
    where = lake(call.account, region or call.region)
    return is_admin(call, region) or listed(where, "ReadOnlyAdmins", call.principal)


def rows_for(call: Call, owner: str, region: str) -> Iterator[Row]:
    """The rows that count for the caller, on resources of the owner's catalog."""
    account, own = call.account, lake(call.account, region)
    names = {call.principal, f"{account}:IAMPrincipals", *principals.memberships(account)}
    if owner == account:
        names.add(IAM_ALLOWED)
    elif sees_all(call, region):
        names.add(account)
    for row in list(lake(owner, region).rows.values()):
        if row.principal in names and shares.is_open(row.share, row.principal):
            yield row
    if owner != account:
        yield from (row for row in list(own.rows.values()) if row.path[1] == owner and row.principal in names)


def covers(row: Row, path: Path, region: str) -> bool:
    """Whether a row is on the resource itself, or on something that stands for it."""
    if row.path == path:
        return True
    if row.path[1] != path[1]:
        return False
    if row.path[0] == "policy":
        return policy_covers(row, path, region)
    if path[0] == "table":
        return row.path[:3] == path[:3] and row.path[3] == ALL_TABLES
    return False


def policy_covers(row: Row, path: Path, region: str) -> bool:
    where = lake(path[1], region)
    terms = tagging.terms_of_policy(where, row.path)
    if row.path[2] == "DATABASE" and path[0] == "database":
        return tagging.matches(tagging.effective(where, path[2]), terms)
    if row.path[2] == "TABLE" and path[0] == "table":
        names = [path[3]]
        tags = [tagging.effective(where, path[2], *names)]
        tags += [tagging.effective(where, *key) for key in where.assigned if key[:2] == path[2:4] and len(key) == 3]
        return any(tagging.matches(each, terms) for each in tags)
    return False


def touches(row: Row, path: Path, region: str) -> bool:
    """Whether a row lets its principal know that the resource exists: any permission in or on it."""
    if covers(row, path, region):
        return True
    if row.path[1] != path[1]:
        return False
    if path[0] == "table":
        return row.path[0] in ("columns", "filter") and row.path[2] == path[2] and row.path[3] in (path[3], ALL_TABLES)
    if path[0] == "database" and row.path[0] in ("table", "columns", "filter"):
        return row.path[2] == path[2]
    if path[0] == "database" and row.path[0] == "policy" and row.path[2] == "TABLE":
        database = catalog(path[1], region).databases.get(path[2])
        tables = database.tables if database else {}
        return any(covers(row, table_path(path[1], path[2], name), region) for name in tables)
    return False


def sees(call: Call, path: Path, region: str) -> bool:
    if iam.denies(call, path):
        return False
    if path[1] == call.account and sees_all(call, region):
        return True
    return any(touches(row, path, region) for row in rows_for(call, path[1], region))


def require_visible(call: Call, path: Path, region: str) -> None:
    if iam.denies(call, path):
        asked = f"perform: glue:{call.operation} on resource: {iam.arn_of(call, path)}"
        raise denied(f"User: {call.identity.arn if call.identity else ''} is not authorized to {asked}")
    if not sees(call, path, region):
        raise denied(f"Insufficient Lake Formation permission(s): Required Describe on {path[-1]}")


def may(call: Call, path: Path, *any_of: str) -> bool:
    if path[0] == "catalog" and path[1] == call.account and is_admin(call):
        return True
    for row in rows_for(call, path[1], call.region):
        if covers(row, path, call.region) and any(row.allows(permission) for permission in any_of):
            return True
    return False


def require(call: Call, path: Path, *any_of: str) -> None:
    if not may(call, path, *any_of):
        words = " or ".join(permission.replace("_", " ").title() for permission in any_of)
        raise denied(f"Insufficient Lake Formation permission(s): Required {words} on {path[-1]}")


def require_admin(call: Call, what: str) -> None:
    if not is_admin(call):
        raise denied(f"Insufficient Lake Formation permission(s): {what} requires a data lake administrator")


def location_arn(location: str) -> str | None:
    """The ARN of an S3 location, or None for a location elsewhere."""
    for scheme in ("s3://", "s3a://", "s3n://"):
        if location.startswith(scheme):
            return "arn:aws:s3:::" + location.removeprefix(scheme).rstrip("/")
    return None


def below(arn: str, above: str) -> bool:
    above = above.rstrip("/")
    return arn == above or arn.startswith(above + "/")


def registered_location(where: Lake, location: str) -> str | None:
    """The registered location at or above this one."""
    arn = location_arn(location) if not location.startswith("arn:") else location
    return next((known for known in where.locations if arn and below(arn, known)), None)


def require_location(call: Call, owner: str, location: str) -> None:
    """CREATE and ALTER that point into a registered location need DATA_LOCATION_ACCESS there.

    Developer guide, "Underlying data access control"; administrators have it everywhere.
    """
    if registered_location(lake(owner, call.region), location) is None:
        return
    if owner == call.account and is_admin(call):
        return
    arn = location_arn(location) or ""
    rows = rows_for(call, owner, call.region)
    if not any(row.path[0] == "location" and below(arn, row.path[2]) for row in rows):
        raise denied(f"Insufficient Lake Formation permission(s) on {location}")


def foreign_catalogs(call: Call) -> list[Catalog]:
    """Catalogs of other accounts in which the caller can see anything."""
    others = sorted({where.account for where in lakes(call.region)} - {call.account})
    return [catalog(account, call.region) for account in others]


def require_database(owner: str, region: str, name: str) -> None:
    if name not in catalog(owner, region).databases:
        raise not_found(f"Database not found: {name}")


def require_table(owner: str, region: str, database: str, name: str) -> None:
    require_database(owner, region, database)
    if name != ALL_TABLES and name not in catalog(owner, region).databases[database].tables:
        raise not_found(f"Table not found: {database}.{name}")
