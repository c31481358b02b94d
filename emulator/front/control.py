"""The control API below `/_standin/`: unsigned JSON, for tests and demos only."""

import json
from collections.abc import Callable
from typing import Any

from emulator.aws.s3 import backstage, inventory
from emulator.aws.s3.operations import BadReplication
from emulator.aws.s3.replicator import REPLICATOR
from emulator.aws.shares import expire_invitations
from emulator.front import accounts
from emulator.front.clock import CLOCK
from emulator.front.faults import BadRule, Rule
from emulator.front.http import Request, Response
from emulator.front.identity import IDENTITIES
from emulator.front.pipeline import Pipeline

PREFIX = "/_standin/"


class Refused(Exception):
    """A control request that makes no sense; answered with 400."""


class Control:
    def __init__(self, pipeline: Pipeline, copy: Callable[[], dict[str, Any]]):
        self.pipeline = pipeline
        self.copy = copy

    def handle(self, request: Request) -> Response:
        path = request.path.removeprefix(PREFIX).strip("/").split("/")
        try:
            if path[0] == "regions" and len(path) == 3 and request.method == "POST":
                return Response.of_json(self.region(path[1], path[2]))
            action = self.actions().get((request.method, "/".join(path)))
            if action is None:
                return Response.of_json({"error": f"no {request.method} {request.path}"}, 404)
            return Response.of_json(action(request))
        except (Refused, BadReplication, BadRule, accounts.BadAccount) as refused:
            return Response.of_json({"error": str(refused)}, 400)

    def actions(self) -> dict[tuple[str, str], Callable[[Request], Any]]:
        return {
            ("GET", "health"): lambda request: {"ok": True},
            ("POST", "reset"): self.reset,
            ("POST", "copies"): lambda request: self.copy(),
            ("GET", "calls"): lambda request: {"calls": self.pipeline.calls.read(**request.query())},
            ("DELETE", "calls"): self.forget_calls,
            ("GET", "faults"): self.list_faults,
            ("POST", "faults"): self.add_faults,
            ("DELETE", "faults"): self.drop_faults,
            ("GET", "regions"): lambda request: {"lost": sorted(self.pipeline.faults.lost)},
            ("POST", "accounts"): self.add_accounts,
            ("POST", "accounts/state"): self.set_account_state,
            ("POST", "clock"): self.set_clock,
            ("POST", "keys"): lambda request: accounts.add_key(body(request)),
            ("POST", "invitations/expire"): lambda request: {"expired": expire_invitations()},
            ("GET", "replication"): lambda request: REPLICATOR.shown(),
            ("POST", "replication"): lambda request: REPLICATOR.set(body(request)),
            ("POST", "replication/run"): lambda request: backstage.run(body(request)),
            ("POST", "replication/measured"): lambda request: backstage.measure(body(request)),
            ("POST", "objects/age"): lambda request: backstage.age(body(request)),
            ("POST", "objects/fill"): lambda request: backstage.fill(body(request)),
            ("POST", "inventory/run"): lambda request: inventory.report(body(request)),
            ("GET", "secrets"): self.secrets,
        }

    def reset(self, request: Request) -> dict[str, Any]:
        """Back to the first second: no accounts but the management account, no faults, nothing lost."""
        accounts.reset()
        self.pipeline.faults.clear()
        self.pipeline.faults.lost.clear()
        REPLICATOR.lost = set()
        self.pipeline.calls.clear()
        REPLICATOR.clear()
        CLOCK.offset = 0.0
        return {"reset": True}

    def region(self, region: str, verb: str) -> dict[str, Any]:
        """A lost region cuts every connection whose signature names it, without an answer."""
        if verb not in ("lose", "restore"):
            raise Refused(f"a region can be lost or restored, not {verb!r}")
        lost = self.pipeline.faults.lost
        lost.add(region) if verb == "lose" else lost.discard(region)
        REPLICATOR.lost = set(lost)
        REPLICATOR.release()
        return {"lost": sorted(lost)}

    def forget_calls(self, request: Request) -> dict[str, Any]:
        self.pipeline.calls.clear()
        return {"calls": []}

    def list_faults(self, request: Request) -> dict[str, Any]:
        rules = self.pipeline.faults.rules
        return {"faults": [{**r.spec, "matched": r.matched, "fired": r.fired} for r in rules]}

    def add_faults(self, request: Request) -> dict[str, Any]:
        """One rule, or `{"faults": [...]}`; they are added to those in force."""
        document = body(request)
        rules = [Rule(spec) for spec in document.get("faults", [document])]
        with self.pipeline.faults.lock:
            self.pipeline.faults.rules.extend(rules)
        return self.list_faults(request)

    def drop_faults(self, request: Request) -> dict[str, Any]:
        self.pipeline.faults.clear()
        return {"faults": []}

    def add_accounts(self, request: Request) -> dict[str, Any]:
        document = body(request)
        for spec in document.get("accounts", []):
            accounts.add(spec)
        return {"accounts": [spec["id"] for spec in document.get("accounts", [])]}

    def set_account_state(self, request: Request) -> dict[str, Any]:
        """Suspends an account, or lets it be used again."""
        document = body(request)
        accounts.set_state(str(document.get("id")), str(document.get("state")))
        return document

    def set_clock(self, request: Request) -> dict[str, Any]:
        """Sets the stand-in's clock wrong by `offsetSeconds`, which the Date header shows."""
        CLOCK.offset = float(body(request).get("offsetSeconds", 0))
        return {"offsetSeconds": CLOCK.offset}

    def secrets(self, request: Request) -> dict[str, Any]:
        """Every secret handed out since the start or the last reset, so that a test can look for leaks."""
        given = [accounts.BASE.secret]
        for session in list(IDENTITIES.sessions.values()):
            given += [session.secret, session.token or ""]
        return {"secrets": sorted(set(filter(None, given)))}


def body(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Refused(f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise Refused("the body is not a JSON object")
    return document
