"""RAM's operations on the shares of `shares`."""

from typing import Any

from moto.organizations.models import organizations_backends

from emulator.aws.lakeformation import principals
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.shares import (
    Invitation,
    Share,
    all_shares,
    answer_invitation,
    associate,
    invitations,
    new_share,
    shares_of,
)
from emulator.aws.state import Json
from emulator.front.accounts import MANAGEMENT, organization_of
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError

MOST = 500


def seen(call: Call) -> list[Share]:
    """SELF: the account's own shares. OTHER-ACCOUNTS: those that have arrived at it."""
    if call.params["resourceOwner"] == "SELF":
        found = list(shares_of(call.account, call.region).values())
    else:
        found = [s for s in all_shares(call.region) if s.owner != call.account and received(call, s)]
    wanted = call.get("resourceShareArns")
    return [share for share in found if not wanted or share.arn in wanted]


def received(call: Call, share: Share) -> bool:
    member_of = principals.memberships(call.account)
    return any(
        status == "ASSOCIATED" and (principals.account_of(p, share.owner) == call.account or p in member_of)
        for p, status in share.principals.items()
    )


def kind_of(arn: str) -> str:
    """RAM's resource type of an ARN: `glue:Database` for a database of the catalog."""
    parts = arn.split(":", 5)
    word = parts[5].split("/")[0]
    return f"{parts[2]}:{word[:1].upper()}{word[1:]}"


def shown(share: Share) -> Json:
    return {
        "resourceShareArn": share.arn, "name": share.name, "owningAccountId": share.owner,
        "allowExternalPrincipals": share.external_allowed, "status": share.status, "tags": share.tags,
        "creationTime": share.created, "lastUpdatedTime": share.updated, "featureSet": "STANDARD",
    }


def external(share: Share, principal: str) -> bool:
    account = principals.account_of(principal, share.owner)
    return account != "organization" and organization_of(account) is None


@handles("ram", "GetResourceShares")
def get_resource_shares(call: Call) -> dict[str, Any]:
    found = [s for s in seen(call) if call.get("name") in (None, s.name)]
    status = call.get("resourceShareStatus")
    found = [s for s in found if status in (None, s.status)]
    chosen, more = page(call, [shown(share) for share in found], MOST)
    return {"resourceShares": list(chosen), **more}


@handles("ram", "ListResources")
def list_resources(call: Call) -> dict[str, Any]:
    found = [
        {"arn": arn, "type": kind_of(arn), "resourceShareArn": s.arn, "status": "AVAILABLE",
         "creationTime": s.created, "lastUpdatedTime": s.updated, "resourceRegionScope": "REGIONAL"}
        for s in seen(call) for arn in sorted(s.resources)
        if call.get("principal") is None or call.get("principal") in s.principals
    ]
    found = [r for r in found if call.get("resourceType") in (None, r["type"])]
    found = [r for r in found if not call.get("resourceArns") or r["arn"] in call.params["resourceArns"]]
    chosen, more = page(call, found, MOST)
    return {"resources": list(chosen), **more}


@handles("ram", "ListPrincipals")
def list_principals(call: Call) -> dict[str, Any]:
    own = call.params["resourceOwner"] == "SELF"
    found = [
        {"id": p if own else s.owner, "resourceShareArn": s.arn, "creationTime": s.created,
         "lastUpdatedTime": s.updated, "external": external(s, p)}
        for s in seen(call) for p in sorted(s.principals)
        if call.get("resourceArn") is None or call.get("resourceArn") in s.resources
    ]
    found = [p for p in found if not call.get("principals") or p["id"] in call.params["principals"]]
    chosen, more = page(call, found, MOST)
    return {"principals": list(chosen), **more}


@handles("ram", "GetResourceShareAssociations")
def get_associations(call: Call) -> dict[str, Any]:
    """The associations as they stand; the status asked for is a filter, not an answer."""
    kind, wanted = call.params["associationType"], call.get("resourceShareArns")
    found = []
    for share in shares_of(call.account, call.region).values():
        if wanted and share.arn not in wanted:
            continue
        entities = share.principals if kind == "PRINCIPAL" else dict.fromkeys(sorted(share.resources), "ASSOCIATED")
        found += [association(share, kind, entity, status) for entity, status in entities.items()]
    given = call.get("principal") if kind == "PRINCIPAL" else call.get("resourceArn")
    found = [a for a in found if given in (None, a["associatedEntity"])]
    found = [a for a in found if call.get("associationStatus") in (None, a["status"])]
    chosen, more = page(call, found, MOST)
    return {"resourceShareAssociations": list(chosen), **more}


