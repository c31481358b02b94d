"""The policies that decide for a principal: its own, its groups', and the organization's for its account."""

import json
from typing import Any

from moto.iam.models import iam_backends

from emulator.front.accounts import MANAGEMENT, organization_of

Json = dict[str, Any]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def parsed(document: Any) -> Json:
    return json.loads(document) if isinstance(document, str) else document  # type: ignore[no-any-return]


def documents_of(arn: str) -> list[Json] | None:
    """Every inline and managed policy of a role, or of a user with its groups; None where there is no such one."""
    iam = iam_backends[arn.split(":")[4]]["aws"]
    role = next((role for role in iam.roles.values() if role.arn == arn), None)
    if role is not None:
        return held(role)
    user = next((user for user in iam.users.values() if user.arn == arn), None)
    if user is None:
        return None
    groups = [group for group in iam.groups.values() if user in group.users]
    return [document for holder in (user, *groups) for document in held(holder)]


def held(holder: Any) -> list[Json]:
    inline = [parsed(document) for document in holder.policies.values()]
    return inline + [parsed(policy.document) for policy in holder.managed_policies.values()]


def service_controls(account: str) -> list[list[Json]]:
    """The service control policies of the root, each unit down to the account, and the account itself.

    Each level has to allow an action. They do not bind the management account, nor where the type of policy is not
    enabled, which moto shows by having none attached.
    """
    backend = organization_of(account)
    if backend is None or account == MANAGEMENT:
        return []
    member = next(each for each in backend.accounts if each.id == account)
    path, parent = [account], member.parent_id
    while parent:
        path.append(str(parent))
        unit = next((unit for unit in backend.ou if unit.id == parent), None)
        parent = unit.parent_id if unit is not None and parent != backend.org.root_id else None
    levels = [controls_of(backend, target) for target in path]
    return [level for level in levels if level]


def controls_of(backend: Any, target: str) -> list[Json]:
    return [
        parsed(policy.content) for policy in backend.policies
        if policy.type == "SERVICE_CONTROL_POLICY" and any(a.id == target for a in policy.attachments)
    ]
