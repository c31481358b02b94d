"""The steps of the seed for what `catalog` describes."""

from . import catalog, mesh, shapes


def keys() -> list[tuple[str, str]]:
    """The accounts and ids of the keys that encrypt catalogs."""
    named = (settings["EncryptionAtRest"]["SseAwsKmsKeyId"] for settings in catalog.ENCRYPTION.values())
    return [(arn.split(":")[4], arn.rpartition("/")[2]) for arn in sorted(set(named))]


def encryption(client) -> int:
    """`client` gives a client of an account and a service, here and below."""
    for account, settings in catalog.ENCRYPTION.items():
        client(account, "glue").put_data_catalog_encryption_settings(
            DataCatalogEncryptionSettings=settings)
    return len(catalog.ENCRYPTION)


def policies(client) -> int:
    for account in catalog.POLICIES:
        client(account, "glue").put_resource_policy(
            PolicyInJson=catalog.policy_text(account), EnableHybrid="TRUE")
    return len(catalog.POLICIES)


def functions(client) -> int:
    for (account, database), made in catalog.FUNCTIONS.items():
        for shape in made:
            client(account, "glue").create_user_defined_function(
                DatabaseName=database, FunctionInput=shape)
    return sum(map(len, catalog.FUNCTIONS.values()))


def tags(database: mesh.Database) -> dict[str, str]:
    """The AWS tags with which a database is created."""
    return catalog.AWS_TAGS.get((database.account, database.name), {})


def former(table) -> list[dict]:
    """The shapes that a table had before it got its own, oldest first."""
    descriptions = catalog.FORMER.get((table.account, table.database, table.name), ())
    return [{**shapes.table_input(table), "Description": text} for text in descriptions]


def statistics(client) -> int:
    made = 0
    for table, entries in catalog.statistics():
        answer = client(table.account, "glue").update_column_statistics_for_table(
            DatabaseName=table.database, TableName=table.name, ColumnStatisticsList=entries)
        made += len(entries) - len(answer["Errors"])
    for table, values, entries in catalog.partition_statistics():
        answer = client(table.account, "glue").update_column_statistics_for_partition(
            DatabaseName=table.database, TableName=table.name, PartitionValues=values,
            ColumnStatisticsList=entries)
        made += len(entries) - len(answer["Errors"])
    return made


def optimizers(client) -> int:
    for (account, database, table), configurations in catalog.OPTIMIZERS.items():
        for kind, configuration in configurations.items():
            client(account, "glue").create_table_optimizer(
                CatalogId=account, DatabaseName=database, TableName=table, Type=kind,
                TableOptimizerConfiguration=configuration)
    return sum(map(len, catalog.OPTIMIZERS.values()))


def nested_catalogs(client) -> int:
    """Table buckets, their catalogs, and databases and tables in these."""
    for account, buckets in catalog.TABLE_BUCKETS.items():
        glue = client(account, "glue")
        glue.create_catalog(**catalog.table_buckets_catalog(account))
        for bucket, databases in buckets.items():
            client(account, "s3tables").create_table_bucket(name=bucket)
            inside = {"CatalogId": f"{account}:s3tablescatalog/{bucket}"}
            for database, tables in databases.items():
                glue.create_database(**inside, DatabaseInput={"Name": database})
                for table in tables:
                    glue.create_table(**inside, DatabaseName=database, TableInput={
                        "Name": table, "Parameters": {"format": "ICEBERG"}})
    return sum(map(len, catalog.TABLE_BUCKETS.values()))


def shares(platform) -> int:
    """What people share in RAM itself."""
    for share in mesh.SHARES:
        platform(share.account, "ram").create_resource_share(
            name=share.name, resourceArns=share.arns(mesh.PRIMARY),
            principals=list(share.principals), allowExternalPrincipals=False,
            tags=[{"key": key, "value": value} for key, value in share.tags.items()])
    return len(mesh.SHARES)
