"""Databases of the Data Catalog."""

from typing import Any

from moto.glue.models import glue_backends

from emulator.aws.glue import catalogs, tags
from emulator.aws.glue.lookup import (
    account_of,
    already,
    catalog_of,
    database_of,
    is_nested,
    lower_name,
)
from emulator.aws.lakeformation import access, defaults, erase
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Catalog, Database, lake
from emulator.front.call import Call
from emulator.front.errors import invalid

ATTRIBUTES = {"NAME": {"Name", "CatalogId"}, "TARGET_DATABASE": {"Name", "CatalogId", "TargetDatabase"}}


def shown(catalog: Catalog, database: Database) -> dict[str, Any]:
    body = {"CreateTableDefaultPermissions": [], **database.given}
    return {**body, "CreateTime": database.created, "CatalogId": catalog.account}


@handles("glue", "CreateDatabase")
def create(call: Call) -> None:
    """CreateDatabase. Leaving out CreateTableDefaultPermissions takes the data lake settings' default.

    Lake Formation developer guide, "Changing the default settings for your data lake": the settings'
    default permissions are given to every new database and table.
    """
    if is_nested(call):
        return catalogs.create_database(call)
    catalog = catalog_of(call)
    given = dict(call.params["DatabaseInput"])
    name = lower_name(given)
    if name in catalog.databases:
        raise already("Database")
    access.require(call, access.catalog_path(catalog.account), "CREATE_DATABASE")
    if given.get("LocationUri"):
        access.require_location(call, catalog.account, given["LocationUri"])
    settings = lake(catalog.account, call.region).settings
    given.setdefault("CreateTableDefaultPermissions", settings.get("CreateTableDefaultPermissions", []))
    catalog.databases[name] = Database(name, given, call.principal)
    defaults.on_new_database(call, catalog.account, name)
    arn = f"arn:aws:glue:{call.region}:{catalog.account}:database/{name}"
    glue_backends[catalog.account][call.region].tag_resource(arn, call.get("Tags") or {})


@handles("glue", "GetDatabase")
def get(call: Call) -> dict[str, Any]:
    if is_nested(call):
        return catalogs.get_database(call)
    database = database_of(call)
    access.require_visible(call, access.database_path(account_of(call), database.name), call.region)
    return {"Database": shown(catalog_of(call), database)}


@handles("glue", "GetDatabases")
def list_all(call: Call) -> dict[str, Any]:
    """GetDatabases: a caller sees the databases that it has any permission on, and no hint of others.

    ResourceShareType FOREIGN lists what other accounts share, ALL both, nothing only the own.
    """
    if is_nested(call):
        return catalogs.list_databases(call)
    own = catalog_of(call)
    kind = call.get("ResourceShareType")
    found = [] if kind == "FOREIGN" else visible(call, own)
    if kind in ("FOREIGN", "ALL"):
        for other in access.foreign_catalogs(call):
            found += visible(call, other)
    attributes = call.get("AttributesToGet")
    kept = set().union(*(ATTRIBUTES[a] for a in attributes)) if attributes else None
    chosen, more = page(call, found, 100)
    if kept is not None:
        chosen = [{k: v for k, v in body.items() if k in kept} for body in chosen]
    return {"DatabaseList": list(chosen), **more}


def visible(call: Call, catalog: Catalog) -> list[dict[str, Any]]:
    names = sorted(catalog.databases)
    path = access.database_path
    return [
        shown(catalog, catalog.databases[name])
        for name in names
        if access.sees(call, path(catalog.account, name), call.region)
    ]


@handles("glue", "UpdateDatabase")
def update(call: Call) -> None:
    database = database_of(call)
    access.require(call, access.database_path(account_of(call), database.name), "ALTER")
    given = dict(call.params["DatabaseInput"])
    if lower_name(given) != database.name:
        raise invalid("A database cannot be renamed")
    if given.get("LocationUri") and given["LocationUri"] != database.given.get("LocationUri"):
        access.require_location(call, account_of(call), given["LocationUri"])
    kept = database.given.get("CreateTableDefaultPermissions", [])
    given.setdefault("CreateTableDefaultPermissions", kept)
    database.given = given


@handles("glue", "DeleteDatabase")
def delete(call: Call) -> None:
    """DeleteDatabase takes the tables, and Lake Formation's permissions and tags on them, along."""
    database = database_of(call)
    access.require(call, access.database_path(account_of(call), database.name), "DROP")
    del catalog_of(call).databases[database.name]
    tags.forget(account_of(call), call.region, database.name)
    erase.database(account_of(call), call.region, database.name)
