"""User-defined functions of a database, also of one in a catalog below the account's own."""

import re
from typing import Any

from emulator.aws.glue import catalogs
from emulator.aws.glue.lookup import already, catalog_of, is_nested
from emulator.aws.glue.lookup import database_of as own_database_of
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Database, Json
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import invalid, not_found


def database_of(call: Call) -> Database:
    return catalogs.database_in(call, "DatabaseName") if is_nested(call) else own_database_of(call)


def shown(call: Call, database: Database, given: Json) -> Json:
    return {**given, "DatabaseName": database.name, "CatalogId": call.get("CatalogId") or call.account}


def find(call: Call) -> tuple[Database, str]:
    database, name = database_of(call), call.params["FunctionName"].lower()
    if name not in database.functions:
        raise not_found(f"Function {name} not found")
    return database, name


@handles("glue", "CreateUserDefinedFunction")
def create(call: Call) -> None:
    database, given = database_of(call), dict(call.params["FunctionInput"])
    if not given.get("FunctionName"):
        raise invalid("FunctionName is missing")
    name = given["FunctionName"] = given["FunctionName"].lower()
    if name in database.functions:
        raise already("Function")
    database.functions[name] = {**given, "CreateTime": stamp()}


@handles("glue", "GetUserDefinedFunction")
def get(call: Call) -> dict[str, Any]:
    database, name = find(call)
    return {"UserDefinedFunction": shown(call, database, database.functions[name])}


@handles("glue", "GetUserDefinedFunctions")
def list_all(call: Call) -> dict[str, Any]:
    """GetUserDefinedFunctions: those whose names match the pattern, of one database or of all."""
    if call.get("DatabaseName"):
        databases = [database_of(call)]
    else:
        known = catalogs.databases_in(call) if is_nested(call) else catalog_of(call).databases
        databases = [known[name] for name in sorted(known)]
    pattern = re.compile(re.sub(r"(?<![.\])])\*", ".*", call.params["Pattern"]), re.IGNORECASE)
    found = [
        shown(call, database, database.functions[name])
        for database in databases for name in sorted(database.functions) if pattern.fullmatch(name)
    ]
    chosen, more = page(call, found, 100)
    return {"UserDefinedFunctions": list(chosen), **more}


@handles("glue", "UpdateUserDefinedFunction")
def update(call: Call) -> None:
    database, name = find(call)
    kept = database.functions[name]["CreateTime"]
    database.functions[name] = {**call.params["FunctionInput"], "FunctionName": name, "CreateTime": kept}


@handles("glue", "DeleteUserDefinedFunction")
def delete(call: Call) -> None:
    database, name = find(call)
    del database.functions[name]
