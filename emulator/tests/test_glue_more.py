"""The rest of Glue that is added: connections, optimizers, crawlers, registries, tags; Identity Center."""

import json

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import GOVERNANCE, SALES, code_of

JDBC = {"Name": "erp", "ConnectionType": "JDBC", "ConnectionProperties": {
    "JDBC_CONNECTION_URL": "jdbc:postgresql://erp/db", "USERNAME": "u", "PASSWORD": "secret"},
    "PhysicalConnectionRequirements": {"SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1"], "AvailabilityZone": "us-east-1a"}}


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


def test_connections_keep_every_member_and_hide_passwords(standin):
    glue = standin.client("glue")
    glue.create_connection(ConnectionInput=JDBC)
    got = glue.get_connection(Name="erp")["Connection"]
    assert {name: got[name] for name in JDBC} == JDBC
    hidden = glue.get_connections(HidePassword=True)["ConnectionList"][0]["ConnectionProperties"]
    assert "PASSWORD" not in hidden and hidden["USERNAME"] == "u"
    glue.update_connection(Name="erp", ConnectionInput={**JDBC, "Description": "new"})
    assert glue.get_connection(Name="erp")["Connection"]["Description"] == "new"
    assert glue.get_connections(Filter={"ConnectionType": "KAFKA"})["ConnectionList"] == []
    assert refused(glue.create_connection, ConnectionInput=JDBC) == "AlreadyExistsException"
    glue.delete_connection(ConnectionName="erp")
    assert refused(glue.get_connection, Name="erp") == "EntityNotFoundException"


def test_table_optimizers(standin):
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "plain"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "t", "Parameters": {"table_type": "ICEBERG"}})
    where = {"CatalogId": GOVERNANCE, "DatabaseName": "d", "TableName": "t", "Type": "compaction"}
    given = {"roleArn": f"arn:aws:iam::{GOVERNANCE}:role/analyst", "enabled": True}
    assert refused(glue.get_table_optimizer, **where) == "EntityNotFoundException"
    plain = {**where, "TableName": "plain"}
    assert refused(glue.create_table_optimizer, **plain, TableOptimizerConfiguration=given) == "InvalidInputException"
    glue.create_table_optimizer(**where, TableOptimizerConfiguration=given)
    assert glue.get_table_optimizer(**where)["TableOptimizer"] == {
        "type": "compaction", "configuration": given, "configurationSource": "table"}
    entry = {"catalogId": GOVERNANCE, "databaseName": "d", "tableName": "t"}
    answer = glue.batch_get_table_optimizer(Entries=[{**entry, "type": "compaction"}, {**entry, "type": "retention"}])
    assert len(answer["TableOptimizers"]) == 1 and answer["Failures"][0]["type"] == "retention"
    glue.update_table_optimizer(**where, TableOptimizerConfiguration={**given, "enabled": False})
    assert glue.get_table_optimizer(**where)["TableOptimizer"]["configuration"]["enabled"] is False


def test_crawlers_can_be_changed(standin):
    glue = standin.client("glue")
    glue.create_crawler(Name="c", Role="r", Targets={"S3Targets": [{"Path": "s3://a"}]}, Schedule="cron(0 1 * * ? *)")
    glue.update_crawler(Name="c", Description="new", Targets={"S3Targets": [{"Path": "s3://b"}]})
    got = glue.get_crawler(Name="c")["Crawler"]
    assert got["Schedule"] == {"ScheduleExpression": "cron(0 1 * * ? *)", "State": "SCHEDULED"}
    assert (got["Description"], got["Targets"]["S3Targets"][0]["Path"], got["Version"]) == ("new", "s3://b", 2)
    assert refused(glue.update_crawler, Name="x") == "EntityNotFoundException"


