"""Table optimizers: kept, answered, and never run."""

from typing import Any

from emulator.aws.glue.lookup import already, table_of
from emulator.aws.registry import handles
from emulator.aws.state import Json
from emulator.front.call import Call
from emulator.front.errors import invalid, not_found


def store(call: Call) -> dict[str, Json]:
    return table_of(call).optimizers


def find(call: Call) -> Json:
    kept = store(call).get(call.params["Type"])
    if kept is None:
        raise not_found(f"No {call.params['Type']} optimizer on the table")
    return kept


def shown(kind: str, configuration: Json) -> Json:
    return {"type": kind, "configuration": configuration, "configurationSource": "table"}


@handles("glue", "CreateTableOptimizer")
def create(call: Call) -> None:
    if (table_of(call).given.get("Parameters") or {}).get("table_type", "").upper() != "ICEBERG":
        raise invalid("Only Iceberg tables can be optimized")
    if call.params["Type"] in store(call):
        raise already("Table optimizer")
    store(call)[call.params["Type"]] = dict(call.params["TableOptimizerConfiguration"])


@handles("glue", "UpdateTableOptimizer")
def update(call: Call) -> None:
    find(call).update(call.params["TableOptimizerConfiguration"])


@handles("glue", "DeleteTableOptimizer")
def delete(call: Call) -> None:
    find(call)
    del store(call)[call.params["Type"]]


@handles("glue", "GetTableOptimizer")
def get(call: Call) -> dict[str, Any]:
    names = {name: call.params[name] for name in ("CatalogId", "DatabaseName", "TableName")}
    return {**names, "TableOptimizer": shown(call.params["Type"], find(call))}


@handles("glue", "BatchGetTableOptimizer")
def batch_get(call: Call) -> dict[str, Any]:
    """Entries without an optimizer come back as failures."""
    found, failures = [], []
    for entry in call.params["Entries"]:
        names = {"CatalogId": entry["catalogId"], "DatabaseName": entry["databaseName"], "TableName": entry["tableName"]}
        call.params.update(names)
        kept = store(call).get(entry["type"])
        if kept is None:
            detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": f"No {entry['type']} optimizer"}
            failures.append({**{k: entry[k] for k in entry}, "error": detail})
        else:
            where = {k: entry[k] for k in ("catalogId", "databaseName", "tableName")}
            found.append({**where, "tableOptimizer": shown(entry["type"], kept)})
    return {"TableOptimizers": found, "Failures": failures}
