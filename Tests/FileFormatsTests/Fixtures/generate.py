"""Writes the fixtures of FileFormatsTests anew, with a writer that is not ours.

    python3 -m venv v && v/bin/pip install pyarrow==26.0.1 && v/bin/python generate.py

Each `.parquet` is one of the ways in which pyarrow can write the same rows; `rows.json` has the rows.
"""

import json
from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
COUNT = 300


def row(number: int) -> dict:
    """Optional fields in optional groups, lists that are empty or not there, values of every length."""
    odd = number % 3
    return {
        "id": number * 7919 - 1_000_000, "small": number % 100 - 50,
        "big": (number * 0x9E3779B97F4A7C15 + 2**63) % 2**64 - 2**63,
        "flag": number % 4 == 0, "maybe": None if number % 5 == 0 else number % 2 == 0,
        "name": f"prefix/of/all/{number:05d}" + "é" * (number % 7),
        "kind": None if number % 11 == 0 else ("COMPLETED", "PENDING", "FAILED")[number % 3],
        "add": None if odd == 0 else {
            "path": f"part-{number}.parquet", "size": number * 1000 if odd == 1 else None,
            "deletionVector": None if number % 4 else {"storageType": "u", "offset": number}},
        "features": None if number % 6 == 0 else [f"f{n}" if n != 2 else None for n in range(number % 5)],
        "nothing": None,
    }


SCHEMA = pa.schema([
    pa.field("id", pa.int64(), nullable=False), pa.field("small", pa.int32()), pa.field("big", pa.int64()),
    pa.field("flag", pa.bool_(), nullable=False), pa.field("maybe", pa.bool_()),
    pa.field("name", pa.string(), nullable=False), pa.field("kind", pa.string()),
    pa.field("add", pa.struct([
        pa.field("path", pa.string(), nullable=False), pa.field("size", pa.int64()),
        pa.field("deletionVector", pa.struct([
            pa.field("storageType", pa.string(), nullable=False), pa.field("offset", pa.int32())]))])),
    pa.field("features", pa.list_(pa.string())), pa.field("nothing", pa.string())])
DELTAS = {
    "id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "big": "DELTA_BINARY_PACKED", "flag": "RLE",
    "maybe": "RLE", "name": "DELTA_BYTE_ARRAY", "kind": "DELTA_LENGTH_BYTE_ARRAY",
    "add.path": "DELTA_BYTE_ARRAY", "add.size": "DELTA_BINARY_PACKED",
    "add.deletionVector.offset": "DELTA_BINARY_PACKED", "features.list.element": "DELTA_LENGTH_BYTE_ARRAY"}


def write(name: str, table: pa.Table, **options) -> None:
    pq.write_table(table, HERE / f"{name}.parquet", write_statistics=False, store_schema=False, **options)


def write_all() -> None:
    rows = [row(number) for number in range(COUNT)]
    table = pa.Table.from_pylist(rows, SCHEMA)
    (HERE / "rows.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n")
    for codec, version in product(("none", "snappy", "gzip", "zstd"), ("1.0", "2.0")):
        write(f"dictionary-{codec}-{version[0]}", table, compression=codec, data_page_version=version,
              row_group_size=200)
    # Pages so small that dictionaries and lists go over many of them.
    for version in ("1.0", "2.0"):
        write(f"plain-{version[0]}", table, compression="snappy", data_page_version=version, use_dictionary=False,
              data_page_size=256, write_batch_size=16, row_group_size=170, write_page_checksum=True)
        write(f"pages-{version[0]}", table, compression="none", data_page_version=version,
              data_page_size=64, write_batch_size=8, dictionary_pagesize_limit=600)
        write(f"delta-{version[0]}", table, compression="zstd", data_page_version=version, use_dictionary=False,
              column_encoding=DELTAS)
    write("empty", table.slice(0, 0))
    few = table.slice(0, 20)
    write("brotli", few, compression="brotli")
    write("lz4", few, compression="lz4")
    split = pa.table({"n": pa.array(range(20), pa.int64())})
    write("split", split, use_dictionary=False, column_encoding={"n": "BYTE_STREAM_SPLIT"})
    others = pa.table({"d": pa.array([0.5, None]), "s": pa.array(["a", "b"]),
                       "deep": pa.array([[["x"]], []], pa.list_(pa.list_(pa.string())))})
    write("others", others)


if __name__ == "__main__":
    write_all()
