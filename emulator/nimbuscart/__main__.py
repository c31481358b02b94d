"""python -m emulator.nimbuscart seed | check | meshfile | probe | drill-accounts."""

import argparse
import json
import sys
import textwrap

from botocore.exceptions import BotoCoreError, ClientError

from . import mesh
from .check import check
from .clients import MissingCredentials
from .drill import make
from .meshfile import meshfile
from .probe import probe
from .seed import SeedError, seed

WIDTH = 80
_SHOWN = 20  # differences that are printed before the rest is counted


def main(arguments: list[str] | None = None) -> int:
    """0: done or all as it should be; 1: differences found; 2: could not be done."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (MissingCredentials, SeedError, BotoCoreError, ClientError, OSError) as error:
        print(f"nimbuscart {options.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emulator.nimbuscart", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    seeding = commands.add_parser("seed", help="build the mesh in an empty stand-in")
    checking = commands.add_parser("check", help="compare a region with the mesh")
    writing = commands.add_parser("meshfile", help="print the mesh file for meshdr")
    probing = commands.add_parser("probe", help="prove that a region does not answer")
    drilling = commands.add_parser(
        "drill-accounts", help="make accounts for full drills; prints their part of the mesh file")
    for command, run in (
            (seeding, _seed), (checking, _check), (writing, _meshfile), (probing, _probe),
            (drilling, _drill_accounts)):
        command.set_defaults(run=run)
    for command in (seeding, checking, probing, drilling):
        command.add_argument("--endpoint", required=True, help="URL of the stand-in")
    for command in (seeding, checking):
        command.add_argument("--json", action="store_true", help="one JSON document")
    for command in (checking, probing):
        command.add_argument("--region", required=True, choices=(mesh.PRIMARY, mesh.SECONDARY))
    writing.add_argument("--store", required=True, help="folder or s3:// URL of the archive")
    return parser


def _seed(options) -> int:
    def say(line: str) -> None:
        print(line, file=sys.stderr)

    counts = seed(options.endpoint, say)
    if options.json:
        print(json.dumps(counts))
    return 0


def _check(options) -> int:
    document = check(options.endpoint, options.region)
    print(json.dumps(document, indent=2) if options.json else report(document))
    return 0 if document["ok"] else 1


def _meshfile(options) -> int:
    print(meshfile(options.store), end="")
    return 0


def _drill_accounts(options) -> int:
    print(make(options.endpoint), end="")
    return 0


def _probe(options) -> int:
    """0 where nothing answers: that is what is to be proved."""
    results = probe(options.endpoint, options.region)
    for call, outcome in results:
        print(f"  {call:<38}{outcome}")
    return 1 if any(outcome == "answers" for _, outcome in results) else 0


def report(document: dict) -> str:
    """The outcome of a check as a table, differences and answers, in 80 columns."""
    columns = ("expected", "found", "missing", "different", "extra")
    lines = [f"{'in ' + document['region']:<14}" + "".join(f"{name:>11}" for name in columns)]
    for row in document["kinds"]:
        lines.append(f"{row['kind']:<14}"
                     + "".join(f"{row[name]:>11,}" for name in columns))
    lines += _differences(document["differences"])
    for question in document["questions"]:
        lines += ["", question["question"], f"  {'yes' if question['answer'] else 'NO'}"]
        lines += [_wrapped(line, "    - ") for line in question["evidence"]]
    verdict = "as it was seeded" if document["ok"] else "NOT as it was seeded"
    return "\n".join([*lines, "", f"{document['region']} is {verdict}."])


def _differences(differences: list[dict]) -> list[str]:
    """The first differences, what is too much before what is missing."""
    order = ("extra", "different", "missing")
    lines = [""] if differences else []
    ranked = sorted(differences, key=lambda item: order.index(item["problem"]))
    for item in ranked[:_SHOWN]:
        lines.append(_wrapped(f"{item['kind']} {item['key']}", f"{item['problem']:<10}"))
        for field in item.get("fields", ())[:4]:
            lines.append(_wrapped(f"{field['field']}: wanted {json.dumps(field['wanted'])},"
                                  f" found {json.dumps(field['found'])}", " " * 12))
    if len(differences) > _SHOWN:
        lines.append(f"and {len(differences) - _SHOWN:,} more; --json lists them all")
    return lines


def _wrapped(text: str, lead: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=lead,
                         subsequent_indent=" " * len(lead), break_on_hyphens=False)


if __name__ == "__main__":
    sys.exit(main())
