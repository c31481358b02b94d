"""Who calls: access keys of moto's IAM users, and credentials that AssumeRole has handed out."""

from dataclasses import dataclass

from moto.iam.models import iam_backends


@dataclass(frozen=True)
class Identity:
    """The owner of an access key.

    `arn` is what GetCallerIdentity says; `principal` is what Lake Formation knows the caller by:
    for an assumed role, the role itself.
    """

    account: str
    access_key: str
    secret: str
    arn: str
    principal: str
    token: str | None = None
    expires: float | None = None


class Identities:
    """Looks an access key up. Session credentials are remembered here, user keys live in moto's IAM."""

    def __init__(self) -> None:
        self.sessions: dict[str, Identity] = {}

    def remember(self, identity: Identity) -> None:
        self.sessions[identity.access_key] = identity

    def clear(self) -> None:
        self.sessions.clear()

    def find(self, access_key: str) -> Identity | None:
        if access_key in self.sessions:
            return self.sessions[access_key]
        for account in list(iam_backends):
            key = iam_backends[account]["aws"].access_keys.get(access_key)
            if key is None or key.user_name is None or key.status != "Active":
                continue
            arn = f"arn:aws:iam::{account}:user/{key.user_name}"
            return Identity(account, access_key, key.secret_access_key, arn, arn)
        return None


IDENTITIES = Identities()


def role_exists(arn: str) -> bool | None:
    """Whether the role or user exists; None where the account is not known here."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[4] not in iam_backends:
        return None
    iam = iam_backends[parts[4]]["aws"]
    if parts[5].startswith("role/"):
        return any(role.arn == arn for role in iam.roles.values())
    if parts[5].startswith("user/"):
        return parts[5].rpartition("/")[2] in iam.users
    return False