def test_schemas_and_their_versions_are_listed(standin):
    glue = standin.client("glue")
    glue.create_registry(RegistryName="events")
    definition = '{"type":"record","name":"a","fields":[]}'
    glue.create_schema(RegistryId={"RegistryName": "events"}, SchemaName="order", DataFormat="AVRO",
                       Compatibility="NONE", SchemaDefinition=definition)
    listed = glue.list_schemas(RegistryId={"RegistryName": "events"})["Schemas"]
    assert [(s["SchemaName"], s["SchemaStatus"]) for s in listed] == [("order", "AVAILABLE")]
    versions = glue.list_schema_versions(SchemaId={"RegistryName": "events", "SchemaName": "order"})["Schemas"]
    assert [v["VersionNumber"] for v in versions] == [1]
    assert refused(glue.list_schemas, RegistryId={"RegistryName": "none"}) == "EntityNotFoundException"


def test_tags_given_with_a_database_can_be_read(standin):
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"}, Tags={"team": "data"})
    arn = f"arn:aws:glue:us-east-1:{GOVERNANCE}:database/d"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "data"}
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"tier": "1"})
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["team"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"tier": "1"}
    assert refused(glue.tag_resource, ResourceArn=arn, TagsToAdd={"aws:x": "1"}) == "InvalidInputException"
    assert refused(glue.get_tags, ResourceArn=arn + "2") == "EntityNotFoundException"
    table = arn.replace("database/d", "table/d/t")
    assert refused(glue.tag_resource, ResourceArn=table, TagsToAdd={"a": "b"}) == "InvalidInputException"
    glue.delete_database(Name="d")
    glue.create_database(DatabaseInput={"Name": "d"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {}


def ids(answer) -> list[str]:
    return [found["CatalogId"] for found in answer["CatalogList"]]


def test_catalogs(standin):
    glue = standin.client("glue", SALES)
    assert glue.get_catalogs()["CatalogList"] == []
    assert ids(glue.get_catalogs(IncludeRoot=True)) == [SALES]
    assert refused(glue.get_catalog, CatalogId=GOVERNANCE) == "EntityNotFoundException"


@pytest.fixture
def buckets(standin):
    """The catalog of table buckets, with two of them."""
    standin.settle()
    glue, tables = standin.client("glue"), standin.client("s3tables")
    identifier = f"arn:aws:s3tables:us-east-1:{GOVERNANCE}:bucket/*"
    glue.create_catalog(Name="s3tablescatalog", CatalogInput={"FederatedCatalog": {
        "Identifier": identifier, "ConnectionName": "aws:s3tables"}})
    for name in ("events", "features"):
        tables.create_table_bucket(name=name)
    return glue


def test_nested_catalogs_are_listed_below_their_parents(buckets):
    top, events, features = (GOVERNANCE + ":s3tablescatalog" + rest for rest in ("", "/events", "/features"))
    assert ids(buckets.get_catalogs()) == [top]
    assert ids(buckets.get_catalogs(Recursive=True, IncludeRoot=True)) == [GOVERNANCE, top, events, features]
    assert ids(buckets.get_catalogs(Recursive=True, HasDatabases=True)) == [events, features]
    assert ids(buckets.get_catalogs(ParentCatalogId=top)) == [events, features]
    assert refused(buckets.get_catalogs, ParentCatalogId=top, IncludeRoot=False) == "InvalidInputException"
    first = buckets.get_catalogs(Recursive=True, MaxResults=2)
    rest = buckets.get_catalogs(Recursive=True, MaxResults=2, NextToken=first["NextToken"])
    assert ids(first) + ids(rest) == [top, events, features]
    assert buckets.get_catalog(CatalogId=events)["Catalog"]["FederatedCatalog"]["ConnectionName"] == "aws:s3tables"
    again = {"Name": "s3tablescatalog", "CatalogInput": {}}
    assert refused(buckets.create_catalog, **again) == "AlreadyExistsException"
    buckets.delete_catalog(CatalogId=top)
    assert refused(buckets.get_catalog, CatalogId=events) == "EntityNotFoundException"


def test_what_lies_in_nested_catalogs_is_apart(buckets):
    inside = {"CatalogId": f"{GOVERNANCE}:s3tablescatalog/events"}
    buckets.create_database(**inside, DatabaseInput={"Name": "Clicks"})
    buckets.create_database(DatabaseInput={"Name": "clicks", "Description": "the account's own"})
    buckets.create_table(**inside, DatabaseName="clicks", TableInput={"Name": "raw"})
    assert buckets.get_tables(DatabaseName="clicks")["TableList"] == []
    assert [t["Name"] for t in buckets.get_tables(**inside, DatabaseName="clicks")["TableList"]] == ["raw"]
    assert buckets.get_table(**inside, DatabaseName="clicks", Name="raw")["Table"]["CatalogId"] == inside["CatalogId"]
    assert "Description" not in buckets.get_database(**inside, Name="clicks")["Database"]
    assert [d["CatalogId"] for d in buckets.get_databases(**inside)["DatabaseList"]] == [inside["CatalogId"]]
    assert refused(buckets.get_tables, **inside, DatabaseName="none") == "EntityNotFoundException"
    container = {"CatalogId": f"{GOVERNANCE}:s3tablescatalog"}
    assert refused(buckets.create_database, **container, DatabaseInput={"Name": "d"}) == "InvalidInputException"
    assert refused(buckets.get_databases, CatalogId=GOVERNANCE + ":none") == "EntityNotFoundException"


def test_functions_and_statistics_of_nested_catalogs(buckets):
    inside = {"CatalogId": f"{GOVERNANCE}:s3tablescatalog/events", "DatabaseName": "clicks"}
    buckets.create_database(CatalogId=inside["CatalogId"], DatabaseInput={"Name": "clicks"})
    buckets.create_database(DatabaseInput={"Name": "clicks"})
    buckets.create_table(**inside, TableInput={
        "Name": "raw", "StorageDescriptor": {"Columns": [{"Name": "at", "Type": "date"}]}})
    buckets.create_user_defined_function(**inside, FunctionInput={"FunctionName": "Mask", "ClassName": "a.Mask"})
    found = buckets.get_user_defined_functions(**inside, Pattern="*")["UserDefinedFunctions"]
    assert [(f["FunctionName"], f["CatalogId"]) for f in found] == [("mask", inside["CatalogId"])]
    assert buckets.get_user_defined_functions(DatabaseName="clicks", Pattern="*")["UserDefinedFunctions"] == []
    assert refused(buckets.get_user_defined_functions, CatalogId=inside["CatalogId"], DatabaseName="none",
                   Pattern="*") == "EntityNotFoundException"

    known = {"ColumnName": "at", "ColumnType": "date", "AnalyzedTime": 1.7e9, "StatisticsData": {
        "Type": "DATE", "DateColumnStatisticsData": {"NumberOfNulls": 0, "NumberOfDistinctValues": 3}}}
    assert buckets.update_column_statistics_for_table(
        **inside, TableName="raw", ColumnStatisticsList=[known])["Errors"] == []
    answer = buckets.get_column_statistics_for_table(**inside, TableName="raw", ColumnNames=["at", "none"])
    assert [s["ColumnName"] for s in answer["ColumnStatisticsList"]] == ["at"]
    assert [e["ColumnName"] for e in answer["Errors"]] == ["none"]
    assert refused(buckets.get_column_statistics_for_table, **inside, TableName="none",
                   ColumnNames=["at"]) == "EntityNotFoundException"


def test_nested_catalogs_are_hidden_from_others(standin, buckets):
    other = standin.client("glue", role="analyst")
    assert other.get_catalogs(Recursive=True)["CatalogList"] == []
    hidden = f"{GOVERNANCE}:s3tablescatalog/events"
    assert refused(other.get_databases, CatalogId=hidden) == "AccessDeniedException"
    assert refused(other.create_catalog, Name="c", CatalogInput={}) == "AccessDeniedException"


RAM_MAY_SHARE = {"Effect": "Allow", "Principal": {"Service": "ram.amazonaws.com"}, "Action": "glue:ShareResource",
                 "Resource": f"arn:aws:glue:us-east-1:{GOVERNANCE}:*"}


def policy(*statements) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_sharing_and_the_catalogs_own_policy(standin):
    standin.base("ram").enable_sharing_with_aws_organization()
    standin.settle()
    glue, lake = standin.client("glue"), standin.client("lakeformation")
    glue.create_database(DatabaseInput={"Name": "d"})
    share = {"Principal": {"DataLakePrincipalIdentifier": SALES}, "Resource": {"Database": {"Name": "d"}},
             "Permissions": ["DESCRIBE"]}
    own = glue.put_resource_policy(PolicyInJson=policy())["PolicyHash"]
    assert refused(lake.grant_permissions, **share) == "AccessDeniedException"
    own = glue.put_resource_policy(PolicyInJson=policy(RAM_MAY_SHARE))["PolicyHash"]
    lake.grant_permissions(**share)
    assert refused(glue.put_resource_policy, PolicyInJson=policy(RAM_MAY_SHARE)) == "InvalidInputException"
    glue.put_resource_policy(PolicyInJson=policy(RAM_MAY_SHARE), EnableHybrid="TRUE")
    listed = glue.get_resource_policies()["GetResourcePoliciesResponseList"]
    assert own in [each["PolicyHash"] for each in listed]
    others = [json.loads(each["PolicyInJson"])["Statement"][0] for each in listed if each["PolicyHash"] != own]
    assert {(each["Resource"], *each["Principal"]["AWS"]) for each in others} == {
        (f"arn:aws:glue:us-east-1:{GOVERNANCE}:{what}", SALES) for what in ("catalog", "database/d")}


def test_statistics_are_written_by_those_who_may_alter(standin):
    standin.settle()
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={
        "Name": "t", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}})
    entry = {"ColumnName": "a", "ColumnType": "int", "AnalyzedTime": 1700000000, "StatisticsData": {
        "Type": "LONG", "LongColumnStatisticsData": {"NumberOfNulls": 0, "NumberOfDistinctValues": 2}}}
    where = {"DatabaseName": "d", "TableName": "t"}
    reader = standin.client("glue", role="meshdr-reader")
    assert refused(reader.update_column_statistics_for_table, **where, ColumnStatisticsList=[entry]) == "AccessDeniedException"
    glue.update_column_statistics_for_table(**where, ColumnStatisticsList=[entry])
    assert len(reader.get_column_statistics_for_table(**where, ColumnNames=["a"])["ColumnStatisticsList"]) == 1
    analyst = standin.client("glue", role="analyst")
    assert refused(analyst.get_column_statistics_for_table, **where, ColumnNames=["a"]) == "AccessDeniedException"


