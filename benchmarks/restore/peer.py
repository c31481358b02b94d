"""AWS's sample for copying a catalog between regions, re-created: a call for each thing, ten threads."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.restore.mesh import ANALYSTS, PEER, grant, partition_input, table_input

THREADS = 10


def copy(stand_in, shape, share):
    """Copies all tables, and one in `share` partitions and grants.

    Gives the seconds of each part: tables, partitions and grants, the latter two as measured.
    """
    glue, lake = stand_in.client("glue", PEER, THREADS), stand_in.client("lakeformation", PEER, THREADS)
    for number in range(shape.databases):
        glue.create_database(DatabaseInput={"Name": f"db{number}", "CreateTableDefaultPermissions": []})
    tables = list(shape.names())

    def table(entry):
        glue.create_table(DatabaseName=entry[0], TableInput=table_input(*entry, bucket="lake-away"))

    def partition(entry):
        database, name, number = entry
        glue.create_partition(
            DatabaseName=database, TableName=name, PartitionInput=partition_input(database, name, number, "lake-away")
        )

    def give(entry):
        place, (database, name, _) = entry
        lake.grant_permissions(**grant(database, name, ANALYSTS[place % len(ANALYSTS)]))

    partitions = [(database, name, number) for database, name, count in tables for number in range(count)]
    parts = [(table, tables), (partition, partitions[::share]), (give, list(enumerate(tables))[::share])]
    seconds = []
    for work, entries in parts:
        began = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, entries))
        seconds.append(time.monotonic() - began)
    return seconds
