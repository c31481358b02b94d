#!/usr/bin/env python3
"""Reads and checks an archive of mesh snapshots from docs/archive-format.md alone.

It needs nothing but Python's standard library, the zstd program, and openssl for signatures.

    read_archive.py STORE              checks every snapshot, prints one JSON line for each
    read_archive.py STORE ID           prints the records of one snapshot, in order
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from chain import check_chain
from signatures import check_signature

FORMAT = 1
DIGEST = re.compile(r"[0-9a-f]{64}\Z")
ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\Z")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")
ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
}


class Damage(Exception):
    pass


FAILURES = (
    OSError, KeyError, TypeError, ValueError, subprocess.CalledProcessError, tarfile.TarError,
)


def require(condition, message):
    if not condition:
        raise Damage(message)


def digest(data):
    return hashlib.sha256(data).hexdigest()


# Canonical JSON


class Number(str):
    """A number as it was written."""


def unique(pairs):
    names = [name for name, _ in pairs]
    require(len(set(names)) == len(names), "an object has a name twice")
    return dict(pairs)


def parse(data):
    try:
        text = data.decode("utf-8")
        return json.loads(text, parse_int=Number, parse_float=Number, object_pairs_hook=unique)
    except ValueError as error:
        raise Damage(f"no JSON: {error}") from error


def canonical_text(text):
    def one(character):
        point = ord(character)
        if character in ESCAPES:
            return ESCAPES[character]
        if point < 0x20 or 0xD800 <= point < 0xE000:
            return f"\\u{point:04x}"
        return character

    return '"' + "".join(map(one, text)) + '"'


def canonical(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, dict):
        members = (f"{canonical_text(name)}:{canonical(value[name])}" for name in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return {None: "null", True: "true", False: "false"}[value]


# Names


def percent(data):
    return "".join(f"%{byte:02X}" for byte in data)


def key_part(text):
    return re.sub(r"[%/\x00-\x1f\x7f]", lambda match: percent(match[0].encode()), text)


def within(key, above):
    return key == above or key.startswith(above + "/")


def safe_name(name):
    safe = ""
    for index, byte in enumerate(name.encode()):
        plain = re.match(rb"[A-Za-z0-9._-]", bytes([byte]))
        misleading = index == 0 and (byte == ord(".") or name == "_")
        safe += chr(byte) if plain and not misleading else percent([byte])
    if len(safe) > 200:
        safe = safe[:180] + "~" + digest(name.encode())[:16]
    return safe or "%"


def member_path(group, member):
    service, kind = member["kind"].split("/")
    folder = safe_name(group["database"]) if "database" in group else "_"
    names = [safe_name(group["account"]), safe_name(service), safe_name(kind), folder]
    return "/".join(names) + "/" + digest(member["firstKey"].encode())[:16] + ".ndjson"


def key_prefix(group, member):
    parts = [group["account"], *member["kind"].split("/")]
    if "database" in group:
        parts.append(group["database"])
    return "/".join(map(key_part, parts))


# Manifests


def read_manifest(path):
    data = path.read_bytes()
    manifest = parse(data)
    require(isinstance(manifest, dict) and "format" in manifest, "no manifest")
    require(int(manifest["format"]) <= FORMAT, "a newer format")
    require(canonical(manifest).encode() + b"\n" == data, "a manifest that is not canonical")
    rest = {name: value for name, value in manifest.items() if name != "digest"}
    require(digest(canonical(rest).encode()) == manifest["digest"], "a wrong manifest digest")
    require(manifest["snapshot"] == path.stem, "the manifest of another snapshot")
    require(TIME.match(manifest["recoveryPoint"]) and TIME.match(manifest["finished"]), "a time")
    whole = all(account["complete"] for account in manifest["accounts"])
    require(manifest["complete"] == whole, "complete, but not all accounts are")
    for account in manifest["accounts"]:
        check_account(account)
    check_plan(manifest)
    return manifest


def check_account(account):
    """Older manifests have neither of the members."""
    names = [database["name"].encode() for database in account.get("databases", [])]
    require(names == sorted(set(names)), "databases out of order")
    for database in account.get("databases", []):
        began, ended = database["began"], database["ended"]
        require(TIME.match(began) and TIME.match(ended) and began <= ended, "a database's times")
    moving = [key.encode() for key in account.get("moving", [])]
    require(moving == sorted(set(moving)), "moving keys out of order")
    for key in account.get("moving", []):
        require(within(key, account["id"]), "a moving key of another account")


def check_plan(manifest):
    counts, ranges = {}, []
    for pack in manifest["packs"]:
        require(DIGEST.match(pack["name"]) and pack["members"], "a pack without members")
        for member in pack["members"]:
            require(member["path"] == member_path(pack["group"], member), "a member's path")
            kind = member["kind"].split("/")[1]
            counts[kind] = counts.get(kind, 0) + int(member["records"])
            ranges.append((member["firstKey"].encode(), member["lastKey"].encode()))
    require({kind: int(count) for kind, count in manifest["counts"].items()} == counts, "counts")
    firsts = [pack["members"][0]["firstKey"].encode() for pack in manifest["packs"]]
    require(firsts == sorted(firsts), "packs out of order")
    ranges.sort()
    for (first, last), (following, _) in zip(ranges, ranges[1:]):
        require(first <= last < following, "members that overlap")


# Packs


def read_pack(store, pack):
    """The lines of each member, by its path."""
    name = pack["name"]
    data = (store / "packs" / name[:2] / f"{name}.tar.zst").read_bytes()
    require(len(data) == int(pack["bytes"]), "a pack of another size")
    require(digest(data) == name, "a pack with another digest")
    tar = subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    members = {}
    with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as archive:
        entries = list(archive)
        paths = [member["path"] for member in pack["members"]]
        require([entry.name for entry in entries] == paths, "other members")
        for entry, member in zip(entries, pack["members"]):
            require(entry.isreg() and entry.mtime == 0 and entry.uid == 0, "a header")
            content = archive.extractfile(entry).read()
            members[entry.name] = read_member(pack["group"], member, content)
    return members


def read_member(group, member, content):
    require(len(content) == int(member["bytes"]), "a member of another size")
    require(digest(content) == member["sha256"], "a member with another digest")
    require(content.endswith(b"\n"), "a line without end")
    lines = content[:-1].split(b"\n")
    require(len(lines) == int(member["records"]), "a wrong number of records")
    prefix, last = key_prefix(group, member), None
    for line in lines:
        record = parse(line)
        require(canonical(record).encode() == line, "a line that is not canonical")
        require(set(record) == {"body", "key"} and isinstance(record["body"], dict), "a record")
        key = record["key"]
        require(within(key, prefix), "a record of another member")
        require(last is None or last < key.encode(), "records out of order")
        require(last is not None or key == member["firstKey"], "another first key")
        last = key.encode()
    require(last == member["lastKey"].encode(), "another last key")
    return lines


def read_snapshot(store, manifest):
    """All lines, sorted by key."""
    members = []
    for pack in manifest["packs"]:
        contents = read_pack(store, pack)
        for member in pack["members"]:
            members.append((member["firstKey"].encode(), contents[member["path"]]))
    for _, lines in sorted(members, key=lambda member: member[0]):
        yield from lines


def read_file(path):
    """What is neither a manifest nor a record: canonical JSON and a line feed."""
    data = path.read_bytes()
    value = parse(data)
    require(canonical(value).encode() + b"\n" == data, f"{path.name} is not canonical")
    return value


def check_store(store):
    version = parse((store / "format.json").read_bytes())
    require(version["format"] == "meshdr-archive", "format.json")
    require(int(version["version"]) <= FORMAT, "a newer format")
    manifests = {}
    for path in sorted((store / "snapshots").glob("*.json")):
        require(ID.match(path.stem), "a snapshot's id")
        manifests[path.stem] = manifest = read_manifest(path)
        check_signature(store, manifest, read_file, require)
    check_chain(store, manifests, read_file, require)
    for name, manifest in manifests.items():
        records = sum(1 for _ in read_snapshot(store, manifest))
        report = {"snapshot": name, "records": records, "packs": len(manifest["packs"])}
        print(json.dumps(report, sort_keys=True))


def main(arguments):
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    store = Path(arguments[0])
    try:
        if len(arguments) == 1:
            check_store(store)
        else:
            manifest = read_manifest(store / "snapshots" / f"{arguments[1]}.json")
            for line in read_snapshot(store, manifest):
                sys.stdout.buffer.write(line + b"\n")
    except (Damage, *FAILURES) as error:
        print(f"damaged: {error!r}", file=sys.stderr)
        sys.exit(5)


if __name__ == "__main__":
    main(sys.argv[1:])
