"""Crawlers, classifiers and schema registries."""

import json

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import GOVERNANCE, code_of

REGISTRY = {"RegistryName": "events"}
ORDER = {**REGISTRY, "SchemaName": "order"}


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


def record(*names: str, default: bool = False) -> str:
    fields = [{"name": name, "type": "string", **({"default": ""} if default else {})} for name in names]
    return json.dumps({"type": "record", "name": "order", "fields": fields})


def make_schema(glue, compatibility: str = "NONE", definition: str | None = None) -> None:
    glue.create_registry(RegistryName="events", Description="all of them")
    given = {"SchemaDefinition": definition} if definition else {}
    glue.create_schema(RegistryId=REGISTRY, SchemaName="order", DataFormat="AVRO", Compatibility=compatibility, **given)


# --- crawlers and classifiers ---------------------------------------------------------------


def test_crawlers_have_the_documented_defaults_and_their_role_by_name(standin):
    glue = standin.client("glue")
    glue.create_crawler(
        Name="c", Role=f"arn:aws:iam::{GOVERNANCE}:role/service-role/crawl", Targets={"S3Targets": [{"Path": "s3://a"}]},
        LakeFormationConfiguration={"UseLakeFormationCredentials": True}, Tags={"team": "data"})
    got = glue.get_crawlers()["Crawlers"][0]
    assert got["Role"] == "service-role/crawl"
    assert got["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}
    assert got["LakeFormationConfiguration"] == {"UseLakeFormationCredentials": True}
    assert "Schedule" not in got
    assert glue.list_crawlers(Tags={"team": "data"})["CrawlerNames"] == ["c"]
    assert glue.list_crawlers(Tags={"team": "ops"})["CrawlerNames"] == []
    assert refused(glue.create_crawler, Name="n", Role="r", Targets={}) == "InvalidInputException"
    assert glue.batch_get_crawlers(CrawlerNames=["c", "n"])["CrawlersNotFound"] == ["n"]


def test_crawlers_are_listed_in_pages(standin):
    glue = standin.client("glue")
    for number in range(3):
        glue.create_crawler(Name=f"c{number}", Role="r", Targets={"CatalogTargets": [{"DatabaseName": "d", "Tables": ["t"]}]})
    first = glue.get_crawlers(MaxResults=2)
    assert [c["Name"] for c in first["Crawlers"]] == ["c0", "c1"]
    assert [c["Name"] for c in glue.get_crawlers(NextToken=first["NextToken"])["Crawlers"]] == ["c2"]


def test_a_running_crawler_cannot_be_changed(standin):
    glue = standin.client("glue")
    glue.create_crawler(Name="c", Role="r", Targets={"S3Targets": [{"Path": "s3://a"}]})
    glue.start_crawler(Name="c")
    for call in (glue.update_crawler, glue.delete_crawler, glue.start_crawler):
        assert refused(call, Name="c") == "CrawlerRunningException"
    glue.stop_crawler(Name="c")
    assert refused(glue.stop_crawler, Name="c") == "CrawlerNotRunningException"
    glue.delete_crawler(Name="c")
    assert refused(glue.get_crawler, Name="c") == "EntityNotFoundException"


def test_schedules_are_set_stopped_and_started(standin):
    glue = standin.client("glue")
    glue.create_crawler(Name="c", Role="r", Targets={"S3Targets": [{"Path": "s3://a"}]})
    assert refused(glue.start_crawler_schedule, CrawlerName="c") == "NoScheduleException"
    assert refused(glue.update_crawler_schedule, CrawlerName="c", Schedule="daily") == "InvalidInputException"
    glue.update_crawler_schedule(CrawlerName="c", Schedule="cron(0 1 * * ? *)")
    glue.stop_crawler_schedule(CrawlerName="c")
    assert glue.get_crawler(Name="c")["Crawler"]["Schedule"]["State"] == "NOT_SCHEDULED"
    glue.start_crawler_schedule(CrawlerName="c")
    assert refused(glue.start_crawler_schedule, CrawlerName="c") == "SchedulerRunningException"


def test_classifiers(standin):
    glue = standin.client("glue")
    assert glue.get_classifiers()["Classifiers"] == []
    glue.create_classifier(CsvClassifier={"Name": "semicolons", "Delimiter": ";", "Header": ["a", "b"]})
    glue.create_classifier(GrokClassifier={"Name": "log", "Classification": "log", "GrokPattern": "%{IP:client}"})
    glue.update_classifier(CsvClassifier={"Name": "semicolons", "ContainsHeader": "PRESENT"})
    got = glue.get_classifier(Name="semicolons")["Classifier"]["CsvClassifier"]
    assert (got["Delimiter"], got["ContainsHeader"], got["Version"]) == (";", "PRESENT", 2)
    first = glue.get_classifiers(MaxResults=1)
    assert list(first["Classifiers"][0]) == ["GrokClassifier"]
    assert list(glue.get_classifiers(NextToken=first["NextToken"])["Classifiers"][0]) == ["CsvClassifier"]
    json_form = {"JsonClassifier": {"Name": "log", "JsonPath": "$"}}
    assert refused(glue.update_classifier, **json_form) == "InvalidInputException"
    assert refused(glue.create_classifier, **json_form) == "AlreadyExistsException"
    glue.delete_classifier(Name="log")
    assert refused(glue.delete_classifier, Name="log") == "EntityNotFoundException"


# --- schema registries ----------------------------------------------------------------------


def test_registries(standin):
    glue = standin.client("glue")
    for number in range(3):
        glue.create_registry(RegistryName=f"r{number}")
    first = glue.list_registries(MaxResults=2)
    assert [r["RegistryName"] for r in first["Registries"]] == ["r0", "r1"]
    assert [r["RegistryName"] for r in glue.list_registries(NextToken=first["NextToken"])["Registries"]] == ["r2"]
    glue.update_registry(RegistryId={"RegistryName": "r1"}, Description="new")
    got = glue.get_registry(RegistryId={"RegistryName": "r1"})
    assert (got["Description"], got["Status"]) == ("new", "AVAILABLE")
    assert refused(glue.update_registry, RegistryId={"RegistryName": "x"}, Description="") == "EntityNotFoundException"


def test_a_schema_without_a_definition_has_no_version(standin):
    glue = standin.client("glue")
    make_schema(glue)
    schema = glue.get_schema(SchemaId=ORDER)
    assert "SchemaCheckpoint" not in schema and "LatestSchemaVersion" not in schema
    assert glue.list_schema_versions(SchemaId=ORDER)["Schemas"] == []
    assert glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=record("a"))["VersionNumber"] == 1
    assert glue.get_schema(SchemaId=ORDER)["SchemaCheckpoint"] == 1