def association(share: Share, kind: str, entity: str, status: str) -> Json:
    return {
        "resourceShareArn": share.arn, "resourceShareName": share.name, "associatedEntity": entity,
        "associationType": kind, "status": status, "creationTime": share.created,
        "lastUpdatedTime": share.updated, "external": kind == "PRINCIPAL" and external(share, entity),
    }


def own_share(call: Call) -> Share:
    arn = call.params["resourceShareArn"]
    share = shares_of(call.account, call.region).get(arn)
    if share is None:
        raise AWSError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    return share


@handles("ram", "CreateResourceShare")
def create(call: Call) -> dict[str, Any]:
    share = new_share(call.account, call.region, call.params["name"], made_by_grants=False)
    share.external_allowed = bool(call.get("allowExternalPrincipals", True))
    share.tags = call.get("tags") or []
    share.permissions = call.get("permissionArns") or []
    add(share, call)
    return {"resourceShare": shown(share)}


def add(share: Share, call: Call) -> None:
    for principal in call.get("principals") or []:
        if external(share, principal) and not share.external_allowed:
            raise AWSError("OperationNotPermittedException", "The share does not allow external principals.")
        associate(share, principal)
    share.resources.update(call.get("resourceArns") or [])
    share.updated = stamp()


@handles("ram", "AssociateResourceShare")
def associate_share(call: Call) -> dict[str, Any]:
    share = own_share(call)
    add(share, call)
    entities = [("PRINCIPAL", p) for p in call.get("principals") or []]
    entities += [("RESOURCE", arn) for arn in call.get("resourceArns") or []]
    listed = [association(share, kind, e, share.principals.get(e, "ASSOCIATED")) for kind, e in entities]
    return {"resourceShareAssociations": listed}


@handles("ram", "DisassociateResourceShare")
def disassociate(call: Call) -> dict[str, Any]:
    share = own_share(call)
    for principal in call.get("principals") or []:
        share.principals.pop(principal, None)
    share.resources -= set(call.get("resourceArns") or [])
    return {"resourceShareAssociations": []}


@handles("ram", "DeleteResourceShare")
def delete(call: Call) -> dict[str, Any]:
    del shares_of(call.account, call.region)[own_share(call).arn]
    return {"returnValue": True}


@handles("ram", "EnableSharingWithAwsOrganization")
def enable_sharing(call: Call) -> dict[str, Any]:
    if call.account != MANAGEMENT:
        raise AWSError("OperationNotPermittedException", "Only the management account can enable sharing.")
    backend = organizations_backends[MANAGEMENT]["aws"]
    backend.standin_ram_sharing = True
    backend.enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    return {"returnValue": True}


def invitation_shown(invitation: Invitation) -> Json:
    return {
        "resourceShareInvitationArn": invitation.arn, "resourceShareName": invitation.share_name,
        "resourceShareArn": invitation.share, "senderAccountId": invitation.sender,
        "receiverAccountId": invitation.receiver, "invitationTimestamp": invitation.sent,
        "status": invitation.status,
    }


@handles("ram", "GetResourceShareInvitations")
def get_invitations(call: Call) -> dict[str, Any]:
    found = [invitation_shown(i) for i in invitations(call.account, call.region).values()]
    chosen, more = page(call, found, MOST)
    return {"resourceShareInvitations": list(chosen), **more}


@handles("ram", "AcceptResourceShareInvitation")
def accept(call: Call) -> dict[str, Any]:
    return answered(call, True)


@handles("ram", "RejectResourceShareInvitation")
def reject(call: Call) -> dict[str, Any]:
    return answered(call, False)


def answered(call: Call, accepted: bool) -> dict[str, Any]:
    arn = call.params["resourceShareInvitationArn"]
    invitation = invitations(call.account, call.region).get(arn)
    if invitation is None:
        raise AWSError("ResourceShareInvitationArnNotFoundException", f"{arn} could not be found.")
    if invitation.status == "EXPIRED":
        raise AWSError("ResourceShareInvitationExpiredException", f"{arn} has expired.")
    if invitation.status != "PENDING":
        raise AWSError(f"ResourceShareInvitationAlready{invitation.status.title()}Exception", "It was answered already.")
    answer_invitation(invitation, call.region, accepted)
    return {"resourceShareInvitation": invitation_shown(invitation)}
