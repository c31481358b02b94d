"""Replication that happens: after a while, in no order, unless it fails, is held or a region is lost.

An object that a rule covers is PENDING at its source until it has arrived, then COMPLETED, and REPLICA
at its destination (S3 user guide, "Getting replication status information"). A destination whose region
is lost leaves it PENDING; one that is gone or no longer versioned makes it FAILED, and so it stays.
Replicas are not replicated again, nor what was there before the rule.
"""

import fnmatch
import heapq
import itertools
import random
import threading
import time
from typing import Any

from emulator.aws.s3.buckets import find_bucket, is_marker, version_of
from emulator.aws.s3.operations import COMPLETED, FAILED, PENDING, Behaviour, Operation, fails, shipped
from emulator.aws.s3.replicas import arrive, copy_tags, replica
from emulator.aws.s3.rules import Rule


class Replicator:
    """Copies in the background what is due; tests set its behaviour, or have it run at once."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.lost: set[str] = set()
        self.number = itertools.count()
        self.random = random.Random(20)
        self.changed = threading.Condition(self.lock)
        self.clear()
        self.start()

    def start(self) -> None:
        """Sets the work going in a thread of its own, which a copy of the process comes without.

        The condition is a new one, for nobody wakes the thread that waited for the old one.
        """
        self.changed = threading.Condition(self.lock)
        threading.Thread(target=self.work, daemon=True).start()

    def clear(self) -> None:
        with self.lock:
            self.everywhere = shipped()
            self.buckets: dict[str, Behaviour] = {}
            self.due: list[tuple[float, int, Operation]] = []
            self.held: list[Operation] = []
            #: By source bucket: what waits, and what has ended since the last reset.
            self.history: dict[str, list[Operation]] = {}
            self.changed.notify()

    # --- behaviour ---------------------------------------------------------------------

    def of(self, bucket: str, name: str) -> Any:
        own = getattr(self.buckets.get(bucket), name, None)
        return getattr(self.everywhere, name) if own is None else own

    def behaviour(self, bucket: str | None) -> Behaviour:
        return self.everywhere if bucket is None else self.buckets.setdefault(bucket, Behaviour())

    def set(self, document: dict[str, Any]) -> dict[str, Any]:
        """Changes the behaviour of one bucket's replication, or of all; what was held is tried again."""
        rest = {name: value for name, value in document.items() if name != "bucket"}
        with self.lock:
            self.behaviour(document.get("bucket")).set(rest)
        self.release()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        with self.lock:
            waiting = self.waiting()
            return {
                **self.everywhere.shown(), "waiting": len(waiting),
                "buckets": {
                    name: {**self.buckets.get(name, Behaviour()).shown(), **count(self.history.get(name, []))}
                    for name in sorted({*self.buckets, *self.history})},
            }

    # --- the queue ---------------------------------------------------------------------

    def enqueue(self, source: Any, version: Any, rules: list[Rule], **options: Any) -> None:
        """Sends a version to the buckets of the rules, each after the bucket's delay, more or less."""
        with self.lock:
            if rules and not hasattr(version, "standin_targets"):
                version.standin_targets = {}
            for rule in rules:
                operation = Operation(source, version, rule, **options)
                if operation.what == "version":
                    version.standin_targets[rule.destination] = PENDING
                self.history.setdefault(source.name, []).append(operation)
                wait = self.of(source.name, "delay") * (0.5 + self.random.random())
                heapq.heappush(self.due, (time.monotonic() + wait, next(self.number), operation))
            self.changed.notify()

    def waiting(self) -> list[Operation]:
        return [*self.held, *(operation for _, _, operation in self.due)]

    def release(self) -> None:
        """Tries again what was held, in another order."""
        with self.lock:
            self.random.shuffle(self.held)
            for operation in self.held:
                heapq.heappush(self.due, (time.monotonic(), next(self.number), operation))
            self.held.clear()
            self.changed.notify()

    def work(self) -> None:
        while True:
            with self.lock:
                wait = self.due[0][0] - time.monotonic() if self.due else None
                if wait is None or wait > 0:
                    self.changed.wait(wait)
                    continue
                batch = []
                while self.due and self.due[0][0] <= time.monotonic() and len(batch) < 1000:
                    batch.append(heapq.heappop(self.due)[2])
                self.random.shuffle(batch)
                for operation in batch:
                    self.attempt(operation)
            time.sleep(0)

    def run(self, bucket: str | None = None, keys: str = "*", most: int | None = None) -> dict[str, Any]:
        """Does at once what waits, due or not, of a bucket and of keys; what is held stays."""
        with self.lock:
            chosen = [
                operation for operation in self.waiting()
                if bucket in (None, operation.source.name) and fnmatch.fnmatchcase(operation.version.name, keys)]
            self.random.shuffle(chosen)
            picked = {id(operation) for operation in chosen[:most]}
            self.held = [operation for operation in self.held if id(operation) not in picked]
            self.due = [entry for entry in self.due if id(entry[2]) not in picked]
            heapq.heapify(self.due)
            for operation in chosen[:most]:
                self.attempt(operation)
            return self.shown()

    # --- one operation -----------------------------------------------------------------

    def attempt(self, operation: Operation) -> None:
        """Carries an operation out, or holds it while its bucket is paused or a region lost."""
        target = find_bucket(operation.rule.destination)[1]
        regions = {operation.source.region_name, target.region_name if target is not None else ""}
        if self.of(operation.source.name, "paused") or regions & self.lost:
            self.held.append(operation)
            return
        if version_of(operation.source, operation.version.name, str(operation.version.version_id)) is None:
            self.history[operation.source.name].remove(operation)
            return
        broken = target is None or not target.is_versioned
        if broken or fails(self.of(operation.source.name, "failing"), operation):
            operation.end(FAILED, time.time())
            return
        self.carry_out(operation, target)
        operation.end(COMPLETED, time.time())

    def carry_out(self, operation: Operation, target: Any) -> None:
        version = operation.version
        if operation.what == "tags":
            arrived = version_of(target, version.name, str(version.version_id))
            if arrived is not None and not is_marker(arrived):
                copy_tags(version, arrived)
            return
        arrive(target, replica(version, target, operation.rule, self.of(operation.source.name, "multipart_etags")))


def count(operations: list[Operation]) -> dict[str, int]:
    states = [operation.state for operation in operations]
    return {name: states.count(state) for name, state in
            (("pending", PENDING), ("completed", COMPLETED), ("failed", FAILED))}


REPLICATOR = Replicator()