def test_a_new_mode_needs_a_checkpoint(standin):
    glue = standin.client("glue")
    make_schema(glue, definition=record("a"))
    glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=record("a", "b"))
    assert refused(glue.update_schema, SchemaId=ORDER, Compatibility="FULL") == "InvalidInputException"
    missing = {"VersionNumber": 7}
    assert refused(glue.update_schema, SchemaId=ORDER, SchemaVersionNumber=missing) == "EntityNotFoundException"
    glue.update_schema(SchemaId=ORDER, Compatibility="FULL", SchemaVersionNumber={"LatestVersion": True})
    schema = glue.get_schema(SchemaId=ORDER)
    assert (schema["Compatibility"], schema["SchemaCheckpoint"]) == ("FULL", 2)


@pytest.mark.parametrize("mode, definition, good", [
    ("BACKWARD", record("a", "b"), False), ("BACKWARD", record("b", default=True), True),
    ("FORWARD", record("a", "b"), True), ("FORWARD", record("b"), False),
    ("FULL", record("a", "b"), False), ("NONE", record("b"), True)])
def test_versions_are_checked_after_they_are_registered(standin, mode, definition, good):
    glue = standin.client("glue")
    make_schema(glue, mode, record("a"))
    made = glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=definition)
    assert made["Status"] == "PENDING"
    version = glue.get_schema_version(SchemaVersionId=made["SchemaVersionId"])
    assert version["Status"] == ("AVAILABLE" if good else "FAILURE")
    latest = glue.get_schema_version(SchemaId=ORDER, SchemaVersionNumber={"LatestVersion": True})
    assert (latest["SchemaVersionId"] == made["SchemaVersionId"]) is good


def test_a_definition_that_is_there_is_given_back_and_a_disabled_schema_takes_none(standin):
    glue = standin.client("glue")
    make_schema(glue, definition=record("a"))
    again = glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=record("a"))
    assert (again["VersionNumber"], again["Status"]) == (1, "AVAILABLE")
    glue.update_schema(SchemaId=ORDER, Compatibility="DISABLED", SchemaVersionNumber={"VersionNumber": 1})
    assert refused(glue.register_schema_version, SchemaId=ORDER, SchemaDefinition=record("b")) == "InvalidInputException"


def test_versions_go_but_the_checkpoint_stays(standin):
    glue = standin.client("glue")
    make_schema(glue, definition=record("a"))
    for name in "bcd":
        glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=record(name))
    errors = glue.delete_schema_versions(SchemaId=ORDER, Versions="1-3")["SchemaVersionErrors"]
    assert [error["VersionNumber"] for error in errors] == [1]
    assert [v["VersionNumber"] for v in glue.list_schema_versions(SchemaId=ORDER)["Schemas"]] == [1, 4]
    assert glue.register_schema_version(SchemaId=ORDER, SchemaDefinition=record("e"))["VersionNumber"] == 5


def test_metadata_of_versions(standin):
    glue = standin.client("glue")
    make_schema(glue, definition=record("a"))
    version = {"SchemaId": ORDER, "SchemaVersionNumber": {"LatestVersion": True}}
    for key, value in (("owner", "orders"), ("owner", "billing"), ("ticket", "D-7")):
        glue.put_schema_version_metadata(**version, MetadataKeyValue={"MetadataKey": key, "MetadataValue": value})
    found = glue.query_schema_version_metadata(**version)["MetadataInfoMap"]
    assert found["owner"]["MetadataValue"] == "orders"
    assert [other["MetadataValue"] for other in found["owner"]["OtherMetadataValueList"]] == ["billing"]
    pair = {"MetadataKey": "owner", "MetadataValue": "orders"}
    glue.remove_schema_version_metadata(**version, MetadataKeyValue=pair)
    assert refused(glue.remove_schema_version_metadata, **version, MetadataKeyValue=pair) == "EntityNotFoundException"
    only = glue.query_schema_version_metadata(**version, MetadataList=[{"MetadataKey": "ticket"}])["MetadataInfoMap"]
    assert list(only) == ["ticket"]
