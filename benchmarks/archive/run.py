"""Runs the archive benchmark and prints its results in Markdown. ABOUT.md says what is measured.

python -m benchmarks.archive.run [--rounds 3] [--partitions 1000000]
"""

import argparse
import json
import os
import subprocess
import tempfile
from statistics import median

from benchmarks.capture.contenders import MESHDR, ROOT, Meshdr, expect
from benchmarks.capture.measure import RunFailed, Runs, run
from benchmarks.capture.site import serving

BENCHMARK = os.path.join(ROOT, ".build", "release", "ArchiveBenchmark")
CHANGES = 1000

PACKING_SPEED = 0.5
DIFF_CPU = 3
DIFF_MEMORY = 150e6
TABLE_SHARE = 0.01

HEAD = "| row | MB | runs | CPU s, min | CPU s, median | wall s, median | peak MB |\n|---|--:|--:|--:|--:|--:|--:|"


def asked(*arguments):
    answer = subprocess.run([BENCHMARK, *arguments], check=True, capture_output=True).stdout
    return json.loads(answer)


def manifest(store, snapshot):
    with open(os.path.join(store, "snapshots", f"{snapshot}.json")) as file:
        return json.load(file)


def pack_paths(store, names):
    return [os.path.join(store, "packs", name[:2], f"{name}.tar.zst") for name in sorted(names)]


class Bench:
    def __init__(self, site, rounds):
        self.site = site
        self.rounds = rounds
        self.store = os.path.join(site.folder, "store")
        self.rows = []
        self.judged = []

    def judge(self, question, target, found, is_met):
        self.judged.append(f"| {question} | {target} | {found} | {'yes' if is_met else 'no'} |")

    def row(self, name, size, runs):
        cpu = f"{runs.low('cpu'):.2f} | {runs.middle('cpu'):.2f} | {runs.middle('wall'):.2f}"
        self.rows.append(f"| {name} | {size / 1e6:,.1f} | {len(runs.taken)} | {cpu} | {runs.peak / 1e6:.0f} |")

    def measured(self, commands, output=os.devnull, ends=(0,)):
        """Runs it so often; a diff that found something ends with 6."""
        taken = []
        for _ in range(self.rounds):
            try:
                taken.append(run(commands, self.site.environment(), self.site.folder, output))
            except RunFailed as failure:
                raise SystemExit(str(failure)) from failure
        return Runs(taken)

    def capture(self):
        Meshdr(self.site).run()
        again = Meshdr(self.site, again=True)
        again.run()
        question = f"packs that a second snapshot of {self.site.shape.partitions:,} unchanged partitions writes"
        self.judge(question, "0", again.packs, again.packs == 0)

    def pack(self):
        lines = os.path.join(self.site.folder, "lines")
        newest = sorted(os.listdir(os.path.join(self.store, "snapshots")))[-1].removesuffix(".json")
        packs = pack_paths(self.store, [pack["name"] for pack in manifest(self.store, newest)["packs"]])
        with open(lines, "wb") as file:
            for pack in packs:
                unpacked = subprocess.Popen(["zstd", "-dcq", pack], stdout=subprocess.PIPE)
                subprocess.run(["tar", "-xO"], stdin=unpacked.stdout, stdout=file, check=True)
                unpacked.wait()
        size = os.path.getsize(lines)
        peer = self.measured([["zstd", "-3", "-q", "-c", lines]])
        os.remove(lines)
        found = []
        for _ in range(self.rounds):
            with tempfile.TemporaryDirectory(dir=self.site.folder) as scratch:
                found.append(asked("pack", self.store, scratch))
        expect("bytes that were packed", found[0]["bytes"], size)
        expect("the same packs", [one["same"] for one in found], [True] * len(found))
        cpu, wall = (median(one[what] for one in found) for what in ("cpu", "wall"))
        self.row("`zstd -3` on the same lines", size, peer)
        low = min(one["cpu"] for one in found)
        self.rows.append(f"| packing | {size / 1e6:,.1f} | {len(found)} | {low:.2f} | {cpu:.2f} | {wall:.2f} | |")
        ratio = peer.middle("cpu") / cpu
        question = "speed of packing to that of `zstd -3` on the same bytes, by CPU"
        self.judge(question, "≥ 0.5", f"{ratio:.2f}", ratio >= PACKING_SPEED)

    def diff(self):
        with tempfile.TemporaryDirectory(dir=self.site.folder) as scratch:
            pair = asked("change", self.store, scratch, str(CHANGES))
        packs = [{pack["name"] for pack in manifest(self.store, pair[side])["packs"]} for side in ("old", "new")]
        differing = pack_paths(self.store, packs[0] ^ packs[1])
        size = sum(os.path.getsize(pack) for pack in differing)
        floor = self.measured([["zstd", "-dcq", *differing]])
        output = os.path.join(self.site.folder, "diff.json")
        command = [MESHDR, "diff", pair["old"], pair["new"], "--mesh", self.site.mesh_file, "--output", "json"]
        # It ends with 6, because there are differences.
        diff = self.measured([["bash", "-c", '"$@"; [ $? = 6 ]', "diff", *command]], output)
        with open(output) as file:
            changed = json.load(file)["changed"]
        expect("changes", len(changed), CHANGES)
        self.row(f"`zstd -d` on the {len(differing)} packs that differ, of {len(packs[0])} and {len(packs[1])}", size, floor)
        self.row("`meshdr diff`", size, diff)
        ratio = diff.middle("cpu") / floor.middle("cpu")
        question = f"CPU of `diff` with {CHANGES:,} changes to that of `zstd -d` on the packs that differ"
        self.judge(question, "≤ 3", f"{ratio:.2f}", ratio <= DIFF_CPU)
        self.judge("peak memory of that `diff`", "≤ 150 MB", f"{diff.peak / 1e6:.0f} MB", diff.peak <= DIFF_MEMORY)

    def table(self):
        tables = sorted(self.site.shape.all_tables(), key=lambda table: table.partitions)
        table = tables[len(tables) // 2]
        found = asked("table", self.store, f"{table.account}/glue/table/{table.database}/{table.name}")
        expect("records of one table", found["records"], table.partitions + 1)
        share = found["read"] / found["bytes"]
        self.judge("bytes read for one table of 2,000, of all", "< 1 %", f"{share:.2%}", share < TABLE_SHARE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--partitions", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="archive-") as scratch:
        with serving(options.partitions, scratch) as site:
            bench = Bench(site, options.rounds)
            bench.capture()
        bench.pack()
        bench.diff()
        bench.table()
    print("| question | target | found | on target |\n|---|--:|--:|---|")
    print("\n".join(bench.judged))
    print(f"\n{HEAD}")
    print("\n".join(bench.rows))


if __name__ == "__main__":
    main()
