"""Partitions: single calls, batches with an error for each failed entry, and pages cut ready-made."""

import json
import threading
import zlib
from typing import Any

from moto.glue.utils import PartitionFilter

from emulator.aws.glue.lookup import already, partition_of, table_of
from emulator.aws.glue.tables import owner_of
from emulator.aws.lakeformation import access
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Partition, Table
from emulator.front.call import Call
from emulator.front.errors import AWSError, invalid

RENDERING = threading.Lock()


def shown(table: Table, partition: Partition, account: str) -> dict[str, Any]:
    return {
        **partition.given,
        "DatabaseName": table.database,
        "TableName": table.name,
        "CreationTime": partition.created,
        "CatalogId": account,
    }


def rendered(table: Table, partition: Partition, account: str, without_schema: bool) -> bytes:
    """A partition's JSON, made once. ExcludeColumnSchema leaves the columns out."""
    if without_schema not in partition.rendered:
        body = shown(table, partition, account)
        if without_schema and body.get("StorageDescriptor"):
            descriptor = dict(body["StorageDescriptor"])
            descriptor.pop("Columns", None)
            body["StorageDescriptor"] = descriptor
        partition.rendered[without_schema] = json.dumps(body, separators=(",", ":")).encode()
    return partition.rendered[without_schema]


def writable(call: Call) -> Table:
    """The table, if the caller may write its partitions: ALTER or INSERT on it."""
    table = table_of(call)
    path = access.table_path(owner_of(call, None), table.database, table.name)
    access.require(call, path, "ALTER", "INSERT")
    return table


def readable(call: Call) -> tuple[Table, str]:
    table, account = table_of(call), owner_of(call, None)
    access.require_visible(call, access.table_path(account, table.database, table.name), call.region)
    return table, account


def add(table: Table, given: dict[str, Any]) -> None:
    values = tuple(given.get("Values") or ())
    keys = table.given.get("PartitionKeys") or []
    if len(values) != len(keys):
        raise invalid(f"The number of partition keys ({len(keys)}) does not match the number of values ({len(values)})")
    if values in table.partitions:
        raise already("Partition")
    table.partitions[values] = Partition(given)


def replace(table: Table, values: list[str], given: dict[str, Any]) -> None:
    """A new definition under the same or under new values; the time of creation stays."""
    old = partition_of(table, values)
    given = {**given, "Values": given.get("Values") or values}
    new = tuple(given["Values"])
    if new != tuple(values) and new in table.partitions:
        raise already("Partition")
    if new != tuple(values):
        del table.partitions[tuple(values)]
    table.partitions[new] = Partition(given, created=old.created)


def detail(error: AWSError) -> dict[str, str]:
    return {"ErrorCode": error.code, "ErrorMessage": error.message}


@handles("glue", "CreatePartition")
def create(call: Call) -> None:
    add(writable(call), call.params["PartitionInput"])


@handles("glue", "BatchCreatePartition")
def batch_create(call: Call) -> dict[str, Any]:
    table, errors = writable(call), []
    for index, given in enumerate(call.params["PartitionInputList"]):
        try:
            call.entry_fault(index)
            add(table, given)
        except AWSError as error:
            errors.append({"PartitionValues": given.get("Values", []), "ErrorDetail": detail(error)})
    return {"Errors": errors}


@handles("glue", "UpdatePartition")
def update(call: Call) -> None:
    replace(writable(call), call.params["PartitionValueList"], call.params["PartitionInput"])


@handles("glue", "BatchUpdatePartition")
def batch_update(call: Call) -> dict[str, Any]:
    table, errors = writable(call), []
    for index, entry in enumerate(call.params["Entries"]):
        try:
            call.entry_fault(index)
            replace(table, entry["PartitionValueList"], entry["PartitionInput"])
        except AWSError as error:
            errors.append({"PartitionValueList": entry["PartitionValueList"], "ErrorDetail": detail(error)})
    return {"Errors": errors}


@handles("glue", "DeletePartition")
def delete(call: Call) -> None:
    table = writable(call)
    partition_of(table, call.params["PartitionValues"])
    del table.partitions[tuple(call.params["PartitionValues"])]


@handles("glue", "BatchDeletePartition")
def batch_delete(call: Call) -> dict[str, Any]:
    table, errors = writable(call), []
    for index, entry in enumerate(call.params["PartitionsToDelete"]):
        try:
            call.entry_fault(index)
            partition_of(table, entry["Values"])
            del table.partitions[tuple(entry["Values"])]
        except AWSError as error:
            errors.append({"PartitionValues": entry["Values"], "ErrorDetail": detail(error)})
    return {"Errors": errors}


@handles("glue", "GetPartition")
def get(call: Call) -> dict[str, Any]:
    table, account = readable(call)
    return {"Partition": shown(table, partition_of(table, call.params["PartitionValues"]), account)}


@handles("glue", "BatchGetPartition")
def batch_get(call: Call) -> dict[str, Any]:
    table, account = readable(call)
    wanted = [tuple(entry["Values"]) for entry in call.params["PartitionsToGet"]]
    found = [table.partitions[values] for values in wanted if values in table.partitions]
    return {"Partitions": [shown(table, p, account) for p in found], "UnprocessedKeys": []}


@handles("glue", "GetPartitions")
def list_all(call: Call) -> bytes:
    """GetPartitions, of one segment where one is asked for: the segments together are the whole."""
    table, account = readable(call)
    found = list(table.partitions.values())
    segment = call.get("Segment")
    if segment:
        if segment["SegmentNumber"] >= segment["TotalSegments"]:
            raise invalid("SegmentNumber must be less than TotalSegments")
        found = [p for p in found if segment_of(p, segment["TotalSegments"]) == segment["SegmentNumber"]]
    if call.get("Expression"):
        with RENDERING:
            found = list(filter(PartitionFilter(call.params["Expression"], table), found))
    chosen, more = page(call, found, 1000)
    bare = bool(call.get("ExcludeColumnSchema"))
    body = b'{"Partitions":[' + b",".join(rendered(table, p, account, bare) for p in chosen) + b"]"
    return body + (b',"NextToken":' + json.dumps(more["NextToken"]).encode() if more else b"") + b"}"


def segment_of(partition: Partition, total: int) -> int:
    return zlib.crc32("\0".join(partition.given.get("Values", [])).encode()) % total
