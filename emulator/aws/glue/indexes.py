"""Partition indexes. An index made with its table needs no back-fill and is ACTIVE at once."""

import time
from typing import Any

from emulator.aws.glue.lookup import already, table_of
from emulator.aws.registry import handles
from emulator.aws.state import Table
from emulator.front.call import Call
from emulator.front.errors import AWSError, invalid, not_found

#: "You can have up to 3 partition indexes on a table": Glue developer guide, "Partition indexes".
MOST = 3
#: How long an index of a table with partitions stays CREATING.
BACKFILL_SECONDS = 0.3


def add(table: Table, index: dict[str, Any]) -> dict[str, Any]:
    types = {key["Name"]: key.get("Type", "string") for key in table.given.get("PartitionKeys") or []}
    unknown = [key for key in index["Keys"] if key not in types]
    if unknown or not index["Keys"]:
        raise invalid(f"Partition index keys {unknown} are not partition keys of the table")
    if index["IndexName"] in table.indexes:
        raise already("Partition index")
    if len(table.indexes) >= MOST:
        raise AWSError("ResourceNumberLimitExceededException", f"A table has at most {MOST} partition indexes")
    made = {
        "IndexName": index["IndexName"],
        "Keys": [{"Name": key, "Type": types[key]} for key in index["Keys"]],
        "ready_at": 0.0,
    }
    table.indexes[index["IndexName"]] = made
    return made


@handles("glue", "CreatePartitionIndex")
def create(call: Call) -> None:
    table = table_of(call)
    made = add(table, call.params["PartitionIndex"])
    if table.partitions:
        made["ready_at"] = time.monotonic() + BACKFILL_SECONDS


@handles("glue", "GetPartitionIndexes")
def list_all(call: Call) -> dict[str, Any]:
    table, now = table_of(call), time.monotonic()
    return {
        "PartitionIndexDescriptorList": [
            {
                "IndexName": index["IndexName"],
                "Keys": index["Keys"],
                "IndexStatus": "ACTIVE" if now >= index["ready_at"] else "CREATING",
            }
            for index in table.indexes.values()
        ]
    }


@handles("glue", "DeletePartitionIndex")
def delete(call: Call) -> None:
    if table_of(call).indexes.pop(call.params["IndexName"], None) is None:
        raise not_found(f"Index {call.params['IndexName']} not found")
