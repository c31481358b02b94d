"""The big mesh of the capture benchmark: what is in it, and its Glue pages in the wire format.

Everything follows from a seed, so that all clients read the same bytes, run after run. No two
partitions are alike: location, values, row count, size and times differ, as they do in real tables.
"""

import json
import random
from dataclasses import dataclass

REGION = "us-east-1"
PAGE = 1000
TABLES_PER_DATABASE = 10


@dataclass(frozen=True)
class Table:
    account: str
    database: str
    name: str
    partitions: int


@dataclass(frozen=True)
class Shape:
    """How big the mesh is."""

    accounts: int = 50
    tables: int = 2000
    partitions: int = 1_000_000

    def account_ids(self):
        return [f"{710000000000 + i * 1009}" for i in range(self.accounts)]

    def all_tables(self):
        """Most tables are small and a few hold a good part of all partitions."""
        rng = random.Random(7)
        weights = [min(rng.paretovariate(1.2), 150) for _ in range(self.tables)]
        scale = self.partitions / sum(weights)
        sizes = [int(weight * scale) for weight in weights]
        sizes[0] += self.partitions - sum(sizes)
        ids = self.account_ids()
        tables = []
        for index, size in enumerate(sizes):
            account = ids[index % len(ids)]
            place = index // len(ids)
            database = f"domain_{place // TABLES_PER_DATABASE:02d}"
            tables.append(Table(account, database, f"events_{place:03d}", size))
        return tables


def columns(rng):
    types = ["string", "bigint", "double", "timestamp", "decimal(18,4)", "map<string,string>"]
    return [{"Name": f"field_{i:02d}", "Type": rng.choice(types), "Comment": f"measure {i} of the event"} for i in range(6)]


def table_body(table):
    rng = random.Random(f"{table.account}/{table.database}/{table.name}")
    bucket = f"mesh-{table.account}-{table.database.replace('_', '-')}"
    return {
        "Name": table.name,
        "DatabaseName": table.database,
        "Owner": "hadoop",
        "CreateTime": 1.69e9 + rng.randrange(10**7),
        "UpdateTime": 1.72e9 + rng.randrange(10**7) + 0.125,
        "Retention": 0,
        "StorageDescriptor": {
            "Columns": columns(rng),
            "Location": f"s3://{bucket}/{table.name}/",
            "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "Compressed": False,
            "NumberOfBuckets": -1,
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                "Parameters": {"serialization.format": "1"},
            },
            "StoredAsSubDirectories": False,
        },
        "PartitionKeys": [
            {"Name": "day", "Type": "date"},
            {"Name": "hour", "Type": "int"},
            {"Name": "source", "Type": "string"},
        ],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet"},
        "CreatedBy": f"arn:aws:sts::{table.account}:assumed-role/etl/session",
        "IsRegisteredWithLakeFormation": False,
        "CatalogId": table.account,
        "VersionId": str(rng.randrange(1, 40)),
    }


SOURCES = ["web", "ios", "android", "partner", "store"]


class PartitionText:
    """The partitions of one table as JSON texts."""

    def __init__(self, table):
        self._rng = random.Random(f"partitions {table.account}/{table.database}/{table.name}")
        body = table_body(table)
        self._columns = json.dumps(body["StorageDescriptor"]["Columns"], separators=(",", ":"))
        self._location = body["StorageDescriptor"]["Location"]
        self._table = table

    def at(self, index):
        rng = self._rng
        slot, source = divmod(index, len(SOURCES))
        days, hour = divmod(slot, 24)
        month, day = divmod(days, 28)
        year, month = divmod(month, 12)
        date = f"{2016 + year}-{month + 1:02d}-{day + 1:02d}"
        values = f'"{date}","{hour:02d}","{SOURCES[source]}"'
        place = f"{self._location}day={date}/hour={hour:02d}/source={SOURCES[source]}"
        created = 1_600_000_000 + slot * 3600 + rng.randrange(3000)
        rows = rng.randrange(1000, 5_000_000)
        table = self._table
        return (
            f'{{"Values":[{values}],"DatabaseName":"{table.database}","TableName":"{table.name}",'
            f'"CreationTime":{created}.0,"LastAccessTime":{created + rng.randrange(10**6)}.0,'
            f'"StorageDescriptor":{{"Columns":{self._columns},"Location":"{place}",'
            '"InputFormat":"org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",'
            '"OutputFormat":"org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",'
            '"Compressed":false,"NumberOfBuckets":-1,"SerdeInfo":{"SerializationLibrary":'
            '"org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",'
            '"Parameters":{"serialization.format":"1"}},"BucketColumns":[],"SortColumns":[],'
            '"Parameters":{},"SkewedInfo":{"SkewedColumnNames":[],"SkewedColumnValues":[],'
            '"SkewedColumnValueLocationMaps":{}},"StoredAsSubDirectories":false},'
            f'"Parameters":{{"numFiles":"{rng.randrange(1, 64)}","numRows":"{rows}",'
            f'"rawDataSize":"{rows * rng.randrange(80, 120)}",'
            f'"totalSize":"{rows * rng.randrange(20, 40) + rng.randrange(1000)}",'
            f'"transient_lastDdlTime":"{created + rng.randrange(9000)}"}},'
            f'"CatalogId":"{table.account}"}}'
        )


def page_count(table, size=PAGE):
    return max(1, -(-table.partitions // size))


def partition_pages(table):
    """The lists of GetPartitions for a table, page by page, as bytes: `"Partitions":[…]}`."""
    text = PartitionText(table)
    for page in range(page_count(table)):
        first = page * PAGE
        last = min(first + PAGE, table.partitions)
        # Glue lists partitions in an order of its own.
        order = list(range(first, last))
        random.Random(first).shuffle(order)
        texts = {index: text.at(index) for index in range(first, last)}
        body = ",".join(texts[index] for index in order)
        yield f'"Partitions":[{body}]}}'.encode()


@dataclass(frozen=True)
class Token:
    """Where a listing goes on: every `step`th page from `index` on, as a segment of it has them."""

    index: int
    step: int = 1

    @classmethod
    def of(cls, request):
        if "NextToken" in request:
            index, step = request["NextToken"].split(".")
            return cls(int(index), int(step))
        segment = request.get("Segment", {"SegmentNumber": 0, "TotalSegments": 1})
        return cls(segment["SegmentNumber"], segment["TotalSegments"])

    @property
    def next(self):
        return Token(self.index + self.step, self.step)

    @property
    def text(self):
        return f"{self.index}.{self.step}"
