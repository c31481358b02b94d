"""STS: AssumeRole of roles that exist and trust the caller.

moto hands out credentials for any ARN; AWS refuses with AccessDenied what does not exist or does not
trust the caller, without telling which of the two it is. Roles of suspended accounts are refused alike.
"""

import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from moto.iam.models import iam_backends

from emulator.aws.registry import corrects, handles
from emulator.front.accounts import usable
from emulator.front.call import Call
from emulator.front.clock import CLOCK
from emulator.front.errors import AWSError
from emulator.front.http import Response
from emulator.front.identity import IDENTITIES, Identity

ROLE_ARN = re.compile(r"arn:aws:iam::(\d{12}):role/(.+)$")
XML = {"Content-Type": "text/xml"}


def find_role(arn: str) -> Any | None:
    match = ROLE_ARN.match(arn)
    if not match or match[1] not in iam_backends:
        return None
    roles = iam_backends[match[1]]["aws"].roles.values()
    return next((role for role in roles if role.arn == arn), None)


def trusts(role: Any, call: Call) -> bool:
    """Whether the role's trust policy allows the caller: by account, by ARN or to everybody."""
    assert call.identity is not None
    names = {call.identity.arn, call.identity.principal, call.account, f"arn:aws:iam::{call.account}:root"}
    policy = role.assume_role_policy_document
    policy = json.loads(policy) if isinstance(policy, str) else policy
    for statement in policy["Statement"]:
        principal = statement.get("Principal", {})
        trusted = principal if isinstance(principal, str) else principal.get("AWS", [])
        trusted = [trusted] if isinstance(trusted, str) else trusted
        matches = any(fnmatchcase(name, pattern) for name in names for pattern in trusted)
        if statement["Effect"] == "Allow" and matches and external_id_agrees(statement, call):
            return True
    return False


def external_id_agrees(statement: dict[str, Any], call: Call) -> bool:
    wanted = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return wanted is None or wanted == call.get("ExternalId")


@corrects("sts", "AssumeRole")
def assume_role(call: Call, moto: Callable[[], Response]) -> Response:
    """AssumeRole, refused where AWS refuses it; the credentials that moto makes are remembered."""
    assert call.identity is not None
    arn = call.get("RoleArn")
    role = find_role(arn)
    if role is None or not trusts(role, call) or not usable(arn.split(":")[4]):
        message = f"User: {call.identity.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise AWSError("AccessDenied", message, 403)
    duration = int(call.get("DurationSeconds", 3600))
    if not 900 <= duration <= 43200:
        raise AWSError("ValidationError", "DurationSeconds must be between 900 and 43200")
    response = moto()
    if response.status == 200:
        remember(response.body.decode(), arn, call.get("RoleSessionName"), duration)
    return response


def remember(answer: str, role_arn: str, session: str, duration: int) -> None:
    def member(name: str) -> str:
        match = re.search(rf"<{name}>([^<]+)</{name}>", answer)
        assert match, f"moto's AssumeRole answer has no {name}"
        return match[1]

    account = role_arn.split(":")[4]
    IDENTITIES.remember(Identity(
        account=account,
        access_key=member("AccessKeyId"),
        secret=member("SecretAccessKey"),
        token=member("SessionToken"),
        expires=CLOCK.now() + duration,
        arn=f"arn:aws:sts::{account}:assumed-role/{role_arn.rpartition('/')[2]}/{session}",
        principal=role_arn,
    ))


@handles("sts", "GetCallerIdentity")
def get_caller_identity(call: Call) -> Response:
    assert call.identity is not None
    text = (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{call.identity.arn}</Arn><UserId>{call.identity.access_key}</UserId>"
        f"<Account>{call.account}</Account></GetCallerIdentityResult>"
        "<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    )
    return Response(200, text.encode(), XML)
