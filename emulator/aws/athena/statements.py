"""Prepared statements of a work group."""

from typing import Any

from emulator.aws.athena import refused
from emulator.aws.athena.groups import kept, require
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError

#: "a list of up to 256 prepared statements"
MOST_AT_ONCE = 256


def key(call: Call) -> tuple[str, str]:
    require(call, call.params["WorkGroup"])
    return call.params["WorkGroup"], call.params["StatementName"]


def find(call: Call) -> Json:
    found = kept(call).statements.get(key(call))
    if found is None:
        raise AWSError("ResourceNotFoundException", f"PreparedStatement {call.params['StatementName']} was not found")
    return found


@handles("athena", "CreatePreparedStatement")
def create(call: Call) -> None:
    if key(call) in kept(call).statements:
        raise refused(f"PreparedStatement {call.params['StatementName']} already exists")
    group, name = key(call)
    given = {member: call.params[member] for member in ("QueryStatement", "Description") if member in call.params}
    kept(call).statements[group, name] = {
        "StatementName": name, "WorkGroupName": group, **given, "LastModifiedTime": stamp()}


@handles("athena", "GetPreparedStatement")
def get(call: Call) -> dict[str, Any]:
    return {"PreparedStatement": find(call)}


@handles("athena", "BatchGetPreparedStatement")
def batch_get(call: Call) -> dict[str, Any]:
    group, names = call.params["WorkGroup"], call.params["PreparedStatementNames"]
    require(call, group)
    if len(names) > MOST_AT_ONCE:
        raise refused(f"At most {MOST_AT_ONCE} prepared statements")
    statements = kept(call).statements
    unknown = [
        {"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND",
         "ErrorMessage": f"PreparedStatement {name} was not found"}
        for name in names if (group, name) not in statements
    ]
    return {
        "PreparedStatements": [statements[group, name] for name in names if (group, name) in statements],
        "UnprocessedPreparedStatementNames": unknown}


@handles("athena", "ListPreparedStatements")
def list_all(call: Call) -> dict[str, Any]:
    group = call.params["WorkGroup"]
    require(call, group)
    statements = kept(call).statements
    listed = [
        {"StatementName": name, "LastModifiedTime": statements[group, name]["LastModifiedTime"]}
        for where, name in sorted(statements) if where == group
    ]
    chosen, more = page(call, listed, 50)
    return {"PreparedStatements": list(chosen), **more}


@handles("athena", "UpdatePreparedStatement")
def update(call: Call) -> None:
    """UpdatePreparedStatement replaces the statement and its description."""
    kept_now = find(call)
    kept_now.pop("Description", None)
    given = {member: call.params[member] for member in ("QueryStatement", "Description") if member in call.params}
    kept_now.update(given, LastModifiedTime=stamp())


@handles("athena", "DeletePreparedStatement")
def delete(call: Call) -> None:
    find(call)
    del kept(call).statements[key(call)]
