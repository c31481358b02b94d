"""IAM's policy simulator: what a role or a user may do, by its own policies and the organization's.

IAM user guide, "Policy evaluation logic": an explicit denial wins; without an allowance the answer is no; what a
service control policy does not allow is not allowed. Of conditions, comparisons of strings and ARNs with the
context that was given are decided; a key that was not given is listed as missing, and its statement does not apply.
"""

import json
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any
from xml.sax.saxutils import escape

from moto.iam.models import iam_backends

from emulator.aws.iam_documents import documents_of, listed, service_controls
from emulator.aws.registry import handles
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response

Json = dict[str, Any]
XML = {"Content-Type": "text/xml"}
#: The number of actions that one page holds where MaxItems does not say.
PAGE = 100


def either(patterns: Any, value: str) -> bool:
    return any(fnmatchcase(value, str(pattern)) for pattern in listed(patterns))


COMPARISONS: dict[str, Callable[[Any, str], bool]] = {
    "StringEquals": lambda wanted, value: value in listed(wanted),
    "StringNotEquals": lambda wanted, value: value not in listed(wanted),
    "StringLike": either, "ArnLike": either, "ArnEquals": either,
    "StringNotLike": lambda wanted, value: not either(wanted, value),
    "ArnNotLike": lambda wanted, value: not either(wanted, value),
}


class Context:
    """The context keys of one simulation, and those that were needed and not given."""

    def __init__(self, entries: list[Json]):
        self.values = {e["ContextKeyName"].lower(): [str(v) for v in e.get("ContextKeyValues") or []] for e in entries}
        self.missing: set[str] = set()

    def meets(self, conditions: Json) -> bool:
        return all(self.meets_one(*one) for one in flattened(conditions))

    def meets_one(self, operator: str, key: str, wanted: Any) -> bool:
        given = self.values.get(key.lower())
        if given is None:
            self.missing.add(key)
            return operator.endswith("IfExists") or "Not" in operator
        compare = COMPARISONS.get(operator.removesuffix("IfExists").rpartition(":")[2])
        if compare is None:
            raise AWSError("InvalidInput", f"The stand-in does not know the condition operator {operator}")
        return any(compare(wanted, value) for value in given)


def flattened(conditions: Json) -> Iterator[tuple[str, str, Any]]:
    for operator, keys in conditions.items():
        for key, wanted in keys.items():
            yield operator, key, wanted


def applies(statement: Json, action: str, resource: str, context: Context) -> bool:
    name = action.lower()
    if "NotAction" in statement:
        fits = not any(fnmatchcase(name, p.lower()) for p in listed(statement["NotAction"]))
    else:
        fits = any(fnmatchcase(name, p.lower()) for p in listed(statement.get("Action", [])))
    # "*" simulates an action on all resources: a statement about some of them does not allow that.
    if "NotResource" in statement:
        fits = fits and not either(statement["NotResource"], resource)
    elif "Resource" in statement:
        fits = fits and either(statement["Resource"], resource)
    return fits and context.meets(statement.get("Condition", {}))


def decision(documents: list[Json], action: str, resource: str, context: Context) -> str:
    effects = {s["Effect"] for d in documents for s in listed(d["Statement"]) if applies(s, action, resource, context)}
    return "explicitDeny" if "Deny" in effects else "allowed" if "Allow" in effects else "implicitDeny"


def evaluation(call: Call, action: str, resource: str, documents: list[Json], account: str) -> str:
    context = Context(call.get("ContextEntries") or [])
    own = decision(documents, action, resource, context)
    levels = service_controls(account)
    by_organization = all(decision(level, action, resource, context) == "allowed" for level in levels)
    final = own if own != "allowed" or by_organization else "explicitDeny"
    missing = "".join(f"<member>{escape(key)}</member>" for key in sorted(context.missing))
    organization = ("<OrganizationsDecisionDetail><AllowedByOrganizations>"
                    f"{str(by_organization).lower()}</AllowedByOrganizations></OrganizationsDecisionDetail>")
    return (f"<member><EvalActionName>{escape(action)}</EvalActionName>"
            f"<EvalResourceName>{escape(resource)}</EvalResourceName><EvalDecision>{final}</EvalDecision>"
            f"<MatchedStatements/><MissingContextValues>{missing}</MissingContextValues>"
            f"{organization if levels else ''}</member>")


@handles("iam", "SimulatePrincipalPolicy")
def simulate(call: Call) -> Response:
    arn = str(call.params["PolicySourceArn"])
    account = arn.split(":")[4]
    documents = documents_of(arn) if account == call.account and account in iam_backends else None
    if documents is None:
        raise AWSError("NoSuchEntity", f"The entity {arn} cannot be found.", 404)
    resources = [str(arn) for arn in call.get("ResourceArns") or ["*"]]
    pairs = [(str(a), r) for a in call.params["ActionNames"] for r in resources]
    for action, _ in pairs:
        if ":" not in action:
            raise AWSError("InvalidInput", f"Invalid Action: {action}")
    start = int(call.get("Marker") or 0)
    end = start + int(call.get("MaxItems") or PAGE)
    given = [json.loads(text) for text in call.get("PolicyInputList") or []]
    results = "".join(evaluation(call, a, r, documents + given, account) for a, r in pairs[start:end])
    more = end < len(pairs)
    marker = f"<Marker>{end}</Marker>" if more else ""
    text = ('<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
            f"<SimulatePrincipalPolicyResult><IsTruncated>{str(more).lower()}</IsTruncated>{marker}"
            f"<EvaluationResults>{results}</EvaluationResults></SimulatePrincipalPolicyResult>"
            "<ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>"
            "</SimulatePrincipalPolicyResponse>")
    return Response(200, text.encode(), XML)
