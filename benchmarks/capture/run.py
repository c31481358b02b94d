"""Runs the capture benchmark and prints its results in Markdown. ABOUT.md says what is measured.

python -m benchmarks.capture.run [--rounds 3] [--full-peer]
"""

import argparse
import sys
import tempfile

from benchmarks.capture.contenders import Custodian, Floor, Meshdr, awswrangler_peer, boto3_peer
from benchmarks.capture.measure import RunFailed, Runs
from benchmarks.capture.site import serving

SMALL = 100_000
BIG = 1_000_000
LATENCY = 0.03
CONNECTIONS = 32
THREADS = 32
WRANGLER_ACCOUNTS = 10

FLOOR_RATIO = 2.5
PEER_RATIO = 1 / 18
MEMORY = 150e6
MEMORY_GROWTH = 1.2
LATENCY_RATIO = 1.15

HEAD = (
    "| mesh | row | records | runs | CPU s, min | CPU s, median | CPU µs a record | wall s, min | wall s, median"
    " | peak MB |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def measure(contenders, rounds):
    """Each contender in turn, round after round, so that a busy moment meets all alike.

    One that fails once is measured no more; the reason stands in place of its figures.
    """
    measured = {}
    for number in range(rounds):
        for name, contender in contenders.items():
            if isinstance(measured.get(name), str):
                continue
            try:
                taken = contender.run()
                measured.setdefault(name, Runs([])).taken.append(taken)
                measured[name].records = contender.records
                said = f"CPU {taken.cpu:.2f} s, wall {taken.wall:.2f} s, {taken.memory / 1e6:.0f} MB"
            except RunFailed as failure:
                measured[name] = said = " ".join(str(failure).split()).replace("|", "/")
            print(f"{number + 1}/{rounds} {name}: {said}", file=sys.stderr, flush=True)
    return measured


def row(partitions, name, runs):
    if isinstance(runs, str):
        return f"| {partitions:,} | {name}; failed: {runs} | | | | | | | | |"
    each = runs.middle("cpu") / runs.records * 1e6
    cpu = f"{runs.low('cpu'):.2f} | {runs.middle('cpu'):.2f} | {each:,.1f}"
    wall = f"{runs.low('wall'):.2f} | {runs.middle('wall'):.2f}"
    return f"| {partitions:,} | {name} | {runs.records:,} | {len(runs.taken)} | {cpu} | {wall} | {runs.peak / 1e6:.0f} |"


def judged(question, target, found, limit, form="{:.2f}"):
    """A line on a target; `found` is called only where all runs that it needs went well."""
    try:
        value = found()
    except AttributeError:
        return f"| {question} | {target} | not measured | no |"
    return f"| {question} | {target} | {form.format(value)} | {'yes' if value <= limit else 'no'} |"


FRESH = "meshdr, whole snapshot into a fresh store"
AGAIN = "meshdr, snapshot of the unchanged mesh into the same store"
FLOOR = "floor: curl, one connection, into `zstd -3`; GetPartitions only"
PEER = f"boto3, {THREADS} threads, into .tar.gz; databases, tables and partitions only"
SINGLE = "boto3, the same on one thread"
WRANGLER = f"awswrangler, {WRANGLER_ACCOUNTS} accounts of 50; of partitions only locations and values; no file"
CUSTODIAN = "Cloud Custodian, one account of 50; its databases and tables only"
SLOW = f"meshdr, whole snapshot into a fresh store; every answer takes {LATENCY * 1000:.0f} ms"


def small_mesh(options, scratch):
    with serving(SMALL, scratch) as site:
        measured = measure(
            {
                FRESH: Meshdr(site),
                PEER: boto3_peer(site, THREADS),
                SINGLE: boto3_peer(site, 1),
                WRANGLER: awswrangler_peer(site, WRANGLER_ACCOUNTS),
                CUSTODIAN: Custodian(site),
            },
            options.rounds,
        )
        site.set_latency(LATENCY)
        slow = Meshdr(site)
        measured |= measure({SLOW: slow}, options.rounds)
    return measured, slow


def big_mesh(options, scratch):
    with serving(BIG, scratch) as site:
        contenders = {FLOOR: Floor(site), FRESH: Meshdr(site), AGAIN: Meshdr(site, again=True)}
        if options.full_peer:
            contenders[PEER] = boto3_peer(site, THREADS)
        return measure(contenders, options.rounds), contenders[AGAIN].packs


def verdicts(small, big, slow, packs):
    both = big if PEER in big else small
    size = BIG if PEER in big else SMALL
    ideal = slow.calls * LATENCY / CONNECTIONS
    yield judged(
        f"CPU of meshdr to that of the floor, {BIG:,} partitions",
        f"≤ {FLOOR_RATIO}",
        lambda: big[FRESH].middle("cpu") / big[FLOOR].middle("cpu"),
        FLOOR_RATIO,
    )
    yield judged(
        f"CPU of meshdr to that of boto3, {size:,} partitions",
        "≤ 1/18 = 0.056",
        lambda: both[FRESH].middle("cpu") / both[PEER].middle("cpu"),
        PEER_RATIO,
        "{:.3f}",
    )
    yield judged(f"peak memory of meshdr, {BIG:,} partitions", "≤ 150 MB", lambda: big[FRESH].peak / 1e6, MEMORY / 1e6, "{:.0f} MB")
    yield judged(
        f"peak memory at {BIG:,} to that at {SMALL:,} partitions",
        f"≤ {MEMORY_GROWTH}",
        lambda: big[FRESH].peak / small[FRESH].peak,
        MEMORY_GROWTH,
    )
    yield judged(
        f"wall to calls × latency / {CONNECTIONS}: {slow.calls:,} calls over {slow.connections} connections, {ideal:.2f} s",
        f"≤ {LATENCY_RATIO}",
        lambda: small[SLOW].middle("wall") / ideal,
        LATENCY_RATIO,
    )
    yield judged("packs that the second snapshot writes", "0", lambda: len(big[AGAIN].taken) and packs, 0, "{}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full-peer", action="store_true", help="boto3 on the big mesh too; takes some ten minutes more")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="capture-") as scratch:
        small, slow = small_mesh(options, scratch)
        big, packs = big_mesh(options, scratch)
    print("| question | target | found | on target |\n|---|--:|--:|---|")
    for line in verdicts(small, big, slow, packs):
        print(line)
    print()
    print(HEAD)
    for name, runs in big.items():
        print(row(BIG, name, runs))
    for name, runs in small.items():
        print(row(SMALL, name, runs))


if __name__ == "__main__":
    main()
