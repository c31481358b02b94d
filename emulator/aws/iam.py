"""IAM where it hides things: explicit denials of databases and tables in a role's inline policies.

"Filter tables by GetTables permission", in the examples of identity-based policies of the Glue developer guide:
a listing leaves out what the caller's policies do not allow, without a word. Only explicit denials are evaluated
here, and only where Glue lists or shows a database or a table.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends

from emulator.front.call import Call


def arn_of(call: Call, path: tuple[str, ...]) -> str:
    """The ARN that policies name a database or a table by."""
    return f"arn:aws:glue:{call.region}:{path[1]}:{path[0]}/{'/'.join(path[2:])}"


def denies(call: Call, path: tuple[str, ...]) -> bool:
    """Whether the caller's role is denied this operation on a database or a table."""
    if call.service != "glue" or call.identity is None or path[0] not in ("database", "table"):
        return False
    action, arn = f"glue:{call.operation}", arn_of(call, path)
    return any(
        statement.get("Effect") == "Deny" and matches(statement, "Action", action) and matches(statement, "Resource", arn)
        for statement in statements(call.identity.principal)
    )


def statements(principal: str) -> list[dict[str, Any]]:
    account = principal.split(":")[4]
    roles = iam_backends[account]["aws"].roles.values() if account in iam_backends else ()
    found = []
    for role in roles:
        if role.arn == principal:
            for document in role.policies.values():
                listed = json.loads(document)["Statement"]
                found += listed if isinstance(listed, list) else [listed]
    return found


def matches(statement: dict[str, Any], member: str, value: str) -> bool:
    patterns = statement.get(member, [])
    return any(fnmatchcase(value, pattern) for pattern in ([patterns] if isinstance(patterns, str) else patterns))