def test_identity_center(standin):
    standin.settle()
    lake = standin.client("lakeformation")
    assert refused(lake.describe_lake_formation_identity_center_configuration) == "EntityNotFoundException"
    arn = "arn:aws:sso:::instance/ssoins-1111111111111111"
    lake.create_lake_formation_identity_center_configuration(InstanceArn=arn)
    assert lake.describe_lake_formation_identity_center_configuration()["InstanceArn"] == arn
    lake.delete_lake_formation_identity_center_configuration()
    assert refused(lake.describe_lake_formation_identity_center_configuration) == "EntityNotFoundException"


def test_ram_shares_that_people_make(standin):
    standin.base("ram").enable_sharing_with_aws_organization()
    ram, arn = standin.client("ram"), f"arn:aws:glue:us-east-1:{GOVERNANCE}:database/d"
    share = ram.create_resource_share(name="by-hand", principals=[SALES], resourceArns=[arn])["resourceShare"]
    assert [r["arn"] for r in ram.list_resources(resourceOwner="SELF")["resources"]] == [arn]
    listed = ram.list_resource_share_permissions(resourceShareArn=share["resourceShareArn"])["permissions"]
    assert [(p["name"], p["version"], p["resourceType"]) for p in listed] == [
        ("AWSRAMDefaultPermissionGlueDatabase", "1", "glue:Database")]
    names = [s["name"] for s in standin.client("ram", SALES).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]]
    assert names == ["by-hand"]
    ram.disassociate_resource_share(resourceShareArn=share["resourceShareArn"], principals=[SALES])
    assert standin.client("ram", SALES).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])
    gone = refused(ram.list_resource_share_permissions, resourceShareArn=share["resourceShareArn"])
    assert gone == "UnknownResourceException"
    assert refused(ram.delete_resource_share, resourceShareArn=share["resourceShareArn"]) == "UnknownResourceException"
