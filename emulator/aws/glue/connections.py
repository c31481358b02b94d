"""Connections, with every member kept. Passwords are left out where HidePassword says so."""

from typing import Any

from emulator.aws.glue.lookup import already
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, catalog
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError, not_found

SECRETS = ("PASSWORD", "ENCRYPTED_PASSWORD")


def store(call: Call) -> dict[str, Json]:
    return catalog(call.account, call.region).connections


def find(call: Call) -> Json:
    name = call.get("Name") or call.get("ConnectionName")
    if name not in store(call):
        raise not_found(f"Connection {name} not found.")
    return store(call)[name]


def shown(call: Call, connection: Json) -> Json:
    properties = dict(connection.get("ConnectionProperties") or {})
    if call.get("HidePassword"):
        properties = {name: value for name, value in properties.items() if name not in SECRETS}
    return {**connection, "ConnectionProperties": properties}


@handles("glue", "CreateConnection")
def create(call: Call) -> dict[str, Any]:
    given, now = dict(call.params["ConnectionInput"]), stamp()
    given.pop("ValidateCredentials", None)
    if given["Name"] in store(call):
        raise already("Connection")
    store(call)[given["Name"]] = {
        **given, "CreationTime": now, "LastUpdatedTime": now, "LastUpdatedBy": call.principal, "Status": "READY"}
    return {"CreateConnectionStatus": "READY"}


@handles("glue", "GetConnection")
def get(call: Call) -> dict[str, Any]:
    return {"Connection": shown(call, find(call))}


@handles("glue", "GetConnections")
def list_all(call: Call) -> dict[str, Any]:
    wanted = call.get("Filter") or {}
    found = [shown(call, store(call)[name]) for name in sorted(store(call))]
    found = [c for c in found if wanted.get("ConnectionType") in (None, c.get("ConnectionType"))]
    found = [c for c in found if set(wanted.get("MatchCriteria") or []) <= set(c.get("MatchCriteria") or [])]
    chosen, more = page(call, found, 1000)
    return {"ConnectionList": list(chosen), **more}


@handles("glue", "UpdateConnection")
def update(call: Call) -> None:
    """UpdateConnection replaces the definition; the time of creation stays."""
    kept, given = find(call), dict(call.params["ConnectionInput"])
    given.pop("ValidateCredentials", None)
    fixed = {"Name": kept["Name"], "CreationTime": kept["CreationTime"], "Status": "READY"}
    store(call)[kept["Name"]] = {
        **given, **fixed, "LastUpdatedTime": stamp(), "LastUpdatedBy": call.principal}


@handles("glue", "DeleteConnection")
def delete(call: Call) -> None:
    del store(call)[find(call)["Name"]]


@handles("glue", "BatchDeleteConnection")
def batch_delete(call: Call) -> dict[str, Any]:
    done, errors = [], {}
    for index, name in enumerate(call.params["ConnectionNameList"]):
        try:
            call.entry_fault(index)
            call.params["ConnectionName"] = name
            delete(call)
            done.append(name)
        except AWSError as error:
            errors[name] = {"ErrorCode": error.code, "ErrorMessage": error.message}
    return {"Succeeded": done, "Errors": errors}
