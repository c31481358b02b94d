"""Accounts: the management account with its user `oncall`, and those that an account factory vends.

AWS chooses account ids itself, and moto draws them at random. A mesh whose accounts are written down
needs fixed ones, so `add` makes the account through moto's Organizations and then gives it the id that
was asked for. Nothing else goes round the public API.
"""

import json
import threading
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.organizations.models import organizations_backends

from emulator.front.identity import IDENTITIES

MANAGEMENT = "900000000000"
USER = "oncall"
LOCK = threading.RLock()
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class BadAccount(Exception):
    """What was asked for is no account, or it exists already."""


@dataclass
class BaseKey:
    access_key: str = ""
    secret: str = ""


BASE = BaseKey()


def reset() -> None:
    """Empties everything and starts again; the base user keeps the key that it was given first."""
    BackendDict.reset()
    IDENTITIES.clear()
    iam = iam_backends[MANAGEMENT]["aws"]
    iam.create_user("us-east-1", USER)
    key = iam.create_access_key(USER)
    if BASE.access_key:
        del iam.access_keys[key.access_key_id]
        key.access_key_id, key.secret_access_key = BASE.access_key, BASE.secret
        iam.access_keys[key.access_key_id] = key
    BASE.access_key, BASE.secret = key.access_key_id, key.secret_access_key


def organization() -> Any:
    """moto's Organizations backend of the management account, with the organization made."""
    backend = organizations_backends[MANAGEMENT]["aws"]
    if backend.org is None:
        backend.create_organization("us-east-1", FeatureSet="ALL")
    return backend


def organization_of(account: str) -> Any | None:
    """The organization that an account is in, or None."""
    backend = organizations_backends[MANAGEMENT]["aws"]
    if backend.org is not None and any(member.id == account for member in backend.accounts):
        return backend
    return None


def sharing_enabled() -> bool:
    """Whether EnableSharingWithAwsOrganization was called: shares then need no invitation."""
    backend = organizations_backends[MANAGEMENT]["aws"]
    return bool(backend.__dict__.get("standin_ram_sharing", False))


def add(spec: dict[str, Any]) -> None:
    """One account: id, name, roles, and its unit by the path below the root, such as Domains/Sales; none is the root."""
    account, name = str(spec.get("id", "")), str(spec.get("name", ""))
    if len(account) != 12 or not account.isdigit() or not name:
        raise BadAccount(f"an account needs a twelve-digit id and a name, not {spec!r}")
    with LOCK:
        if spec.get("outside"):
            iam_backends[account]["aws"]
        else:
            join(account, name, str(spec.get("unit") or ""))
        for role in spec.get("roles", []):
            create_role(account, role if isinstance(role, dict) else {"name": role})


def join(account: str, name: str, unit: str) -> None:
    backend = organization()
    if any(member.id == account for member in backend.accounts):
        return
    backend.create_account(AccountName=name, Email=f"{name}@nimbuscart.example", Tags=[])
    member = backend.accounts[-1]
    drawn, member.id = member.id, account
    organizations_backends.master_accounts[account] = organizations_backends.master_accounts.pop(drawn)
    for policy in backend.policies:
        policy.attachments = [member if a is member else a for a in policy.attachments]
    iam_backends.pop(drawn, None)
    if unit:
        member.parent_id = unit_id(backend, unit)


def unit_id(backend: Any, path: str) -> str:
    """The id of a unit, which is made with those around it where it is not there."""
    parent = str(backend.org.root_id)
    for name in path.split("/"):
        known = next((unit for unit in backend.ou if unit.name == name and unit.parent_id == parent), None)
        if known is None:
            made = backend.create_organizational_unit(Name=name, ParentId=parent)
            parent = str(made["OrganizationalUnit"]["Id"])
        else:
            parent = str(known.id)
    return parent


def set_state(account: str, state: str) -> None:
    """What only AWS does to an account: suspends it, or lets it be used again."""
    if state not in ("ACTIVE", "SUSPENDED", "PENDING_ACTIVATION", "PENDING_CLOSURE", "CLOSED"):
        raise BadAccount(f"an account can't be {state!r}")
    for member in organization().accounts:
        if member.id == account:
            member.state = state
            member.status = {"CLOSED": "SUSPENDED", "PENDING_ACTIVATION": "ACTIVE"}.get(state, state)
            return
    raise BadAccount(f"no account {account} in the organization")


def usable(account: str) -> bool:
    """Whether anybody can work in an account: not once it is suspended or closed."""
    backend = organization_of(account)
    members = backend.accounts if backend else []
    return all(m.state in ("ACTIVE", "PENDING_CLOSURE") for m in members if m.id == account)


def add_key(spec: dict[str, Any]) -> dict[str, Any]:
    """A multi-region key of KMS with the id that was asked for, and its replicas: AWS chooses ids itself.

    moto takes the ids that it draws itself; others, like those of AWS, only in ARNs.
    """
    account, region, key_id = (str(spec.get(name, "")) for name in ("account", "region", "id"))
    if not (account and region and key_id.startswith("mrk-")):
        raise BadAccount(f"a key needs an account, a region and an id that begins with mrk-, not {spec!r}")
    backend = kms_backends[account][region]
    key = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None, multi_region=True)
    del backend.keys[key.id]
    key.multi_region_configuration["PrimaryKey"]["Arn"] = key.arn = key.arn.replace(key.id, key_id)
    key.id = key_id
    backend.keys[key_id] = key
    for replica in spec.get("replicas", []):
        backend.replicate_key(key_id, replica)
    return {"arn": key.arn}


def create_role(account: str, role: dict[str, Any]) -> None:
    """A role that the management account and its own may assume, unless it says whom it trusts.

    It may do everything, unless it says what: `policies` are inline policies by name.
    """
    trusted = [f"arn:aws:iam::{MANAGEMENT}:root", f"arn:aws:iam::{account}:root"]
    trust = role.get("trust") or {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": trusted}, "Action": "sts:AssumeRole"}],
    }
    iam = iam_backends[account]["aws"]
    if any(known.name == role["name"] for known in iam.roles.values()):
        return
    iam.create_role(
        role_name=role["name"], assume_role_policy_document=json.dumps(trust), path=role.get("path", "/"),
        permissions_boundary=None, description="", tags=[], max_session_duration="43200",
    )
    for name, document in role.get("policies", {"everything": EVERYTHING}).items():
        iam.put_role_policy(role["name"], name, json.dumps(document))
