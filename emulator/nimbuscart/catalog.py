"""What the catalogs of NimbusCart hold beside databases, tables and partitions.

As in `mesh`, plain data from which the seed and the check both derive.
"""

import json
from datetime import UTC, datetime

from .mesh import DATA_SCIENCE, FINANCE, GOVERNANCE, PRIMARY, RESTORER, SALES, role
from .tables import TABLES, Table

# --- encryption and the catalog's own policy ---------------------------------------------

# A multi-region key: the secondary has its replica under the same id.
KEY = f"arn:aws:kms:{PRIMARY}:{GOVERNANCE}:key/mrk-4f9b2c1d7e5a4b3c8d6e0f1a2b3c4d5e"
ENCRYPTION = {
    GOVERNANCE: {
        "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": KEY},
        "ConnectionPasswordEncryption": {
            "ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": KEY},
    },
}


def _glue(*resources: str) -> list[str]:
    return [f"arn:aws:glue:{PRIMARY}:{GOVERNANCE}:{resource}" for resource in resources]


# Lake Formation may share by RAM; two accounts read a database by IAM alone, as they did
# before Lake Formation; and nobody deletes finance's tables by IAM.
POLICIES = {
    GOVERNANCE: {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "LakeFormationShares", "Effect": "Allow",
             "Principal": {"Service": "ram.amazonaws.com"}, "Action": "glue:ShareResource",
             "Resource": _glue("table/*/*", "database/*", "catalog")},
            {"Sid": "BeforeLakeFormation", "Effect": "Allow",
             "Principal": {"AWS": [f"arn:aws:iam::{SALES}:root",
                                   role(DATA_SCIENCE, "data-science-team")]},
             "Action": ["glue:GetDatabase", "glue:GetTables"],
             "Resource": _glue("catalog", "database/sales_curated", "table/sales_curated/*")},
            {"Sid": "FinanceKeepsItsTables", "Effect": "Deny",
             "Principal": {"AWS": FINANCE}, "Action": "glue:DeleteTable",
             "Resource": _glue("table/finance_curated/*"),
             "Condition": {"ArnNotLike": {"aws:PrincipalArn": role(FINANCE, RESTORER)}}},
        ],
    },
}


def policy_text(account: str) -> str:
    return json.dumps(POLICIES[account])


# --- functions, AWS tags, versions ---------------------------------------------------------

_JAR = "s3://nimbus-sales-products/functions/pricing-2.4.jar"
#: By account and database.
FUNCTIONS = {
    (GOVERNANCE, "sales_curated"): (
        {"FunctionName": "net_amount", "ClassName": "example.nimbuscart.NetAmount",
         "OwnerName": "hadoop", "OwnerType": "USER",
         "ResourceUris": [{"ResourceType": "JAR", "Uri": _JAR}]},
        {"FunctionName": "in_euro", "ClassName": "example.nimbuscart.InEuro",
         "OwnerName": "hadoop", "OwnerType": "ROLE", "ResourceUris": []},
    ),
}

AWS_TAGS = {
    (GOVERNANCE, "sales_curated"): {"cost-centre": "4100", "data-owner": "sales-data"},
    (GOVERNANCE, "finance_curated"): {"cost-centre": "4900", "data-owner": "ledger"},
    (SALES, "sales_raw"): {"cost-centre": "4100"},
}

#: Tables that were created with other descriptions, oldest first.
FORMER = {(GOVERNANCE, "marketing_curated", "campaigns"): ("Draft", "Campaigns, unaudited")}


# --- statistics ----------------------------------------------------------------------------

_ANALYSED = datetime(2026, 10, 31, 4, 0, tzinfo=UTC)
#: Tables of which a crawler has looked at some columns.
_ANALYSED_TABLES = {
    (GOVERNANCE, "sales_curated", "orders"): ("order_id", "total_amount", "placed_at"),
    (GOVERNANCE, "finance_curated", "fx_rates"): ("rate_date", "currency", "rate"),
}
#: The same, of the newest partitions of a table.
PARTITION_STATISTICS = {(GOVERNANCE, "finance_curated", "invoices"): ("invoice_id", "due_on")}
_ANALYSED_PARTITIONS = 5


def _statistics(column: str, type_: str, rows: int) -> dict:
    counts = {"NumberOfNulls": rows % 7, "NumberOfDistinctValues": rows - rows % 11}
    if type_ == "date":
        data = {"Type": "DATE", "DateColumnStatisticsData": {
            "MinimumValue": datetime(2024, 1, 1, tzinfo=UTC),
            "MaximumValue": datetime(2026, 10, 31, tzinfo=UTC), **counts}}
    elif type_ == "double":
        data = {"Type": "DOUBLE", "DoubleColumnStatisticsData": {
            "MinimumValue": 0.0112, "MaximumValue": 89.75, **counts}}
    elif type_.startswith("decimal"):
        data = {"Type": "DECIMAL", "DecimalColumnStatisticsData": {
            "MinimumValue": {"UnscaledValue": b"\x01", "Scale": 2},
            "MaximumValue": {"UnscaledValue": b"\x0f\x42\x3f", "Scale": 2}, **counts}}
    else:
        data = {"Type": "STRING", "StringColumnStatisticsData": {
            "MaximumLength": 24, "AverageLength": 11.5, **counts}}
    return {"ColumnName": column, "ColumnType": type_, "AnalyzedTime": _ANALYSED,
            "StatisticsData": data}


def _of_columns(table: Table, columns: tuple[str, ...], rows: int) -> list[dict]:
    types = {name: type_ for name, type_, _ in table.column_list()}
    return [_statistics(column, types[column], rows) for column in columns]


def statistics():
    """(table, entries) of every table that was analysed."""
    for table in TABLES:
        columns = _ANALYSED_TABLES.get((table.account, table.database, table.name))
        if columns:
            yield table, _of_columns(table, columns, 120_000)


def partition_statistics():
    """(table, values, entries) of every partition that was analysed."""
    for table in TABLES:
        columns = PARTITION_STATISTICS.get((table.account, table.database, table.name))
        for number, values in enumerate(table.partition_values()[-_ANALYSED_PARTITIONS:]):
            if columns:
                yield table, values, _of_columns(table, columns, 900 + number)


# --- optimizers ----------------------------------------------------------------------------

#: Configurations by table and type. Only Iceberg tables have any.
OPTIMIZERS = {
    (GOVERNANCE, "supply_chain_curated", "inventory_positions"): {
        "compaction": {
            "roleArn": role(GOVERNANCE, "data-steward"), "enabled": True,
            "compactionConfiguration": {"icebergConfiguration": {"strategy": "binpack"}}},
        "orphan_file_deletion": {
            "roleArn": role(GOVERNANCE, "data-steward"), "enabled": True,
            "orphanFileDeletionConfiguration": {"icebergConfiguration": {
                "orphanFileRetentionPeriodInDays": 3,
                "location": "s3://nimbus-supply-chain-products/curated/inventory_positions"}}},
    },
}


# --- catalogs below an account's own -------------------------------------------------------

#: Table buckets of an account: their databases and tables. No API of Glue brings them back.
TABLE_BUCKETS = {DATA_SCIENCE: {"features": {"training": ("customer_features",)}}}


def table_buckets_catalog(account: str) -> dict:
    """The catalog that holds one catalog for each table bucket."""
    return {"Name": "s3tablescatalog", "CatalogInput": {
        "Description": "Table buckets of the feature jobs",
        "FederatedCatalog": {
            "Identifier": f"arn:aws:s3tables:{PRIMARY}:{account}:bucket/*",
            "ConnectionName": "aws:s3tables"},
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}}
