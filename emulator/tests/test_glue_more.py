"""The rest of Glue that is added: connections, optimizers, crawlers, registries, tags; Identity Center."""

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
    glue.create_table(DatabaseName="d", TableInput={"Name": "t"})
    where = {"CatalogId": GOVERNANCE, "DatabaseName": "d", "TableName": "t", "Type": "compaction"}
    given = {"roleArn": f"arn:aws:iam::{GOVERNANCE}:role/analyst", "enabled": True}
    assert refused(glue.get_table_optimizer, **where) == "EntityNotFoundException"
    glue.create_table_optimizer(**where, TableOptimizerConfiguration=given)
    assert glue.get_table_optimizer(**where)["TableOptimizer"] == {"type": "compaction", "configuration": given}
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


def test_catalogs(standin):
    glue = standin.client("glue", SALES)
    assert glue.get_catalogs()["CatalogList"] == []
    assert [c["CatalogId"] for c in glue.get_catalogs(IncludeRoot=True)["CatalogList"]] == [SALES]
    assert refused(glue.get_catalog, CatalogId=GOVERNANCE) == "EntityNotFoundException"


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
    names = [s["name"] for s in standin.client("ram", SALES).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]]
    assert names == ["by-hand"]
    ram.disassociate_resource_share(resourceShareArn=share["resourceShareArn"], principals=[SALES])
    assert standin.client("ram", SALES).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"] == []
    ram.delete_resource_share(resourceShareArn=share["resourceShareArn"])
    assert refused(ram.delete_resource_share, resourceShareArn=share["resourceShareArn"]) == "UnknownResourceException"
