"""Runs the restore benchmark and prints its results in Markdown. ABOUT.md says what is measured.

python -m benchmarks.restore.run [--rate 50] [--scale 1] [--share 20]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter

from benchmarks.capture.measure import run
from benchmarks.restore.mesh import AWAY, HOME, MESH_FILE, OWNER, PEER, Shape, prepare, serving
from benchmarks.restore.peer import copy

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MESHDR = os.environ.get("MESHDR_BINARY", os.path.join(ROOT, ".build", "release", "meshdr"))
WALL, THROTTLED, MEMORY, AGAIN = 1.1, 0.02, 150e6, 1.2
READING = ("Get", "List", "Describe", "Search", "BatchGet", "Assume", "Query")


class Calls:
    """What the stand-in answered during one run, and the least that it takes under the limits."""

    def __init__(self, log, region, rate):
        calls = [call for call in log if call["region"] == region and call["service"] in ("glue", "lakeformation", "ram")]
        self.throttled = sum(call["error"] == "ThrottlingException" for call in calls)
        self.all = len(calls)
        good = [call for call in calls if call["error"] != "ThrottlingException"]
        writes = [place for place, call in enumerate(good) if not call["operation"].startswith(READING)]
        first, last = (writes[0], writes[-1] + 1) if writes else (len(good), len(good))
        self.allowed = 0.0
        for phase in (good[:first], good[first:last], good[last:]):
            counts = Counter((call["service"], call["operation"]) for call in phase)
            # The bucket is full when a phase begins.
            self.allowed += max((max(0, count - rate) / rate for count in counts.values()), default=0.0)


class Bench:
    def __init__(self, stand_in, folder, rate):
        self.stand_in, self.folder, self.rate = stand_in, folder, rate

    def meshdr(self, name, *arguments, primary=HOME, store="store", codes=(0,)):
        """Runs it once; what it took, what it said, and what it called."""
        mesh = os.path.join(self.folder, f"{store}.yaml")
        with open(mesh, "w") as file:
            secondary = HOME if primary == AWAY else AWAY
            file.write(MESH_FILE.format(primary=primary, secondary=secondary, store=os.path.join(self.folder, store), owner=OWNER))
        self.stand_in.control("DELETE", "calls")
        output = os.path.join(self.folder, "output.json")
        command = [MESHDR, *arguments, "--mesh", mesh, "--output", "json", "--quiet"]
        taken = run([command], self.stand_in.environment(self.folder), self.folder, output)
        with open(output) as file:
            said = json.load(file)
        calls = Calls(self.stand_in.control("GET", "calls")["calls"], AWAY, self.rate)
        print(
            f"{name}: wall {taken.wall:.1f} s, CPU {taken.cpu:.1f} s, {taken.memory / 1e6:.0f} MB, {calls.all} calls, "
            f"{calls.throttled} throttled, allowed {calls.allowed:.1f} s",
            file=sys.stderr,
            flush=True,
        )
        return taken, said, calls


def limit(stand_in, rate):
    """Every operation has its own bucket: that is how most limits of AWS are told."""
    import boto3

    for service in ("glue", "lakeformation", "ram"):
        for operation in boto3.client(service, region_name=AWAY).meta.service_model.operation_names:
            for region in (AWAY, PEER):
                stand_in.control(
                    "POST",
                    "faults",
                    {"service": service, "operation": operation, "region": region, "action": "limit", "rate": rate},
                )


def change(stand_in, shape):
    """Deletes one table in a hundred, with all that hangs on it."""
    glue = stand_in.client("glue", AWAY)
    tables = list(shape.names())[:: max(1, len(list(shape.names())) // (shape.tables // 100 or 1))]
    for database, name, _ in tables:
        glue.delete_table(DatabaseName=database, Name=name)
    return len(tables)


def row(name, taken, calls):
    share = calls.throttled / calls.all if calls.all else 0
    ratio = f"{taken.wall / calls.allowed:.2f}" if calls.allowed > 1 else "–"
    return (
        f"| {name} | {taken.wall:.1f} | {calls.allowed:.1f} | {ratio} | {calls.all:,} | {share:.1%} | {taken.cpu:.1f} |"
        f" {taken.memory / 1e6:.0f} |"
    )


def judged(question, target, value, limit, form="{:.2f}"):
    return f"| {question} | {target} | {form.format(value)} | {'yes' if value <= limit else 'no'} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="calls a second of each operation")
    parser.add_argument("--scale", type=int, default=1, help="a catalog smaller by so much, to try the benchmark")
    parser.add_argument("--share", type=int, default=20, help="the peer does one in so many partitions and grants")
    options = parser.parse_args()
    shape = Shape(5_000 // options.scale, 1_000 // options.scale, 100_000 // options.scale)
    with tempfile.TemporaryDirectory(prefix="restore-") as folder, serving(folder) as stand_in:
        began = time.monotonic()
        prepare(stand_in, shape)
        print(f"seeded in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        bench = Bench(stand_in, folder, options.rate)
        _, snapshot, _ = bench.meshdr("snapshot", "snapshot")
        limit(stand_in, options.rate)
        cold, restored, cold_calls = bench.meshdr("cold", "restore")
        again, _, again_calls = bench.meshdr("again", "restore")
        alone, _, alone_calls = bench.meshdr("capture alone", "snapshot", primary=AWAY, store="alone")
        changed = change(stand_in, shape)
        warm, mended, warm_calls = bench.meshdr("1 % change", "restore")
        stand_in.control("DELETE", "calls")
        tables, partitions, grants = copy(stand_in, shape, options.share)
        peer = tables + (partitions + grants) * options.share
        peer_log = stand_in.control("GET", "calls")["calls"]
        peer_throttled = sum(c["error"] == "ThrottlingException" for c in peer_log if c["region"] == PEER) / len(peer_log)

    counts = snapshot["counts"]
    print(
        f"R is {options.rate:.0f} calls a second. The snapshot holds {counts['table']:,} tables, "
        f"{counts['partition']:,} partitions and {counts['grant']:,} grants; {changed} tables were deleted for the change."
    )
    print()
    print("| question | target | found | on target |\n|---|--:|--:|---|")
    print(judged("wall of the cold restore to what the limits allow", f"≤ {WALL}", cold.wall / max(cold_calls.allowed, 0.1), WALL))
    worst = max(calls.throttled / calls.all for calls in (cold_calls, again_calls, warm_calls))
    print(judged("calls throttled, the worst restore", "≤ 2 %", worst, THROTTLED, "{:.1%}"))
    peak = max(taken.memory for taken in (cold, again, warm))
    print(judged("peak memory, the worst restore", "≤ 150 MB", peak / 1e6, MEMORY / 1e6, "{:.0f} MB"))
    print(judged("second, unchanged run to the capture alone", f"≤ {AGAIN}", again.wall / alone.wall, AGAIN))
    print()
    print(
        "| row | wall s | allowed s | ratio | calls | throttled | CPU s | peak MB |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    print(row("meshdr restore, cold", cold, cold_calls))
    print(row("meshdr restore, again", again, again_calls))
    print(row("meshdr snapshot of the region, capture alone", alone, alone_calls))
    print(row("meshdr restore, 1 % change", warm, warm_calls))
    print(
        f"| boto3, ten threads, a call each; scaled up from one in {options.share} partitions and grants | {peer:.0f}"
        f" | – | – | – | {peer_throttled:.1%} | – | – |"
    )
    print()
    for name, said in (("cold", restored), ("1 % change", mended)):
        phases = ", ".join(f"{phase['name']} {phase['seconds']:.1f}" for phase in said["rto"]["phases"])
        print(f"- {name}: seconds by phase, which overlap: {phases}; verified: {said['verified']['missing']} missing, "
              f"{said['verified']['different']} different, {said['verified']['widened']} widened")


if __name__ == "__main__":
    main()
