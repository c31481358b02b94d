"""CloudWatch's metrics of replication, worked out from what replication did and has yet to do.

S3 user guide, "Using S3 Replication metrics": they are there for rules with metrics or Replication Time
Control, from 15 minutes after these were switched on, once a minute. Bytes pending, operations pending
and latency are published in the region of the destination, failed operations in that of the source.
Where nothing replicates, there is no latency and no count of failures; where the destination bucket is
gone, only failures are counted.
"""

import datetime
import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.s3.models import s3_backends

from emulator.aws.s3.buckets import find_bucket, moment
from emulator.aws.s3.configuration import rules_of
from emulator.aws.s3.operations import FAILED, Operation
from emulator.aws.s3.replicator import REPLICATOR
from emulator.aws.s3.rules import Rule

MINUTE = 60
BEGINS_AFTER = 15 * MINUTE
#: Each metric with its unit.
UNITS = {
    "ReplicationLatency": "Seconds", "BytesPendingReplication": "Bytes",
    "OperationsPendingReplication": "Count", "OperationsFailedReplication": "Count",
}
AT_SOURCE = {"documented": {"OperationsFailedReplication"}, "source": set(UNITS), "both": set(UNITS)}
AT_DESTINATION = {
    "documented": set(UNITS) - {"OperationsFailedReplication"}, "destination": set(UNITS), "both": set(UNITS)}
Series = list[tuple[float, float]]


@dataclass
class Metric:
    """One metric of one rule, where it can be asked for."""

    name: str
    source: Any
    rule: Rule
    since: float

    @property
    def dimensions(self) -> list[dict[str, str]]:
        values = {"SourceBucket": self.source.name, "DestinationBucket": self.rule.destination, "RuleId": self.rule.id}
        return [{"Name": name, "Value": value} for name, value in values.items()]

    def series(self, start: float, end: float) -> Series:
        """Its values with their minutes, from `start` to before `end` and no later than now."""
        first = max(start, self.since + BEGINS_AFTER)
        minutes = range(int(-(-first // MINUTE)) * MINUTE, int(min(end, time.time() + 1)), MINUTE)
        with REPLICATOR.lock:
            operations = [
                operation for operation in REPLICATOR.history.get(self.source.name, [])
                if operation.rule.id == self.rule.id and operation.rule.destination == self.rule.destination]
        shown = [float(minute) for minute in minutes if not in_a_gap(self.source.name, minute)]
        return list(values(self.name, operations, shown))


def in_a_gap(bucket: str, minute: float) -> bool:
    ago = time.time() - minute
    return any(min(gap) <= ago <= max(gap) for gap in REPLICATOR.of(bucket, "gaps"))


class Timeline:
    """The operations of a rule in the order of time, walked once from minute to minute."""

    def __init__(self, operations: list[Operation]):
        self.begun = sorted(operations, key=lambda operation: operation.since)
        self.ended = sorted(((o.ended, n, o) for n, o in enumerate(operations) if o.ended is not None))
        self.next_begun = self.next_ended = 0
        self.count = self.bytes = 0
        #: (since, number, when it ended); what has ended is dropped when it comes to the top.
        self.oldest: list[tuple[float, int, float | None]] = []

    def advance(self, end: float) -> list[Operation]:
        """Walks on to before `end`; gives the operations that have ended on the way."""
        while self.next_begun < len(self.begun) and self.begun[self.next_begun].since < end:
            operation = self.begun[self.next_begun]
            heapq.heappush(self.oldest, (operation.since, self.next_begun, operation.ended))
            self.next_begun += 1
            self.count += 1
            self.bytes += operation.bytes
        over = []
        while self.next_ended < len(self.ended) and self.ended[self.next_ended][0] < end:
            over.append(self.ended[self.next_ended][2])
            self.next_ended += 1
            self.count -= 1
            self.bytes -= over[-1].bytes
        while self.oldest and self.oldest[0][2] is not None and self.oldest[0][2] < end:
            heapq.heappop(self.oldest)
        return over

    def latency(self, over: list[Operation], now: float) -> float:
        """How far the destination was behind: the age of the oldest that waits, or the longest way just ended."""
        taken = [operation.ended - operation.since for operation in over if operation.ended is not None]
        waiting = [now - self.oldest[0][0]] if self.oldest else []
        return round(max(waiting + taken, default=0.0), 3)


def values(name: str, operations: list[Operation], minutes: Iterable[float]) -> Iterator[tuple[float, float]]:
    """What a metric says at the end of each minute; minutes come in their order."""
    timeline = Timeline(operations)
    for minute in minutes:
        timeline.advance(minute)
        over = timeline.advance(minute + MINUTE)
        if name == "BytesPendingReplication":
            yield minute, float(timeline.bytes)
        elif name == "OperationsPendingReplication":
            yield minute, float(timeline.count)
        elif not timeline.count and not over:
            continue
        elif name == "ReplicationLatency":
            yield minute, timeline.latency(over, min(minute + MINUTE, time.time()))
        else:
            yield minute, float(sum(operation.state == FAILED for operation in over))


def metrics(account: str, region: str) -> Iterator[Metric]:
    """The replication metrics that an account finds in a region."""
    for bucket in list(s3_backends[account]["aws"].buckets.values()):
        measured = REPLICATOR.behaviour(bucket.name).measured
        published = REPLICATOR.of(bucket.name, "metrics")
        for rule in rules_of(bucket):
            if not rule.metrics:
                continue
            target = find_bucket(rule.destination)[1]
            names = AT_SOURCE.get(published, set()) if bucket.region_name == region else set()
            if target is None:
                names = names & {"OperationsFailedReplication"}
            elif target.region_name == region:
                names = names | AT_DESTINATION.get(published, set())
            yield from (Metric(name, bucket, rule, measured.get(rule.id, 0.0)) for name in sorted(names))


def find(account: str, region: str, name: str, dimensions: dict[str, str]) -> Metric | None:
    """The metric that has exactly these dimensions."""
    for metric in metrics(account, region):
        if metric.name == name and {d["Name"]: d["Value"] for d in metric.dimensions} == dimensions:
            return metric
    return None


# --- statistics ------------------------------------------------------------------------

def periods(series: Series, period: int) -> Iterator[tuple[datetime.datetime, list[float]]]:
    """The values by their periods, which begin at whole multiples of their length."""
    found: dict[float, list[float]] = {}
    for minute, value in series:
        found.setdefault(minute // period * period, []).append(value)
    yield from ((moment(start), found[start]) for start in sorted(found))


def statistic(name: str, given: list[float]) -> float | None:
    simple = {
        "Maximum": max(given), "Minimum": min(given), "Sum": sum(given),
        "Average": sum(given) / len(given), "SampleCount": float(len(given)),
    }
    if name in simple:
        return simple[name]
    if name[:1] == "p" and name[1:].replace(".", "", 1).isdigit() and float(name[1:]) <= 100:
        return percentile(sorted(given), float(name[1:]))
    return None


def percentile(given: list[float], percent: float) -> float:
    """Between the neighbours, as CloudWatch interpolates."""
    place = (len(given) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(given) - 1)
    return given[low] + (given[high] - given[low]) * (place - low)
