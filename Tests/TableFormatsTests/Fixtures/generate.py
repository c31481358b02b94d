"""Writes the fixtures of TableFormatsTests anew, with writers that are not ours.

    python3 -m venv v && v/bin/pip install -r requirements.txt && v/bin/python generate.py

Each folder is a table as pyiceberg, fastavro and deltalake leave it below s3://lake/. Of data files only
the sizes are kept, in objects.json with those of all others: nothing reads them.
"""

import gzip
import io
import json
import shutil
from pathlib import Path

import deltalake
import fastavro
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.catalog.memory import InMemoryCatalog
from pyiceberg.io.pyarrow import PyArrowFileIO

HERE = Path(__file__).parent
ROOT = "s3://lake/"
WORK = HERE / ".work"
DATA = (".parquet",)


class LocalLake(PyArrowFileIO):
    """Keeps s3://lake/ in a folder, so that the tables' paths are those of a bucket."""

    def local(self, location: str) -> str:
        path = WORK / location.removeprefix(ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.as_posix()

    def new_input(self, location):
        return Renamed(super().new_input(self.local(location)), location)

    def new_output(self, location):
        return Renamed(super().new_output(self.local(location)), location)

    def delete(self, location):
        super().delete(self.local(location if isinstance(location, str) else location.location))


class Renamed:
    """A file that is told by the name it was asked for."""

    def __init__(self, file, location):
        self.file, self.location = file, location

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __len__(self):
        return len(self.file)

    def to_input_file(self):
        return self


def rows(*values: int) -> pa.Table:
    return pa.table({"id": pa.array(values, pa.int64()), "name": [f"n{v}" for v in values]})


def iceberg(name: str, version: str, codec: str, appends: int):
    catalog = InMemoryCatalog(f"c-{name}", **{"py-io-impl": "generate.LocalLake", "warehouse": ROOT + name})
    catalog.create_namespace("lake")
    table = catalog.create_table(
        "lake.t", rows(1).schema, location=ROOT + name,
        properties={"format-version": version, "write.avro.compression-codec": codec, "write.metadata.compression-codec": "none"})
    for number in range(appends):
        table.append(rows(number, number + 100))
    return table


def keep(name: str, **about) -> None:
    """Copies a table's metadata here, and the sizes of all its objects."""
    source, target = WORK / name, HERE / name
    shutil.rmtree(target, ignore_errors=True)
    sizes = {}
    for path in sorted(source.rglob("*")):
        if path.is_dir() or path.name.endswith(".crc"):
            continue
        relative = path.relative_to(source)
        sizes[relative.as_posix()] = path.stat().st_size
        if not path.name.endswith(DATA) or "checkpoint" in path.name:
            (target / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / relative)
    text = json.dumps({"root": ROOT + name, "sizes": sizes, **about}, indent=1, sort_keys=True)
    (target / "objects.json").write_text(text + "\n")


# --- Iceberg ---------------------------------------------------------------------------

def write_iceberg() -> None:
    table = iceberg("iceberg-v2", "2", "gzip", 3)
    table.overwrite(rows(7))
    keep("iceberg-v2", metadata=table.metadata_location)
    table = iceberg("iceberg-v1", "1", "null", 2)
    keep("iceberg-v1", metadata=table.metadata_location)
    for codec in ("zstd", "snappy"):
        table = iceberg(f"iceberg-{codec}", "2", codec, 1)
        keep(f"iceberg-{codec}", metadata=table.metadata_location)
    table = iceberg("iceberg-empty", "2", "gzip", 0)
    keep("iceberg-empty", metadata=table.metadata_location)
    write_deletes()


def named(number: int, name: str, kind, **more) -> dict:
    return {"name": name, "type": kind, "field-id": number, **more}


MANIFEST = {"type": "record", "name": "manifest_entry", "fields": [
    named(0, "status", "int"), named(1, "snapshot_id", ["null", "long"], default=None),
    named(3, "sequence_number", ["null", "long"], default=None),
    named(2, "data_file", {"type": "record", "name": "r2", "fields": [
        named(134, "content", "int"), named(100, "file_path", "string"), named(101, "file_format", "string"),
        named(102, "partition", {"type": "record", "name": "r102", "fields": [
            {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": None, "field-id": 1000}]}),
        named(103, "record_count", "long"), named(104, "file_size_in_bytes", "long"),
        named(108, "column_sizes", ["null", {"type": "array", "logicalType": "map", "items": {
            "type": "record", "name": "k117_v118", "fields": [named(117, "key", "int"), named(118, "value", "long")]}}]),
        named(125, "lower_bounds", ["null", {"type": "array", "logicalType": "map", "items": {
            "type": "record", "name": "k126_v127", "fields": [named(126, "key", "int"), named(127, "value", "bytes")]}}]),
        named(135, "equality_ids", ["null", {"type": "array", "items": "int", "element-id": 136}], default=None),
    ]})]}
LIST = {"type": "record", "name": "manifest_file", "fields": [
    named(500, "manifest_path", "string"), named(501, "manifest_length", "long"),
    named(502, "partition_spec_id", "int"), named(517, "content", "int"),
    named(515, "sequence_number", "long"), named(516, "min_sequence_number", "long"),
    named(503, "added_snapshot_id", "long"), named(504, "added_files_count", "int"),
    named(507, "partitions", ["null", {"type": "array", "items": {"type": "record", "name": "r508", "fields": [
        named(509, "contains_null", "boolean"), named(518, "contains_nan", ["null", "boolean"]),
        named(510, "lower_bound", ["null", "bytes"]), named(511, "upper_bound", ["null", "bytes"])]}}], default=None),
]}


def entry(content: int, path: str, size: int, status: int = 1) -> dict:
    return {"status": status, "snapshot_id": 11, "sequence_number": 1, "data_file": {
        "content": content, "file_path": path, "file_format": "PARQUET", "partition": {"day": 19000},
        "record_count": 1, "file_size_in_bytes": size,
        "column_sizes": [{"key": 1, "value": 40}, {"key": 2, "value": 50}],
        "lower_bounds": [{"key": 1, "value": b"\0\1"}], "equality_ids": [1] if content == 2 else None}}


def write_deletes() -> None:
    """A table with position and equality deletes, statistics and gzipped metadata, by fastavro."""
    root = ROOT + "iceberg-deletes"
    folder = WORK / "iceberg-deletes"
    (folder / "metadata").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    sizes = {"data/a.parquet": 11, "data/pos.parquet": 12, "data/eq.parquet": 13, "metadata/s.puffin": 14,
             "metadata/p.parquet": 15}
    for name, size in sizes.items():
        (folder / name).write_bytes(b"\0" * size)
    manifests = {
        "m-data.avro": [entry(0, f"{root}/data/a.parquet", 11), entry(0, f"{root}/data/gone.parquet", 9, status=2)],
        "m-deletes.avro": [entry(1, f"{root}/data/pos.parquet", 12), entry(2, f"{root}/data/eq.parquet", 13)]}
    listed = []
    for number, (name, entries) in enumerate(manifests.items()):
        path = folder / "metadata" / name
        with path.open("wb") as out:
            fastavro.writer(out, fastavro.parse_schema(dict(MANIFEST)), entries, codec=("null", "deflate")[number],
                            metadata={"content": ("data", "deletes")[number]}, sync_interval=64)
        listed.append({"manifest_path": f"{root}/metadata/{name}", "manifest_length": path.stat().st_size,
                       "partition_spec_id": 0, "content": number, "sequence_number": 1, "min_sequence_number": 1,
                       "added_snapshot_id": 11, "added_files_count": 2, "partitions": [
                           {"contains_null": False, "contains_nan": None, "lower_bound": b"\0", "upper_bound": b"\1"}]})
    with (folder / "metadata/snap-11.avro").open("wb") as out:
        fastavro.writer(out, fastavro.parse_schema(dict(LIST)), listed, codec="deflate")
    metadata = {
        "format-version": 2, "table-uuid": "1", "location": root, "last-updated-ms": 1700000009000,
        "current-snapshot-id": 11, "snapshots": [{
            "snapshot-id": 11, "sequence-number": 1, "timestamp-ms": 1700000000000,
            "manifest-list": f"{root}/metadata/snap-11.avro", "summary": {"operation": "overwrite"}}],
        "statistics": [{"snapshot-id": 11, "statistics-path": f"{root}/metadata/s.puffin", "file-size-in-bytes": 14,
                        "file-footer-size-in-bytes": 4, "blob-metadata": []}],
        "partition-statistics": [{"snapshot-id": 11, "statistics-path": f"{root}/metadata/p.parquet",
                                  "file-size-in-bytes": 15}]}
    name = "00001-x.gz.metadata.json"
    (folder / "metadata" / name).write_bytes(gzip.compress(json.dumps(metadata).encode(), mtime=0))
    keep("iceberg-deletes", metadata=f"{root}/metadata/{name}")


# --- Delta -----------------------------------------------------------------------------

def write_delta() -> None:
    place = WORK / "delta"
    for number in range(4):
        deltalake.write_deltalake(place, rows(number), mode="append")
    table = deltalake.DeltaTable(place)
    table.optimize.compact()
    keep("delta")
    deltalake.DeltaTable(place).create_checkpoint()
    deltalake.write_deltalake(place, rows(9), mode="append")
    for path in (place / "_delta_log").glob("*.json"):
        if path.stem.isdigit() and int(path.stem) < 4:
            path.unlink()
    shutil.copytree(place, WORK / "delta-checkpoint")
    keep("delta-checkpoint")


# What a checkpoint of the second kind names beside its files (Delta protocol, "Checkpoint Metadata").
VECTOR = pa.struct([pa.field("storageType", pa.string(), nullable=False),
                    pa.field("pathOrInlineDv", pa.string(), nullable=False), pa.field("offset", pa.int32()),
                    pa.field("sizeInBytes", pa.int32(), nullable=False)])
ADD = pa.struct([pa.field("path", pa.string(), nullable=False),
                 pa.field("partitionValues", pa.map_(pa.string(), pa.string())),
                 pa.field("size", pa.int64(), nullable=False), pa.field("deletionVector", VECTOR)])
TOP = pa.schema([
    ("checkpointMetadata", pa.struct([("version", pa.int64())])),
    ("protocol", pa.struct([("minReaderVersion", pa.int32()), ("minWriterVersion", pa.int32()),
                            ("readerFeatures", pa.list_(pa.string()))])),
    ("sidecar", pa.struct([("path", pa.string()), ("sizeInBytes", pa.int64())]))])


def write_checkpoint_forms() -> None:
    """The checkpoint of delta-checkpoint in parts, and others of its version with sidecars."""
    folder = HERE / "delta-forms"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    whole = pq.read_table(HERE / "delta-checkpoint/_delta_log/00000000000000000004.checkpoint.parquet")
    for number, (start, count) in enumerate(((0, 3), (3, len(whole) - 3)), 1):
        pq.write_table(whole.slice(start, count), folder / f"part-{number}.parquet", compression="zstd")
    kept = [action["path"] for action in whole["add"].to_pylist() if action]
    adds = [[{"path": kept[0], "size": 800}, {"path": "with%20dv.parquet", "size": 5, "deletionVector": {
        "storageType": "u", "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^", "offset": 4, "sizeInBytes": 40}}],
        [{"path": "p=1/other.parquet", "partitionValues": [("p", "1")], "size": 6}]]
    sidecars = []
    for number, files in enumerate(adds, 1):
        place = folder / f"side-{number}.parquet"
        rows = [{"add": file} for file in files]
        pq.write_table(pa.Table.from_pylist(rows, pa.schema([("add", ADD)])), place, data_page_version="2.0")
        sidecars.append({"path": place.name, "sizeInBytes": place.stat().st_size})
    asked = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["v2Checkpoint", "deletionVectors"]}
    actions = [{"checkpointMetadata": {"version": 4}}, {"protocol": asked}, *({"sidecar": s} for s in sidecars)]
    pq.write_table(pa.Table.from_pylist(actions, TOP), folder / "top.parquet", compression="gzip")
    (folder / "top.json").write_text("".join(json.dumps(action) + "\n" for action in actions))
    unknown = [{"protocol": {**asked, "readerFeatures": ["catalogManaged"]}}]
    pq.write_table(pa.Table.from_pylist(unknown, TOP), folder / "unknown.parquet")


# --- Hudi ------------------------------------------------------------------------------

# The fields of Hudi's own schemas that name files.
STAT = {"type": "record", "name": "HoodieWriteStat", "fields": [
    {"name": name, "type": ["null", kind], "default": None}
    for name, kind in (("fileId", "string"), ("path", "string"), ("fileSizeInBytes", "long"))]}
COMMIT = {"type": "record", "name": "HoodieReplaceCommitMetadata", "fields": [
    {"name": "partitionToWriteStats", "type": ["null", {"type": "map", "values": {"type": "array", "items": STAT}}]},
    {"name": "partitionToReplaceFileIds",
     "type": ["null", {"type": "map", "values": {"type": "array", "items": "string"}}], "default": None}]}
ARCHIVED = pa.schema([pa.field(name, kind, nullable=name != "version") for name, kind in (
    ("instantTime", pa.string()), ("completionTime", pa.string()), ("action", pa.string()),
    ("metadata", pa.binary()), ("plan", pa.binary()), ("version", pa.int32()))])


def archived(day: int, action: str, writes: list[tuple[str, str, int]], replaced: list[str] = ()) -> dict:
    stats = [{"fileId": group, "path": path, "fileSizeInBytes": size} for group, path, size in writes]
    out = io.BytesIO()
    fastavro.writer(out, fastavro.parse_schema(dict(COMMIT)), [
        {"partitionToWriteStats": {"p": stats}, "partitionToReplaceFileIds": {"p": list(replaced)}}])
    return {"instantTime": f"202601{day:02d}000000000", "completionTime": f"202601{day:02d}000100000",
            "action": action, "metadata": out.getvalue(), "plan": None, "version": 1}


def write_hudi_history() -> None:
    """What `.hoodie/timeline/history` holds after an archiving, a compaction of it, and another archiving."""
    folder = HERE / "hudi-history"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    first = [archived(1, "commit", [("a", "p/a_1.parquet", 3), ("b", "p/b_1.parquet", 3)]),
             archived(2, "deltacommit", [("a", "p/.a_1.log.1_0", 0)]),
             {**archived(2, "clean", []), "instantTime": "20260102120000000", "metadata": b"?"}]
    second = [archived(3, "commit", [("a", "p/a_2.parquet", 3)]), archived(4, "replacecommit", [
        ("c", "p/c_1.parquet", 1)], replaced=["b"])]
    entries = []
    for level, rows in ((1, first), (0, first[:1] + second)):
        name = f"{rows[0]['instantTime']}_{rows[-1]['instantTime']}_{level}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, ARCHIVED), folder / name, compression="gzip", store_schema=False)
        entries.append({"fileName": name, "fileLen": (folder / name).stat().st_size})
    (folder / "manifest_7").write_text(json.dumps({"files": entries}, indent=2))
    (folder / "manifest_6").write_text(json.dumps({"files": entries[:1]}, indent=2))
    (folder / "_version_").write_text("7")


if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    write_iceberg()
    write_delta()
    write_checkpoint_forms()
    write_hudi_history()
    shutil.rmtree(WORK)
