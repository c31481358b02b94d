"""The check of the demo mesh sees what it must see.

Every damage is done through the public API to a faithful mesh, and undone after.
"""

from contextlib import contextmanager
from functools import partial

import pytest

from emulator.nimbuscart import catalog, mesh, shapes
from emulator.nimbuscart import check as checking
from emulator.nimbuscart.seed import seed, settings_of
from emulator.nimbuscart.tables import TABLES
from emulator.tests.test_nimbuscart import answers, platform, problems, run, serving

LEDGER = {"DatabaseName": "finance_curated", "Name": "gl_transactions"}
WEST_FILTER = mesh.FILTERS[0]


@pytest.fixture(scope="module")
def seeded():
    """The endpoint of a stand-in with the mesh in its primary."""
    with serving() as endpoint:
        seed(endpoint)
        yield endpoint


# Each gives what does the damage and what undoes it.

def extra_grant(endpoint):
    lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
    team = mesh.role(mesh.ANALYTICS, "analytics-team")
    grant = {"Principal": {"DataLakePrincipalIdentifier": team},
             "Resource": {"Table": LEDGER}, "Permissions": ["SELECT"]}
    return partial(lake.grant_permissions, **grant), partial(lake.revoke_permissions, **grant)


def missing_grant(endpoint):
    lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
    grant = {"Principal": {"DataLakePrincipalIdentifier": mesh.FINANCE},
             "Resource": {"Table": {"DatabaseName": "finance_curated", "TableWildcard": {}}},
             "Permissions": ["DELETE"]}
    return partial(lake.revoke_permissions, **grant), partial(lake.grant_permissions, **grant)


def grant_option(endpoint):
    lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
    grant = {"Principal": {"DataLakePrincipalIdentifier": mesh.SALES},
             "Resource": {"Database": {"Name": "sales_curated"}},
             "Permissions": ["ALTER"], "PermissionsWithGrantOption": ["ALTER"]}

    def undo():
        lake.revoke_permissions(**grant)
        lake.grant_permissions(**{**grant, "PermissionsWithGrantOption": []})
    return partial(lake.grant_permissions, **grant), undo


def _filter_with(**members):
    def damage(endpoint):
        lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
        right = shapes.filter_input(WEST_FILTER)
        return (partial(lake.update_data_cells_filter, TableData={**right, **members}),
                partial(lake.update_data_cells_filter, TableData=right))
    return damage


wider_filter = _filter_with(RowFilter={"AllRowsWildcard": {}})
salary_in_filter = _filter_with(ColumnWildcard={"ExcludedColumnNames": []})


def _partition_of_orders(endpoint, number):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    orders, = (table for table in TABLES if table.name == "orders")
    values = orders.partition_values()[number]
    names = {"DatabaseName": "sales_curated", "TableName": "orders"}
    return glue, names, values, shapes.partition_input(orders, values)


def missing_partition(endpoint):
    glue, names, values, shape = _partition_of_orders(endpoint, 100)
    return (partial(glue.delete_partition, **names, PartitionValues=values),
            partial(glue.create_partition, **names, PartitionInput=shape))


def partition_elsewhere(endpoint):
    glue, names, values, right = _partition_of_orders(endpoint, 7)
    storage = {**right["StorageDescriptor"], "Location": "s3://somewhere/else"}
    update = partial(glue.update_partition, **names, PartitionValueList=values)
    return (partial(update, PartitionInput={**right, "StorageDescriptor": storage}),
            partial(update, PartitionInput=right))


def _salary_tagged(value):
    column = {"TableWithColumns": {**LEDGER, "ColumnNames": ["employee_salary"]}}
    return {"Resource": column, "LFTags": shapes.lf_tags({"sensitivity": value})}


def untagged_column(endpoint):
    lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
    change = _salary_tagged("pii")
    return (partial(lake.remove_lf_tags_from_resource, **change),
            partial(lake.add_lf_tags_to_resource, **change))


def public_salary(endpoint):
    lake = platform(endpoint, mesh.GOVERNANCE, "lakeformation")
    return (partial(lake.add_lf_tags_to_resource, **_salary_tagged("public")),
            partial(lake.add_lf_tags_to_resource, **_salary_tagged("pii")))


def default_permissions(endpoint):
    lake = platform(endpoint, mesh.SALES, "lakeformation")
    right = settings_of(mesh.SALES)
    everybody = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
                  "Permissions": ["ALL"]}]
    wrong = {**right, "CreateTableDefaultPermissions": everybody}
    return (partial(lake.put_data_lake_settings, DataLakeSettings=wrong),
            partial(lake.put_data_lake_settings, DataLakeSettings=right))


def unencrypted(endpoint):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    put = glue.put_data_catalog_encryption_settings
    off = {"EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"}}
    return (partial(put, DataCatalogEncryptionSettings=off),
            partial(put, DataCatalogEncryptionSettings=catalog.ENCRYPTION[mesh.GOVERNANCE]))


def wider_policy(endpoint):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    right = catalog.policy_text(mesh.GOVERNANCE)
    wrong = right.replace('"glue:GetTables"', '"glue:*"')
    put = partial(glue.put_resource_policy, EnableHybrid="TRUE")
    return partial(put, PolicyInJson=wrong), partial(put, PolicyInJson=right)


