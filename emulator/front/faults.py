"""Faults on demand: rules that make matching calls fail, and regions that can be lost.

A rule is JSON: what it matches (`service`, `operation`, `account`, `region`: globs), what it does
(`action`), and how often (`probability` with `seed`, `after` matching calls, at most `times`).
"""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from emulator.front.call import Call
from emulator.front.errors import AWSError, ConnectionCut, denied
from emulator.front.http import Response
from emulator.front.signatures import refusal

#: Before the call is carried out.
BEFORE = {"throttle", "status", "error", "deny", "cut-before", "stall", "latency", "expired-token", "limit"}
#: After it, on its answer.
AFTER = {"cut-mid-body", "cut-after", "truncate-json", "repeat-token", "slow-body"}
#: While it is carried out.
WITHIN = {"batch-entry-failure"}
MATCHED = ("service", "operation", "account", "region")
KNOWN = set(MATCHED) | {
    "action", "probability", "seed", "after", "times", "status", "body", "code", "message", "milliseconds",
    "seconds", "rate", "burst", "entries", "retryAfter",
}


class BadRule(Exception):
    """A rule that can't be understood."""


@dataclass
class Bucket:
    """A token bucket: `rate` calls a second, `burst` at once."""

    rate: float
    tokens: float
    burst: float
    filled_at: float = field(default_factory=time.monotonic)

    def take(self) -> bool:
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Rule:
    """One fault, with its own random numbers and count, so that a run can be repeated."""

    def __init__(self, spec: dict[str, Any]):
        unknown = set(spec) - KNOWN
        if unknown or spec.get("action") not in BEFORE | AFTER | WITHIN:
            raise BadRule(f"unknown members {sorted(unknown)} or action {spec.get('action')!r}")
        if spec["action"] == "limit" and not spec.get("rate"):
            raise BadRule("a limit needs a rate")
        self.spec = spec
        self.action: str = spec["action"]
        self.random = random.Random(spec.get("seed", 0))
        self.matched = 0
        self.fired = 0
        self.buckets: dict[tuple[str, ...], Bucket] = {}
        self.last_tokens: dict[tuple[str, str], str] = {}

    def matches(self, call: Call) -> bool:
        have = {"service": call.service, "operation": call.operation or "", "account": call.account, "region": call.region}
        return all(fnmatchcase(have[name], str(self.spec.get(name, "*"))) for name in MATCHED)

    def fires(self, call: Call) -> bool:
        """Whether this matching call is hit; counts it."""
        self.matched += 1
        if self.matched <= self.spec.get("after", 0) or self.fired >= self.spec.get("times", float("inf")):
            return False
        if self.random.random() >= self.spec.get("probability", 1.0):
            return False
        if self.action == "limit" and self.bucket(call).take():
            return False
        self.fired += 1
        return True

    def bucket(self, call: Call) -> Bucket:
        """One bucket for each account, region, service and class of operation (reading or writing)."""
        reading = (call.operation or "").startswith(("Get", "List", "Describe", "Search", "BatchGet", "Head"))
        key = (call.account, call.region, call.service, "read" if reading else "write")
        rate = float(self.spec["rate"])
        burst = float(self.spec.get("burst", max(1.0, rate)))
        if key not in self.buckets:
            self.buckets[key] = Bucket(rate, burst, burst)
        return self.buckets[key]


class Faults:
    """The rules in force and the regions that are lost."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: list[Rule] = []
        self.lost: set[str] = set()

    def clear(self) -> None:
        with self.lock:
            self.rules.clear()

    def hits(self, call: Call) -> list[Rule]:
        if not self.rules:
            return []
        with self.lock:
            return [rule for rule in self.rules if rule.matches(call) and rule.fires(call)]


def before(rule: Rule, call: Call) -> Response | None:
    """What the rule does to the call before it is carried out: an answer, an error, or a delay."""
    spec = rule.spec
    if rule.action == "cut-before":
        raise ConnectionCut("cut before the call")
    if rule.action == "latency":
        time.sleep(spec.get("milliseconds", 30) / 1000)
    elif rule.action == "stall":
        time.sleep(spec.get("seconds", 3600))
        raise ConnectionCut("stalled")
    elif rule.action in ("throttle", "limit"):
        raise throttled(call, spec)
    elif rule.action == "status":
        body = spec.get("body", "<html><body><h1>Service Unavailable</h1></body></html>")
        headers = {"Content-Type": "text/html"}
        if "retryAfter" in spec:
            headers["Retry-After"] = str(spec["retryAfter"])
        return Response(spec.get("status", 503), body.encode(), headers)
    elif rule.action == "error":
        raise AWSError(spec.get("code", "InternalServiceException"), spec.get("message", "injected"), spec.get("status", 400))
    elif rule.action == "deny":
        raise access_denied(call)
    elif rule.action == "expired-token":
        raise refusal(call.protocol, "expired", "The security token included in the request is expired")
    elif rule.action == "batch-entry-failure":
        code = spec.get("code", "InternalServiceException")
        call.failing_entries = {i: (code, spec.get("message", "injected")) for i in spec.get("entries", [0])}
    return None


def throttled(call: Call, spec: dict[str, Any]) -> AWSError:
    if call.protocol == "rest-xml":
        return AWSError("SlowDown", "Please reduce your request rate.", 503)
    code = "Throttling" if call.protocol == "query" else "ThrottlingException"
    return AWSError(spec.get("code", code), "Rate exceeded", spec.get("status", 400))


def access_denied(call: Call) -> AWSError:
    who = call.identity.arn if call.identity else "anonymous"
    message = f"User: {who} is not authorized to perform: {call.service}:{call.operation}"
    if call.protocol in ("query", "rest-xml"):
        return AWSError("AccessDenied", message, 403)
    return denied(message)


def after(rule: Rule, call: Call, response: Response) -> Response:
    """What the rule does to an answer."""
    if rule.action == "cut-after":
        response.cut = "before"
    elif rule.action == "cut-mid-body":
        response.cut = "mid"
    elif rule.action == "truncate-json":
        response.body = response.body[: len(response.body) // 2]
    elif rule.action == "slow-body":
        response.drip_seconds = rule.spec.get("seconds", 2.0)
    elif rule.action == "repeat-token":
        repeat_token(call, response)
    return response


def repeat_token(call: Call, response: Response) -> None:
    """Answers with the page token that the request was made with, as a listing that loops would."""
    asked = call.get("NextToken")
    if asked and response.status == 200:
        document = json.loads(response.body)
        if "NextToken" in document:
            document["NextToken"] = asked
            response.body = json.dumps(document).encode()
