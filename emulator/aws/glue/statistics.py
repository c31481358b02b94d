"""Column statistics of tables and partitions, kept and answered as they came. Tables may lie in a catalog
below the account's own.

"The IAM permission required for this operation is" GetTable or GetPartition to read, UpdateTable or
UpdatePartition to write: so the caller needs what Lake Formation asks for those.
"""

from typing import Any

from emulator.aws.glue import catalogs
from emulator.aws.glue.lookup import is_nested, partition_of
from emulator.aws.glue.lookup import table_of as own_table_of
from emulator.aws.glue.partitions import readable
from emulator.aws.glue.tables import owner_of
from emulator.aws.lakeformation import access
from emulator.aws.registry import handles
from emulator.aws.state import Json, Table
from emulator.front.call import Call
from emulator.front.errors import not_found


def table_of(call: Call) -> Table:
    return catalogs.table_in(call, "TableName") if is_nested(call) else own_table_of(call)


def require_readable(call: Call) -> None:
    # Only administrators see into a nested catalog, which `catalogs` checks.
    if not is_nested(call):
        readable(call)


def require_writable(call: Call) -> None:
    table = table_of(call)
    if is_nested(call):
        return
    path = access.table_path(owner_of(call, None), table.database, table.name)
    access.require(call, path, *(("ALTER", "INSERT") if "PartitionValues" in call.params else ("ALTER",)))


def store(call: Call) -> dict[str, Json]:
    """The statistics of the partition that the call names, or of the table."""
    table = table_of(call)
    if "PartitionValues" not in call.params:
        return table.statistics
    values = tuple(call.params["PartitionValues"])
    partition_of(table, list(values))
    return table.partition_statistics.setdefault(values, {})


@handles("glue", "UpdateColumnStatisticsForTable", "UpdateColumnStatisticsForPartition")
def update(call: Call) -> dict[str, Any]:
    """Entries for columns that the table doesn't have are returned as errors."""
    require_writable(call)
    known, kept, errors = table_of(call).columns(), store(call), []
    for entry in call.params["ColumnStatisticsList"]:
        if entry["ColumnName"] in known:
            kept[entry["ColumnName"]] = entry
        else:
            detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"No column {entry['ColumnName']}"}
            errors.append({"ColumnStatistics": entry, "Error": detail})
    return {"Errors": errors}


@handles("glue", "GetColumnStatisticsForTable", "GetColumnStatisticsForPartition")
def get(call: Call) -> dict[str, Any]:
    require_readable(call)
    kept, known = store(call), table_of(call).columns()
    found = [kept[name] for name in call.params["ColumnNames"] if name in kept]
    errors = [
        {"ColumnName": name, "Error": {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"No column {name}"}}
        for name in call.params["ColumnNames"] if name not in known
    ]
    return {"ColumnStatisticsList": found, "Errors": errors}


@handles("glue", "DeleteColumnStatisticsForTable", "DeleteColumnStatisticsForPartition")
def delete(call: Call) -> None:
    require_writable(call)
    if store(call).pop(call.params["ColumnName"], None) is None:
        raise not_found(f"No statistics of column {call.params['ColumnName']}")
