"""The files of an Iceberg table of two states: metadata, manifest lists and manifests as Iceberg writes them.

Iceberg specification, version 2, "Manifests" and "Table Metadata"; Avro specification, "Object Container Files".
Every path in them is absolute, as Iceberg has it.
"""

import json

from . import shapes
from .tables import Table

SYNC = b"nimbuscarticeber"
DATA = b"PAR1PAR1"  # Parquet's magic bytes and nothing else: no query runs on the mesh
SNAPSHOTS = (3051729675574597004, 3055729675574597004)
TIMES = (1793401200000, 1793404800000)


def files(table: Table):
    """(uri, body) of every file that the table's two states are made of, the data first."""
    lists: list[list[dict]] = []
    for number, snapshot in enumerate(SNAPSHOTS):
        data = f"{table.location}/data/part-{number:05}.parquet"
        yield data, DATA
        manifest = f"{table.location}/metadata/{snapshot:x}-m0.avro"
        body = avro(ENTRY, [entry(snapshot, number + 1, data)])
        yield manifest, body
        lists.append([*(lists[-1] if lists else []), listed(manifest, len(body), snapshot, number + 1)])
        yield manifest_list(table, number), avro(LISTED, lists[-1])
    current, previous = shapes.metadata_files(table)
    yield previous, json.dumps(metadata(table, 1, [])).encode()
    log = [{"timestamp-ms": TIMES[0], "metadata-file": previous}]
    yield current, json.dumps(metadata(table, 2, log)).encode()


def manifest_list(table: Table, number: int) -> str:
    return f"{table.location}/metadata/snap-{SNAPSHOTS[number]}-1-{SNAPSHOTS[number]:x}.avro"


def metadata(table: Table, states: int, log: list[dict]) -> dict:
    """The metadata file of the table after so many commits."""
    fields = [{"id": number, "name": name, "required": False, "type": _type(type_)}
              for number, (name, type_, _) in enumerate(table.column_list(), 1)]
    snapshots = [
        {"snapshot-id": SNAPSHOTS[number], "sequence-number": number + 1, "timestamp-ms": TIMES[number],
         "schema-id": 0, "summary": {"operation": "append", "added-data-files": "1"},
         "manifest-list": manifest_list(table, number),
         **({"parent-snapshot-id": SNAPSHOTS[number - 1]} if number else {})}
        for number in range(states)]
    return {
        "format-version": 2, "table-uuid": "9c12d441-03fe-4693-9a96-a0705ddf69c1",
        "location": table.location, "last-sequence-number": states,
        "last-updated-ms": TIMES[states - 1], "last-column-id": len(fields),
        "current-schema-id": 0,
        "schemas": [{"type": "struct", "schema-id": 0, "fields": fields}],
        "default-spec-id": 0, "partition-specs": [{"spec-id": 0, "fields": []}],
        "last-partition-id": 999, "default-sort-order-id": 0,
        "sort-orders": [{"order-id": 0, "fields": []}], "properties": {},
        "current-snapshot-id": SNAPSHOTS[states - 1], "snapshots": snapshots,
        "snapshot-log": [{"timestamp-ms": each["timestamp-ms"], "snapshot-id": each["snapshot-id"]}
                         for each in snapshots],
        "metadata-log": log,
    }


def _type(hive_type: str) -> str:
    return {"bigint": "long"}.get(hive_type, hive_type)


# --- Avro --------------------------------------------------------------------------------

def _record(name: str, *fields: tuple) -> dict:
    return {"type": "record", "name": name, "fields": [
        {"name": field, "type": type_, "field-id": number, **({"default": None} if isinstance(type_, list) else {})}
        for field, type_, number in fields]}


LISTED = _record(
    "manifest_file", ("manifest_path", "string", 500), ("manifest_length", "long", 501),
    ("partition_spec_id", "int", 502), ("content", "int", 517), ("sequence_number", "long", 515),
    ("min_sequence_number", "long", 516), ("added_snapshot_id", "long", 503),
    ("added_files_count", "int", 504), ("existing_files_count", "int", 505),
    ("deleted_files_count", "int", 506), ("added_rows_count", "long", 512),
    ("existing_rows_count", "long", 513), ("deleted_rows_count", "long", 514))

ENTRY = _record(
    "manifest_entry", ("status", "int", 0), ("snapshot_id", ["null", "long"], 1),
    ("sequence_number", ["null", "long"], 3), ("file_sequence_number", ["null", "long"], 4),
    ("data_file", _record(
        "r2", ("content", "int", 134), ("file_path", "string", 100), ("file_format", "string", 101),
        ("partition", _record("r102"), 102), ("record_count", "long", 103),
        ("file_size_in_bytes", "long", 104)), 2))


def listed(path: str, length: int, snapshot: int, sequence: int) -> dict:
    """A manifest with one added data file, as a manifest list names it."""
    return {
        "manifest_path": path, "manifest_length": length, "partition_spec_id": 0, "content": 0,
        "sequence_number": sequence, "min_sequence_number": sequence, "added_snapshot_id": snapshot,
        "added_files_count": 1, "existing_files_count": 0, "deleted_files_count": 0,
        "added_rows_count": 1, "existing_rows_count": 0, "deleted_rows_count": 0}


def entry(snapshot: int, sequence: int, path: str) -> dict:
    """An added data file, as a manifest names it."""
    return {
        "status": 1, "snapshot_id": snapshot, "sequence_number": sequence,
        "file_sequence_number": sequence, "data_file": {
            "content": 0, "file_path": path, "file_format": "PARQUET", "partition": {},
            "record_count": 1, "file_size_in_bytes": len(DATA)}}


def avro(schema: dict, rows: list[dict]) -> bytes:
    """An object container file of one block, not compressed."""
    head = {"avro.schema": json.dumps(schema).encode(), "avro.codec": b"null", "format-version": b"2"}
    said = b"".join(_bytes(name.encode()) + _bytes(value) for name, value in head.items())
    block = b"".join(_value(schema, row) for row in rows)
    return (b"Obj\x01" + _long(len(head)) + said + _long(0) + SYNC
            + _long(len(rows)) + _long(len(block)) + block + SYNC)


def _value(type_, value) -> bytes:
    match type_:
        case {"type": "record", "fields": fields}:
            return b"".join(_value(field["type"], value[field["name"]]) for field in fields)
        case ["null", other]:
            return _long(0) if value is None else _long(1) + _value(other, value)
        case "string":
            return _bytes(value.encode())
        case "int" | "long":
            return _long(value)
    raise ValueError(f"no Avro of {type_}")


def _bytes(value: bytes) -> bytes:
    return _long(len(value)) + value


def _long(number: int) -> bytes:
    """Zigzag, seven bits a byte, the lowest first."""
    rest = (number << 1) ^ (number >> 63)
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)
