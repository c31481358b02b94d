"""Checks that no snapshot is missed, as docs/archive-format.md says: links, ends, and what is absent."""

import hashlib
import re

DIGEST = re.compile(r"[0-9a-f]{64}\Z")
ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\Z")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")


def read_absent(store, read, require):
    """The links that are known to lead to nothing, and those that they go on with."""
    absent, links = set(), []
    for path in sorted((store / "absent").glob("*.json")):
        data = path.read_bytes()
        require(hashlib.sha256(data).hexdigest() == path.stem, "a list with another digest")
        for entry in read(path)["absent"]:
            require(ID.match(entry["snapshot"]) and DIGEST.match(entry["digest"]), "an entry")
            require(entry["reason"] in ("pruned", "elsewhere", "lost"), "a reason")
            if entry["reason"] == "lost":
                note = entry["acknowledged"]
                require(TIME.match(note["at"]), "when a loss was acknowledged")
                require(note["by"] and note["reason"], "by whom and why")
            absent.add((entry["snapshot"], entry["digest"]))
            links.append(entry["previous"])
    return absent, links


def read_heads(store, read, require):
    """Snapshots that were sealed, and that no manifest may name yet."""
    heads = []
    for path in sorted((store / "heads").glob("*.json")):
        head = read(path)
        require(head["snapshot"] == path.stem and DIGEST.match(head["digest"]), "a head")
        heads.append(head)
    return heads


def check_chain(store, manifests, read, require):
    """`manifests` by their ids; `read` parses a file in canonical form."""
    absent, links = read_absent(store, read, require)
    links += [manifest["previous"] for manifest in manifests.values()]
    links += read_heads(store, read, require)
    for link in links:
        if link is None:
            continue
        there = manifests.get(link["snapshot"])
        if there:
            require(there["digest"] == link["digest"], "a broken chain")
        else:
            require((link["snapshot"], link["digest"]) in absent, "a snapshot that is missing")
