"""Compares a region with the description of the mesh.

For the secondary the description is mapped first. The mapping is said here once more, from
how NimbusCart names its buckets, so that a mistake in a tool's mapping shows.
"""

import re

from . import expected, mesh, questions, readback, service_check

KINDS = ("settings", "encryption", "policy", "location", "LF-Tag", "expression", "database", "AWS tags",
         "function", "table", "partition", "index", "statistics", "optimizer", "assignment",
         "filter", "opt-in", "grant", "share", "link", *service_check.KINDS)
_REGION = re.compile(rf"(arn:aws:(?:glue|kms):){mesh.PRIMARY}(:)")
_BUCKETS = re.compile(
    r"(s3://|arn:aws:s3:::)(nimbus-(?:sales|marketing|supply-chain|finance)-products)(?![\w.-])")


def check(endpoint: str, region: str) -> dict:
    """Reads the region back and says, in one document, what is not as it should be."""
    primary = expected.records()
    wanted = primary if region == mesh.PRIMARY else mapped(primary)
    found = readback.records(endpoint, region)
    differences = compare(wanted, found)
    asked = questions.ask(wanted, found)
    return {
        "region": region,
        "ok": not differences and all(question["answer"] for question in asked),
        "kinds": [summary(kind, wanted, found, differences) for kind in KINDS],
        "differences": differences,
        "questions": asked,
    }


def mapped(records: dict[tuple, object]) -> dict[tuple, object]:
    """What the secondary must hold, if the primary held these records."""
    moved = {}
    for key, body in records.items():
        if key[0] == "share":  # people put those back
            continue
        body = service_check.at_rest(key, in_secondary(body))
        if key[0] == "settings":
            restorer = mesh.role(key[1], mesh.RESTORER)
            body["DataLakeAdmins"] = sorted({*body["DataLakeAdmins"], restorer})
        moved[tuple(map(in_secondary, key))] = body
    return moved


def in_secondary(value):
    """A value with replica buckets for product buckets, the secondary in links and ARNs, and
    table optimizers at rest."""
    if isinstance(value, str):
        return _REGION.sub(rf"\1{mesh.SECONDARY}\2", _BUCKETS.sub(r"\1\2-eu", value))
    if isinstance(value, list):
        return [in_secondary(item) for item in value]
    if isinstance(value, dict):
        return {key: mesh.SECONDARY if (key, item) == ("Region", mesh.PRIMARY)
                else False if (key, item) == ("enabled", True)
                else in_secondary(item) for key, item in value.items()}
    return value


def compare(wanted: dict, found: dict) -> list[dict]:
    """Every record that is missing, extra or different, with the members that differ."""
    differences = []
    for key in sorted(wanted.keys() | found.keys()):
        where = {"kind": key[0], "key": "/".join(key[1:])}
        if key not in found:
            differences.append({"problem": "missing", **where})
        elif key not in wanted:
            differences.append({"problem": "extra", **where})
        elif wanted[key] != found[key]:
            fields = list(changed("", wanted[key], found[key]))
            differences.append({"problem": "different", **where, "fields": fields})
    return differences


def changed(path: str, wanted, found):
    """Each member in which two bodies differ: its path, what was wanted, what was found."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted.keys() | found.keys()):
            yield from changed(f"{path}.{key}" if path else key,
                               wanted.get(key), found.get(key))
    elif wanted != found:
        yield {"field": path, "wanted": wanted, "found": found}


def summary(kind: str, wanted: dict, found: dict, differences: list[dict]) -> dict:
    """The numbers of one kind."""
    problems = [item["problem"] for item in differences if item["kind"] == kind]
    return {
        "kind": kind, "expected": sum(key[0] == kind for key in wanted),
        "found": sum(key[0] == kind for key in found),
        **{name: problems.count(name) for name in ("missing", "different", "extra")},
    }
