"""Writes the fixtures of ReplicationTests anew: reports of S3 Inventory as Parquet, by pyarrow.

    python3 -m venv v && v/bin/pip install pyarrow==26.0.1 && v/bin/python generate.py

Their columns are those of the S3 user guide ("Amazon S3 Inventory list"), with versions.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
NOW = 1_790_100_000
# Key, age in seconds, status, whether it is the latest, whether it is a delete marker.
OBJECTS = [
    ("finance/elsewhere", 99_000, "FAILED", True, False),
    ("sales/orders/a b+c", 90_000, "COMPLETED", True, False),
    ("sales/orders/a b+c", 95_000, "FAILED", False, False),
    ("sales/orders/arrived", 70_000, "PENDING", True, False),
    ("sales/orders/failed%20one", 80_000, "FAILED", True, False),
    ("sales/orders/gone", 60_000, None, True, True),
]


def report(time: pa.DataType | None) -> pa.Table:
    fields = [
        pa.field("bucket", pa.string(), nullable=False), pa.field("key", pa.string(), nullable=False),
        pa.field("version_id", pa.string()), pa.field("is_latest", pa.bool_()),
        pa.field("is_delete_marker", pa.bool_()), pa.field("size", pa.int64()),
        pa.field("last_modified_date", time or pa.int64()), pa.field("e_tag", pa.string()),
        pa.field("storage_class", pa.string()), pa.field("is_multipart_uploaded", pa.bool_()),
        pa.field("replication_status", pa.string())]
    scale = {pa.timestamp("ms", tz="UTC"): 1000, pa.timestamp("us", tz="UTC"): 1_000_000}.get(time, 1)
    rows = [
        ("lake", key, f"v{age}", latest, marker, None if marker else 5, (NOW - age) * scale,
         None if marker else "e", None if marker else "STANDARD", False, status)
        for key, age, status, latest, marker in OBJECTS]
    return pa.table([list(column) for column in zip(*rows)], schema=pa.schema(fields))


def write(name: str, table: pa.Table) -> None:
    pq.write_table(table, HERE / f"{name}.parquet", compression="snappy", store_schema=False)


if __name__ == "__main__":
    whole = report(pa.timestamp("ms", tz="UTC"))
    write("inventory", whole)
    write("inventory-micros", report(pa.timestamp("us", tz="UTC")))
    write("inventory-odd-time", report(None))
    write("inventory-no-time", whole.drop_columns(["last_modified_date"]))
