"""Catalogs below an account's own, and what lies in them.

A catalog federated to `aws:s3tables` holds one catalog for each table bucket of the account; others hold
databases themselves. Only administrators see into them: grants are not evaluated there.
"""

from typing import Any

from moto.s3tables.models import s3tables_backends

from emulator.aws.glue.lookup import already, lower_name
from emulator.aws.lakeformation import access
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Database, Json, NestedCatalog, Table, catalog
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import denied, invalid, not_found

TABLE_BUCKETS = "aws:s3tables"
#: Members of CatalogInput that are not part of the catalog.
ASKED_ONCE = {"OverwriteChildResourcePermissionsWithDefault"}


def is_container(found: NestedCatalog) -> bool:
    federated = found.given.get("FederatedCatalog") or {}
    return federated.get("ConnectionName") == TABLE_BUCKETS and ":bucket/*" in federated.get("Identifier", "")


def nested(call: Call) -> dict[str, NestedCatalog]:
    """All of the account's, by their paths: `s3tablescatalog/events`."""
    known = catalog(call.account, call.region).nested
    backends = s3tables_backends[call.account]
    # moto has table buckets in a few regions only.
    buckets = backends[call.region].table_buckets.values() if call.region in backends.regions else ()
    for container in [path for path, each in known.items() if is_container(each)]:
        for bucket in buckets:
            federated = {"Identifier": bucket.arn, "ConnectionName": TABLE_BUCKETS}
            known.setdefault(
                f"{container}/{bucket.name}", NestedCatalog(bucket.name, {"FederatedCatalog": federated}))
    return known


def path_of(call: Call, catalog_id: str) -> str:
    return catalog_id.removeprefix(f"{call.account}:")


def find(call: Call, catalog_id: str) -> NestedCatalog:
    found = nested(call).get(path_of(call, catalog_id))
    if found is None:
        raise not_found(f"Catalog {catalog_id} not found.")
    if not access.sees_all(call):
        raise denied(f"Insufficient Lake Formation permission(s): Required Describe on {catalog_id}")
    return found


def shown(call: Call, path: str, found: NestedCatalog) -> Json:
    return {
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [], **found.given,
        "CatalogId": f"{call.account}:{path}", "Name": found.name, "CreateTime": found.created,
        "UpdateTime": found.updated, "ResourceArn": f"arn:aws:glue:{call.region}:{call.account}:catalog/{path}",
    }


def root(call: Call) -> Json:
    return {
        "CatalogId": call.account, "Name": call.account,
        "ResourceArn": f"arn:aws:glue:{call.region}:{call.account}:catalog",
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
    }


@handles("glue", "CreateCatalog")
def create(call: Call) -> None:
    access.require(call, access.catalog_path(call.account), "CREATE_CATALOG")
    name, known = call.params["Name"], nested(call)
    if name in known:
        raise already("Catalog")
    given = {k: v for k, v in call.params["CatalogInput"].items() if k not in ASKED_ONCE}
    known[name] = NestedCatalog(name, given)


@handles("glue", "UpdateCatalog")
def update(call: Call) -> None:
    found = find(call, call.params["CatalogId"])
    found.given = {k: v for k, v in call.params["CatalogInput"].items() if k not in ASKED_ONCE}
    found.updated = stamp()


@handles("glue", "DeleteCatalog")
def delete(call: Call) -> None:
    """DeleteCatalog takes what lies in it along."""
    find(call, call.params["CatalogId"])
    gone, known = path_of(call, call.params["CatalogId"]), nested(call)
    for path in [path for path in known if path == gone or path.startswith(gone + "/")]:
        del known[path]


@handles("glue", "GetCatalog")
def get(call: Call) -> dict[str, Any]:
    wanted = call.params["CatalogId"]
    if wanted == call.account:
        return {"Catalog": root(call)}
    return {"Catalog": shown(call, path_of(call, wanted), find(call, wanted))}


@handles("glue", "GetCatalogs")
def list_all(call: Call) -> dict[str, Any]:
    """GetCatalogs: those right below the parent, or with Recursive all below it.

    IncludeRoot goes with no parent only. HasDatabases leaves out what holds nothing but catalogs.
    """
    parent = call.get("ParentCatalogId")
    if parent is not None and "IncludeRoot" in call.params:
        raise invalid("IncludeRoot cannot be given with ParentCatalogId")
    above = "" if parent in (None, call.account) else path_of(call, parent) + "/"
    if above:
        find(call, parent)
    found = [root(call)] if call.get("IncludeRoot") else []
    for path, each in sorted(nested(call).items()):
        rest = path.removeprefix(above)
        below = path.startswith(above) and (call.get("Recursive") or "/" not in rest)
        if below and access.sees_all(call) and not (call.get("HasDatabases") and is_container(each)):
            found.append(shown(call, path, each))
    chosen, more = page(call, found, 1000)
    return {"CatalogList": list(chosen), **more}


# --- databases and tables in them; the handlers of the account's own catalog come here ------------


def database_in(call: Call, member: str) -> Database:
    found = find(call, call.params["CatalogId"]).databases.get(str(call.params[member]).lower())
    if found is None:
        raise not_found(f"Database {call.params[member]} not found.")
    return found


def database_shown(call: Call, database: Database) -> Json:
    return {
        "CreateTableDefaultPermissions": [], **database.given, "CreateTime": database.created,
        "CatalogId": call.params["CatalogId"],
    }


def table_shown(call: Call, table: Table) -> Json:
    return {
        **table.given, "DatabaseName": table.database, "CreateTime": table.created, "UpdateTime": table.updated,
        "CreatedBy": table.created_by, "CatalogId": call.params["CatalogId"], "VersionId": str(table.version),
        "IsRegisteredWithLakeFormation": False,
    }


def create_database(call: Call) -> None:
    found, given = find(call, call.params["CatalogId"]), dict(call.params["DatabaseInput"])
    if is_container(found):
        raise invalid("The catalog holds catalogs only")
    name = lower_name(given)
    if name in found.databases:
        raise already("Database")
    found.databases[name] = Database(name, given, call.principal)


def get_database(call: Call) -> dict[str, Any]:
    return {"Database": database_shown(call, database_in(call, "Name"))}


def list_databases(call: Call) -> dict[str, Any]:
    found = find(call, call.params["CatalogId"]).databases
    chosen, more = page(call, [database_shown(call, found[name]) for name in sorted(found)], 100)
    return {"DatabaseList": list(chosen), **more}


def create_table(call: Call) -> None:
    database, given = database_in(call, "DatabaseName"), dict(call.get("TableInput") or {})
    if not given.get("Name"):
        raise invalid("Table name cannot be empty")
    name = lower_name(given)
    if name in database.tables:
        raise already("Table")
    database.tables[name] = Table(database.name, name, given, call.principal)


def databases_in(call: Call) -> dict[str, Database]:
    return find(call, call.params["CatalogId"]).databases


def table_in(call: Call, member: str) -> Table:
    found = database_in(call, "DatabaseName").tables.get(str(call.params[member]).lower())
    if found is None:
        raise not_found(f"Entity Not Found: Table {call.params[member]} not found.")
    return found


def get_table(call: Call) -> dict[str, Any]:
    return {"Table": table_shown(call, table_in(call, "Name"))}


def list_tables(call: Call) -> dict[str, Any]:
    tables = database_in(call, "DatabaseName").tables
    chosen, more = page(call, [table_shown(call, tables[name]) for name in sorted(tables)], 100)
    return {"TableList": list(chosen), **more}
