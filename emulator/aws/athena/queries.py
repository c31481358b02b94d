"""Named queries. Several may have one name; the id tells them apart."""

from typing import Any
from uuid import uuid4

from emulator.aws.athena import refused
from emulator.aws.athena.groups import PRIMARY, kept, require
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json
from emulator.front.call import Call

MEMBERS = ("Name", "Description", "Database", "QueryString")


def find(call: Call) -> Json:
    identifier = call.params["NamedQueryId"]
    if identifier not in kept(call).queries:
        raise refused(f"NamedQuery {identifier} was not found")
    return kept(call).queries[identifier]


@handles("athena", "CreateNamedQuery")
def create(call: Call) -> dict[str, Any]:
    """A token that was used before gives the query that it made, or an error for another request."""
    group = call.get("WorkGroup") or PRIMARY
    require(call, group)
    found, token = kept(call), call.get("ClientRequestToken")
    if token and token in found.tokens:
        request, identifier = found.tokens[token]
        if request != call.params:
            raise refused("The token was used for another request")
        return {"NamedQueryId": identifier}
    identifier = str(uuid4())
    given = {member: call.params[member] for member in MEMBERS if member in call.params}
    found.queries[identifier] = {**given, "NamedQueryId": identifier, "WorkGroup": group}
    if token:
        found.tokens[token] = (dict(call.params), identifier)
    return {"NamedQueryId": identifier}


@handles("athena", "GetNamedQuery")
def get(call: Call) -> dict[str, Any]:
    return {"NamedQuery": find(call)}


@handles("athena", "BatchGetNamedQuery")
def batch_get(call: Call) -> dict[str, Any]:
    queries = kept(call).queries
    wanted = call.params["NamedQueryIds"]
    unknown = [
        {"NamedQueryId": i, "ErrorCode": "NAMED_QUERY_NOT_FOUND", "ErrorMessage": f"NamedQuery {i} was not found"}
        for i in wanted if i not in queries
    ]
    return {"NamedQueries": [queries[i] for i in wanted if i in queries], "UnprocessedNamedQueryIds": unknown}


@handles("athena", "ListNamedQueries")
def list_all(call: Call) -> dict[str, Any]:
    """The ids of one work group; where none is named, of the primary one."""
    group = call.get("WorkGroup") or PRIMARY
    require(call, group)
    listed = [i for i, query in kept(call).queries.items() if query["WorkGroup"] == group]
    chosen, more = page(call, listed, 50)
    return {"NamedQueryIds": list(chosen), **more}


@handles("athena", "UpdateNamedQuery")
def update(call: Call) -> None:
    find(call).update(
        {member: call.params[member] for member in ("Name", "Description", "QueryString") if member in call.params})


@handles("athena", "DeleteNamedQuery")
def delete(call: Call) -> None:
    del kept(call).queries[find(call)["NamedQueryId"]]