def missing_function(endpoint):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    shape = catalog.FUNCTIONS[mesh.GOVERNANCE, "sales_curated"][0]
    names = {"DatabaseName": "sales_curated"}
    return (partial(glue.delete_user_defined_function, **names, FunctionName="net_amount"),
            partial(glue.create_user_defined_function, **names, FunctionInput=shape))


def missing_statistics(endpoint):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    table, values, entries = next(catalog.partition_statistics())
    names = {"DatabaseName": table.database, "TableName": table.name, "PartitionValues": values}
    first = entries[0]
    return (partial(glue.delete_column_statistics_for_partition, **names,
                    ColumnName=first["ColumnName"]),
            partial(glue.update_column_statistics_for_partition, **names,
                    ColumnStatisticsList=[first]))


def resting_optimizer(endpoint):
    glue = platform(endpoint, mesh.GOVERNANCE, "glue")
    (place, configurations), = catalog.OPTIMIZERS.items()
    right = configurations["compaction"]
    put = partial(glue.update_table_optimizer, CatalogId=place[0], DatabaseName=place[1],
                  TableName=place[2], Type="compaction")
    return (partial(put, TableOptimizerConfiguration={**right, "enabled": False}),
            partial(put, TableOptimizerConfiguration=right))


def other_aws_tag(endpoint):
    glue = platform(endpoint, mesh.SALES, "glue")
    arn = f"arn:aws:glue:{mesh.PRIMARY}:{mesh.SALES}:database/sales_raw"
    put = partial(glue.tag_resource, ResourceArn=arn)
    return partial(put, TagsToAdd={"cost-centre": "0"}), partial(put, TagsToAdd={"cost-centre": "4100"})


def crawler_under_way(endpoint):
    glue = platform(endpoint, mesh.SUPPLY_CHAIN, "glue")
    schedule = partial(glue.update_crawler_schedule, CrawlerName="scanners")
    return partial(schedule, Schedule="cron(0 1 * * ? *)"), partial(schedule, Schedule="")


def schema_without_its_mode(endpoint):
    glue = platform(endpoint, mesh.SALES, "glue")
    which = {"RegistryName": "nimbus-events", "SchemaName": "order-placed"}
    set_mode = partial(glue.update_schema, SchemaId=which, SchemaVersionNumber={"LatestVersion": True})
    return partial(set_mode, Compatibility="NONE"), partial(set_mode, Compatibility="FULL_ALL")


def results_elsewhere(endpoint):
    athena = platform(endpoint, mesh.DATA_SCIENCE, "athena")

    def point(location):
        updates = {"ResultConfigurationUpdates": {"OutputLocation": location}}
        return partial(athena.update_work_group, WorkGroup="primary", ConfigurationUpdates=updates)
    return point("s3://elsewhere/"), point("s3://nimbus-marketing-products/athena/")


def second_query_of_a_name(endpoint):
    athena = platform(endpoint, mesh.ANALYTICS, "athena")
    made = []

    def do():
        made.append(athena.create_named_query(
            Name="Top sellers", Database="sales", QueryString="SELECT 1", WorkGroup="dashboards"))

    def undo():
        athena.delete_named_query(NamedQueryId=made[0]["NamedQueryId"])
    return do, undo


@contextmanager
def done(damage, endpoint):
    do, undo = damage(endpoint)
    do()
    try:
        yield
    finally:
        undo()


@pytest.mark.parametrize("damage, found, answered", [
    (extra_grant, ("extra", "grant"), [True, False]),
    (missing_grant, ("missing", "grant"), [True, True]),
    (grant_option, ("different", "grant"), [True, True]),
    (wider_filter, ("different", "filter"), [False, True]),
    (salary_in_filter, ("different", "filter"), [True, False]),
    (missing_partition, ("missing", "partition"), [True, True]),
    (partition_elsewhere, ("different", "partition"), [True, True]),
    (untagged_column, ("missing", "assignment"), [True, True]),
    (public_salary, ("different", "assignment"), [True, False]),
    (default_permissions, ("different", "settings"), [True, True]),
    (unencrypted, ("different", "encryption"), [True, True]),
    (wider_policy, ("different", "policy"), [True, True]),
    (missing_function, ("missing", "function"), [True, True]),
    (missing_statistics, ("missing", "statistics"), [True, True]),
    (resting_optimizer, ("different", "optimizer"), [True, True]),
    (other_aws_tag, ("different", "AWS tags"), [True, True]),
    (crawler_under_way, ("different", "crawler"), [True, True]),
    (schema_without_its_mode, ("different", "schema"), [True, True]),
    (results_elsewhere, ("different", "work group"), [True, True]),
    (second_query_of_a_name, ("extra", "query"), [True, True]),
])
def test_a_damage_is_seen(seeded, damage, found, answered):
    with done(damage, seeded):
        document = checking.check(seeded, mesh.PRIMARY)
    assert problems(document) == {found}
    assert answers(document) == answered
    assert not document["ok"]


def test_the_check_command_names_what_is_missing(seeded):
    with done(missing_partition, seeded):
        damaged = run("check", "--endpoint", seeded, "--region", mesh.PRIMARY)
    assert damaged.returncode == 1
    assert "missing   partition 111111111111/sales_curated/orders/2026-02-09" in damaged.stdout


def test_every_damage_can_be_undone(seeded):
    """The tests above rest on it, and so does this one on them: it comes last."""
    assert checking.check(seeded, mesh.PRIMARY)["ok"]


