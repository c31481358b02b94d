"""RAM resource shares: those that people make, and those that Lake Formation makes from grants.

Within an organization that enabled sharing, principals are associated at once. Outside, the receiving
account gets an invitation, and sees nothing until it accepts (RAM user guide, "Sharing your resources").
"""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from moto.ram.models import ram_backends

from emulator.aws.lakeformation import principals
from emulator.aws.state import Catalog, Json, Lake, catalog
from emulator.front.accounts import organization_of, sharing_enabled
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import denied


@dataclass
class Share:
    """One resource share with its associations; `made_by_grants` are Lake Formation's own."""

    arn: str
    name: str
    owner: str
    region: str
    made_by_grants: bool
    external_allowed: bool = True
    created: float = field(default_factory=stamp)
    updated: float = field(default_factory=stamp)
    status: str = "ACTIVE"
    principals: dict[str, str] = field(default_factory=dict)
    resources: set[str] = field(default_factory=set)
    permissions: list[str] = field(default_factory=list)
    tags: list[Json] = field(default_factory=list)


@dataclass
class Invitation:
    arn: str
    share: str
    share_name: str
    sender: str
    receiver: str
    status: str = "PENDING"
    sent: float = field(default_factory=stamp)


def shares_of(account: str, region: str) -> dict[str, Share]:
    """The shares that an account owns, by ARN; kept in moto's backend."""
    return ram_backends[account][region].__dict__.setdefault("standin_shares", {})  # type: ignore[no-any-return]


def invitations(account: str, region: str) -> dict[str, Invitation]:
    """The invitations that an account has received."""
    return ram_backends[account][region].__dict__.setdefault("standin_invitations", {})  # type: ignore[no-any-return]


def all_shares(region: str) -> list[Share]:
    known = [ram_backends[account] for account in list(ram_backends)]
    return [share for b in known for share in list(b[region].__dict__.get("standin_shares", {}).values())]


def new_share(owner: str, region: str, name: str, made_by_grants: bool) -> Share:
    arn = f"arn:aws:ram:{region}:{owner}:resource-share/{uuid4()}"
    share = Share(arn, name, owner, region, made_by_grants)
    shares_of(owner, region)[arn] = share
    return share


def associate(share: Share, principal: str) -> None:
    """Adds a principal: at once within the organization, after an invitation outside of it."""
    if principal in share.principals:
        return
    account = principals.account_of(principal, share.owner)
    inside = account == "organization" or (organization_of(account) is not None and sharing_enabled())
    share.principals[principal] = "ASSOCIATED" if inside else "ASSOCIATING"
    if not inside and account != "organization":
        arn = f"arn:aws:ram:{share.region}:{share.owner}:resource-share-invitation/{uuid4()}"
        received = invitations(account, share.region)
        received[arn] = Invitation(arn, share.arn, share.name, share.owner, account)


def answer_invitation(invitation: Invitation, region: str, accepted: bool) -> None:
    invitation.status = "ACCEPTED" if accepted else "REJECTED"
    share = shares_of(invitation.sender, region).get(invitation.share)
    for principal in share.principals if share else {}:
        if principals.account_of(principal, invitation.sender) == invitation.receiver and share:
            share.principals[principal] = "ASSOCIATED" if accepted else "FAILED"


def expire_invitations() -> int:
    """Time goes by: what nobody answered expires, and whom it was for is not associated."""
    expired = 0
    for backends in [ram_backends[account] for account in list(ram_backends)]:
        for region, backend in backends.items():
            for each in backend.__dict__.get("standin_invitations", {}).values():
                if each.status == "PENDING":
                    answer_invitation(each, region, accepted=False)
                    each.status = "EXPIRED"
                    expired += 1
    return expired


def is_open(arn: str | None, principal: str) -> bool:
    """Whether a grant that travels by this share has arrived: no share, or one that was accepted."""
    if arn is None:
        return True
    owner, region = arn.split(":")[4], arn.split(":")[3]
    share = shares_of(owner, region).get(arn)
    return share is not None and share.principals.get(principal) == "ASSOCIATED"


def resource_arns(path: tuple[Any, ...], region: str) -> list[str]:
    """What a grant shares: the database, its tables, or for tag policies the catalog."""
    form, owner, *rest = path
    stem = f"arn:aws:glue:{region}:{owner}"
    if form == "database":
        return [f"{stem}:catalog", f"{stem}:database/{rest[0]}"]
    if form in ("table", "columns", "filter"):
        name = "*" if rest[1] == "ALL_TABLES" else rest[1]
        return [f"{stem}:catalog", f"{stem}:database/{rest[0]}", f"{stem}:table/{rest[0]}/{name}"]
    return [f"{stem}:catalog"] if form in ("policy", "tag", "expression") else []


def require_sharing(owner: Catalog) -> None:
    """A catalog with a policy of its own must let RAM share it.

    Lake Formation developer guide, "Managing cross-account permissions using both AWS Glue and Lake Formation".
    """
    if owner.policy is None:
        return
    stated = json.loads(owner.policy["PolicyInJson"]).get("Statement") or []
    for statement in stated if isinstance(stated, list) else [stated]:
        services, actions = (statement.get("Principal") or {}), statement.get("Action")
        named = services.get("Service") if isinstance(services, dict) else services
        if "ram.amazonaws.com" in listed(named) and {"glue:ShareResource", "glue:*"} & set(listed(actions)):
            return
    raise denied("The Data Catalog's resource policy does not allow RAM to share: glue:ShareResource")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def share(call: Call, where: Lake, row: Any, version: int) -> str | None:
    """The share that carries a grant: one for each receiver, made with its first grant."""
    arns = resource_arns(row.path, call.region)
    if not arns:
        return None
    require_sharing(catalog(where.account, call.region))
    mine = shares_of(where.account, call.region).values()
    found = next((s for s in mine if s.made_by_grants and row.principal in s.principals), None)
    if found is None:
        name = f"LakeFormation-V{max(version, 1)}-{uuid4().hex[:10].upper()}"
        found = new_share(where.account, call.region, name, made_by_grants=True)
        associate(found, row.principal)
    found.resources.update(arns)
    found.updated = stamp()
    return found.arn


def forget_unused(where: Lake) -> None:
    """Lake Formation takes a share away with the last grant that it carried."""
    mine = shares_of(where.account, where.region)
    if not any(share.made_by_grants for share in mine.values()):
        return
    used: dict[str, set[str]] = {}
    for row in where.rows.values():
        if row.share:
            used.setdefault(row.share, set()).update(resource_arns(row.path, where.region))
    for arn, share in list(mine.items()):
        if share.made_by_grants:
            if arn not in used:
                del mine[arn]
            else:
                share.resources = used[arn]
