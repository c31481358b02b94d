#!/usr/bin/env python3
"""Writes the tables of Sources/AWSAccess/Generated from botocore's service models.

    python3 tools/generate-aws-model.py [--check]

What is generated is listed in aws-operations.txt beside this script. --check writes nothing and
fails where the checked-in tables differ from what would be written. Needs botocore, and Swift to
format what it writes.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import botocore.loaders

import aws_model_facts as facts
import aws_model_swift as swift

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE.parent / "Sources" / "AWSAccess" / "Generated"


def read_wishes(path):
    """The operations and the shapes that are wanted, each by service, in the file's order."""
    operations, shapes = {}, {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        key, names = line.split(":")
        wishes = shapes if key.startswith("shapes ") else operations
        wishes.setdefault(key.removeprefix("shapes "), []).extend(names.split())
    return operations, shapes


class Model:
    """One service's model, with its paginators."""

    def __init__(self, loader, name):
        self.name = name
        self.data = loader.load_service_model(name, "service-2")
        self.paginators = loader.load_service_model(name, "paginators-1")["pagination"]
        self.metadata = self.data["metadata"]

    def operation(self, name):
        return self.data["operations"][name]

    def shape(self, name):
        return self.data["shapes"][name]

    def members(self, reference):
        """The members of the shape that a reference names; none for a missing one."""
        return self.shape(reference["shape"]).get("members", {}) if reference else {}


def files(loader, operations, shapes):
    """The text of every generated file by its name."""
    models = {name: Model(loader, name) for name in {**operations, **shapes}}
    result = {"AWSServices.swift": swift.services([models[name] for name in operations])}
    for name, wanted in operations.items():
        model = models[name]
        title = facts.SWIFT_NAMES[name]
        title = title[0].upper() + title[1:]
        described = [facts.describe(model, operation) for operation in sorted(set(wanted))]
        for group in ("Read", "Write"):
            chosen = [one for one in described if (one.effect == "read") == (group == "Read")]
            if chosen:
                result[f"{title}{group}s.swift"] = swift.operations(chosen)
        if model.metadata["protocol"] in ("query", "rest-xml"):
            result[f"{title}Shapes.swift"] = swift.xml_shapes(model, described)
    writable = [(models[name], shape) for name, wanted in shapes.items() for shape in wanted]
    result["AWSShapes.swift"] = swift.writable_members(writable)
    return result


def formatted(result):
    """The same files as `swift format` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: pathlib.Path(folder, name) for name in result}
        for name, path in paths.items():
            path.write_text(result[name])
        subprocess.run(["swift", "format", "-i", "--configuration", HERE.parent / ".swift-format",
                        *paths.values()], check=True)
        return {name: path.read_text() for name, path in paths.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    result = formatted(files(botocore.loaders.Loader(),
                             *read_wishes(HERE / "aws-operations.txt")))
    present = {path.name: path.read_text() for path in OUTPUT.glob("*.swift")}
    if arguments.check:
        stale = sorted(name for name in {**present, **result}
                       if present.get(name) != result.get(name))
        print("".join(f"not as generated: {name}\n" for name in stale), end="", file=sys.stderr)
        return 1 if stale else 0
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name in present.keys() - result.keys():
        (OUTPUT / name).unlink()
    for name, text in result.items():
        (OUTPUT / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
