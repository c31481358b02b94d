"""The description of the mesh in the shapes that AWS's APIs take."""

import base64
import copy
import json

from .mesh import PRIMARY, CellsFilter, Database, Link
from .tables import Table

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_FORMATS = {
    "parquet": (f"{_PARQUET}.MapredParquetInputFormat", f"{_PARQUET}.MapredParquetOutputFormat",
                f"{_PARQUET}.serde.ParquetHiveSerDe", {"serialization.format": "1"}),
    "json": ("org.apache.hadoop.mapred.TextInputFormat",
             "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
             "org.openx.data.jsonserde.JsonSerDe", {"case.insensitive": "TRUE"}),
}
_FORMATS["projected"] = _FORMATS["parquet"]


def database_input(database: Database) -> dict:
    """Glue's DatabaseInput; no default permissions, so that Lake Formation rules alone."""
    shape = {
        "Name": database.name, "Description": database.description,
        "Parameters": dict(database.parameters), "CreateTableDefaultPermissions": [],
    }
    if database.location:
        shape["LocationUri"] = database.location
    return shape


def link_input(link: Link) -> dict:
    """DatabaseInput or TableInput of a resource link that points into the primary."""
    target = {"CatalogId": link.owner, "DatabaseName": link.database, "Region": PRIMARY}
    if link.table:
        return {"Name": link.name, "TargetTable": {**target, "Name": link.table}}
    return {"Name": link.name, "TargetDatabase": target, "CreateTableDefaultPermissions": []}


def table_input(table: Table) -> dict:
    """Glue's TableInput."""
    if table.form == "view":
        return _view_input(table)
    shape = {
        "Name": table.name, "Description": table.description, "Owner": "hadoop",
        "Retention": 0, "TableType": "EXTERNAL_TABLE", "Parameters": _parameters(table),
        "StorageDescriptor": _storage(table),
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in table.keys],
    }
    if table.form == "iceberg":
        del shape["PartitionKeys"]
    return shape


def partition_input(table: Table, values: list[str]) -> dict:
    """Glue's PartitionInput, with the row count that a crawler would leave."""
    storage = copy.deepcopy(_storage(table))
    storage["Location"] = table.partition_location(values)
    rows = 1000 + sum(map(ord, "".join(values))) % 700
    return {"Values": values, "StorageDescriptor": storage,
            "Parameters": {"recordCount": str(rows), "compressionType": "snappy"}}


def index_inputs(table: Table) -> list[dict]:
    """Glue's PartitionIndex list, for CreateTable."""
    return [{"IndexName": name, "Keys": list(keys)} for name, keys in table.indexes.items()]


def filter_input(cells: CellsFilter) -> dict:
    """Lake Formation's DataCellsFilter."""
    rows = {"FilterExpression": cells.rows} if cells.rows else {"AllRowsWildcard": {}}
    return {
        "TableCatalogId": cells.account, "DatabaseName": cells.database,
        "TableName": cells.table, "Name": cells.name, "RowFilter": rows,
        "ColumnWildcard": {"ExcludedColumnNames": list(cells.hidden)},
    }


def lf_tags(tags) -> list[dict]:
    """A tag assignment as AddLFTagsToResource takes it."""
    return [{"TagKey": key, "TagValues": [value]} for key, value in sorted(dict(tags).items())]


def terms(expression: dict[str, tuple[str, ...]]) -> list[dict]:
    """An LF-Tag expression: each key with the values that it may have."""
    return [{"TagKey": key, "TagValues": list(values)} for key, values in expression.items()]


def metadata_files(table: Table) -> tuple[str, str]:
    """The current and the previous metadata file of an Iceberg table."""
    folder = f"{table.location}/metadata"
    return (f"{folder}/00002-6f0d5a7e-53c1-4c52-9a3b-2f7f0b1f9c44.metadata.json",
            f"{folder}/00001-0b9a61d4-8a35-4f0e-b7be-5d0a8e6c1d21.metadata.json")


def _columns(table: Table) -> list[dict]:
    return [{"Name": name, "Type": type_, **({"Comment": comment} if comment else {})}
            for name, type_, comment in table.column_list()]


def _storage(table: Table) -> dict:
    base = {"Columns": _columns(table), "Location": table.location}
    if table.form == "iceberg":
        for number, column in enumerate(base["Columns"], 1):
            column["Parameters"] = {
                "iceberg.field.id": str(number), "iceberg.field.current": "true",
                "iceberg.field.optional": "true"}
        return base
    reads, writes, library, options = _FORMATS[table.form]
    return {
        **base, "InputFormat": reads, "OutputFormat": writes, "Compressed": False,
        "NumberOfBuckets": -1, "BucketColumns": [], "SortColumns": [], "Parameters": {},
        "SerdeInfo": {"SerializationLibrary": library, "Parameters": options},
        "StoredAsSubDirectories": False,
    }


def _parameters(table: Table) -> dict:
    if table.form == "iceberg":
        current, previous = metadata_files(table)
        return {"table_type": "ICEBERG", "metadata_location": current,
                "previous_metadata_location": previous}
    classification = "json" if table.form == "json" else "parquet"
    parameters = {"EXTERNAL": "TRUE", "classification": classification}
    if table.form == "projected":
        key = table.keys[0]
        parameters |= {
            "projection.enabled": "true", f"projection.{key}.type": "date",
            f"projection.{key}.format": "yyyy-MM-dd",
            f"projection.{key}.range": "2025-01-01,NOW",
            "storage.location.template": f"{table.location}/{key}=${{{key}}}",
        }
    return parameters


def _view_input(table: Table) -> dict:
    """A view as Athena stores it: its query and columns, base64 in a comment."""
    columns = [{"name": name, "type": type_} for name, type_, _ in table.column_list()]
    definition = {"originalSql": table.query, "catalog": "awsdatacatalog",
                  "schema": table.database, "columns": columns}
    encoded = base64.b64encode(json.dumps(definition).encode()).decode()
    hive = {"varchar": "string", "integer": "int"}
    return {
        "Name": table.name, "Description": table.description, "Owner": "hadoop",
        "Retention": 0, "TableType": "VIRTUAL_VIEW",
        "Parameters": {"comment": "Presto View", "presto_view": "true"},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": hive.get(type_, type_)}
                        for name, type_, _ in table.column_list()],
            "Location": "", "Compressed": False, "NumberOfBuckets": 0, "SerdeInfo": {},
            "BucketColumns": [], "SortColumns": [], "StoredAsSubDirectories": False,
        },
        "PartitionKeys": [],
    }
