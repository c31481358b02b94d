"""One operation of replication, and how a bucket's are told to behave."""

import fnmatch
from dataclasses import dataclass, field
from typing import Any

from emulator.aws.s3.buckets import seconds_of, size_of
from emulator.aws.s3.rules import Rule

PENDING, COMPLETED, FAILED = "PENDING", "COMPLETED", "FAILED"


class BadReplication(Exception):
    """A control request about replication that makes no sense."""


@dataclass(eq=False)
class Operation:
    """A version on its way to one bucket, by one rule."""

    source: Any
    version: Any
    rule: Rule
    #: "version", or "tags" for those of one that has arrived already.
    what: str = "version"
    #: Set where an operation is younger than its version.
    asked: float | None = None
    state: str = PENDING
    ended: float | None = None

    @property
    def since(self) -> float:
        """When what is to be replicated happened, in seconds since the epoch."""
        return seconds_of(self.version) if self.asked is None else self.asked

    @property
    def bytes(self) -> int:
        return size_of(self.version) if self.what == "version" else 0

    def end(self, state: str, now: float) -> None:
        self.state, self.ended = state, max(now, self.since)
        if self.what == "version":
            self.version.standin_targets[self.rule.destination] = state


@dataclass
class Behaviour:
    """How replication out of a bucket behaves; None leaves it to the behaviour of all."""

    delay: float | None = None
    paused: bool | None = None
    #: Patterns of keys and of rule ids that fail: {"key": "*", "rule": "*"}.
    failing: list[dict[str, str]] | None = None
    #: Which regions publish the metrics: "documented", "source", "destination", "both" or "none".
    metrics: str | None = None
    #: Spans without metrics, as seconds ago: [[from, to], ...].
    gaps: list[list[float]] | None = None
    #: "changed" or "kept": the ETags of replicas of what was uploaded in parts.
    multipart_etags: str | None = None
    #: Before this, metrics were not switched on; by rule id.
    measured: dict[str, float] = field(default_factory=dict)

    NAMES = {
        "delaySeconds": "delay", "paused": "paused", "failing": "failing", "metrics": "metrics",
        "metricGaps": "gaps", "multipartEtags": "multipart_etags",
    }
    CHOICES = {
        "metrics": ("documented", "source", "destination", "both", "none"),
        "multipart_etags": ("changed", "kept"),
    }

    def set(self, document: dict[str, Any]) -> None:
        for name, value in document.items():
            if name not in self.NAMES:
                raise BadReplication(f"replication has no {name!r}")
            attribute = self.NAMES[name]
            if attribute in self.CHOICES and value not in (None, *self.CHOICES[attribute]):
                raise BadReplication(f"{name} is one of {', '.join(self.CHOICES[attribute])}")
            setattr(self, attribute, value)

    def shown(self) -> dict[str, Any]:
        values = {name: getattr(self, attribute) for name, attribute in self.NAMES.items()}
        return {name: value for name, value in values.items() if value is not None}


def shipped() -> Behaviour:
    """The behaviour of buckets of which nothing was said."""
    return Behaviour(0.2, False, [], "documented", [], "changed")


def fails(patterns: list[dict[str, str]], operation: Operation) -> bool:
    return any(
        fnmatch.fnmatchcase(operation.version.name, pattern.get("key", "*"))
        and fnmatch.fnmatchcase(operation.rule.id, pattern.get("rule", "*")) for pattern in patterns)


def status_of(version: Any) -> str | None:
    """`x-amz-replication-status` of a version: with several buckets, COMPLETED means all of them."""
    if getattr(version, "standin_replica", False):
        return "REPLICA"
    states = set(getattr(version, "standin_targets", {}).values())
    return next((state for state in (FAILED, PENDING, COMPLETED) if state in states), None)
