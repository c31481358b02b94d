"""The Data Catalog: paging, names, batches, versions, indexes, policies, statistics, functions."""

import time

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import ANALYTICS, GOVERNANCE, SALES, code_of, principal

KEYS = [{"Name": "day", "Type": "date"}, {"Name": "shop", "Type": "string"}]
COLUMNS = [{"Name": "id", "Type": "bigint"}, {"Name": "price", "Type": "double"}]


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


@pytest.fixture
def glue(standin):
    client = standin.client("glue")
    client.create_database(DatabaseInput={"Name": "Shop"})
    return client


@pytest.fixture
def table(glue):
    glue.create_table(DatabaseName="shop", TableInput={
        "Name": "Orders", "PartitionKeys": KEYS,
        "StorageDescriptor": {"Columns": COLUMNS, "Location": "s3://shop-data/orders"}})
    return {"DatabaseName": "shop", "TableName": "orders"}


def partition(day: int, shop: str = "a") -> dict:
    return {"Values": [f"2026-01-{day:02}", shop], "StorageDescriptor": {"Columns": COLUMNS, "Location": f"s3://x/{day}"}}


def pages(call, member: str, size: int, **asked) -> list[list]:
    found, token = [], {}
    while True:
        answer = call(**asked, **token, MaxResults=size)
        found.append(answer[member])
        if "NextToken" not in answer:
            return found
        token = {"NextToken": answer["NextToken"]}


def test_databases_come_in_pages_and_lower_case(glue):
    for n in range(6):
        glue.create_database(DatabaseInput={"Name": f"DB{n}"})
    got = pages(glue.get_databases, "DatabaseList", 3)
    assert [len(page) for page in got] == [3, 3, 1]
    assert sorted(d["Name"] for page in got for d in page) == [f"db{n}" for n in range(6)] + ["shop"]
    assert glue.get_database(Name="SHOP")["Database"]["Name"] == "shop"
    assert refused(glue.create_database, DatabaseInput={"Name": "sHOP"}) == "AlreadyExistsException"


def test_garbage_and_foreign_tokens_are_refused(glue):
    glue.create_database(DatabaseInput={"Name": "more"})
    token = glue.get_databases(MaxResults=1)["NextToken"]
    assert refused(glue.get_databases, NextToken="garbage") == "InvalidInputException"
    assert refused(glue.get_databases, NextToken="Z2FyYmFnZQ==") == "InvalidInputException"
    assert refused(glue.get_tables, DatabaseName="shop", NextToken=token) == "InvalidInputException"


def test_what_is_given_comes_back_with_what_aws_adds(glue):
    given = {"Name": "kept", "Description": "d", "LocationUri": "s3://kept/", "Parameters": {"a": "b"},
             "CreateTableDefaultPermissions": [], "FederatedDatabase": {"Identifier": "i", "ConnectionName": "c"}}
    glue.create_database(DatabaseInput=given)
    body = glue.get_database(Name="kept")["Database"]
    assert {**given, "CatalogId": GOVERNANCE} == {k: v for k, v in body.items() if k != "CreateTime"}
    link = {"CatalogId": SALES, "DatabaseName": "theirs", "Region": "us-east-1"}
    glue.create_database(DatabaseInput={"Name": "link", "TargetDatabase": link})
    assert glue.get_database(Name="link")["Database"]["TargetDatabase"] == link


def test_tables_and_their_versions(glue, table):
    first = glue.get_table(DatabaseName="shop", Name="ORDERS")["Table"]
    assert first["VersionId"] == "0" and first["DatabaseName"] == "shop" and first["CreatedBy"].endswith("mesh-platform")
    for text in ("one", "two"):
        glue.update_table(DatabaseName="shop", TableInput={"Name": "orders", "Description": text})
    glue.update_table(DatabaseName="shop", TableInput={"Name": "orders", "Description": "three"}, SkipArchive=True)
    got = pages(glue.get_table_versions, "TableVersions", 2, **table)
    assert [v["VersionId"] for page in got for v in page] == ["3", "1", "0"]
    assert glue.get_table_version(**table, VersionId="1")["TableVersion"]["Table"]["Description"] == "one"
    assert refused(glue.get_table_version, **table, VersionId="9") == "EntityNotFoundException"
    assert glue.get_table(DatabaseName="shop", Name="orders")["Table"]["UpdateTime"] > first["UpdateTime"]
    stale = {"DatabaseName": "shop", "TableInput": {"Name": "orders"}, "VersionId": "0"}
    assert refused(glue.update_table, **stale) == "ConcurrentModificationException"


def test_tables_by_page_and_expression(glue):
    for name in ("a1", "a2", "b1"):
        glue.create_table(DatabaseName="shop", TableInput={"Name": name})
    got = pages(glue.get_tables, "TableList", 2, DatabaseName="shop")
    assert [[t["Name"] for t in page] for page in got] == [["a1", "a2"], ["b1"]]
    assert [t["Name"] for t in glue.get_tables(DatabaseName="shop", Expression="a*")["TableList"]] == ["a1", "a2"]


def test_partitions_in_batches_with_an_error_for_each_entry(glue, table):
    made = glue.batch_create_partition(**table, PartitionInputList=[partition(1), partition(2), partition(1)])
    assert [e["ErrorDetail"]["ErrorCode"] for e in made["Errors"]] == ["AlreadyExistsException"]
    wrong = glue.batch_create_partition(**table, PartitionInputList=[{"Values": ["only-one"]}])
    assert wrong["Errors"][0]["ErrorDetail"]["ErrorCode"] == "InvalidInputException"
    updated = glue.batch_update_partition(**table, Entries=[
        {"PartitionValueList": ["2026-01-01", "a"], "PartitionInput": {**partition(1), "Parameters": {"new": "1"}}},
        {"PartitionValueList": ["2030-01-01", "a"], "PartitionInput": partition(1)}])
    assert [e["PartitionValueList"] for e in updated["Errors"]] == [["2030-01-01", "a"]]
    got = glue.get_partition(**table, PartitionValues=["2026-01-01", "a"])["Partition"]
    assert got["Parameters"] == {"new": "1"} and got["CatalogId"] == GOVERNANCE and got["TableName"] == "orders"
    gone = glue.batch_delete_partition(**table, PartitionsToDelete=[{"Values": ["2026-01-01", "a"]}, {"Values": ["x", "y"]}])
    assert [e["PartitionValues"] for e in gone["Errors"]] == [["x", "y"]]
    assert len(glue.get_partitions(**table)["Partitions"]) == 1


def test_partitions_by_page_segment_expression_and_without_schema(glue, table):
    glue.batch_create_partition(**table, PartitionInputList=[partition(d, s) for d in range(1, 26) for s in "abc"])
    got = pages(glue.get_partitions, "Partitions", 30, **table)
    assert [len(page) for page in got] == [30, 30, 15]
    everything = {tuple(p["Values"]) for page in got for p in page}
    segments = [
        {tuple(p["Values"]) for page in pages(glue.get_partitions, "Partitions", 7, **table,
                                              Segment={"SegmentNumber": n, "TotalSegments": 4}) for p in page}
        for n in range(4)]
    assert set().union(*segments) == everything and sum(map(len, segments)) == 75
    some = glue.get_partitions(**table, Expression="day = '2026-01-03' AND shop <> 'a'")["Partitions"]
    assert sorted(p["Values"][1] for p in some) == ["b", "c"]
    bare = glue.get_partitions(**table, ExcludeColumnSchema=True)["Partitions"][0]
    assert "Columns" not in bare["StorageDescriptor"] and bare["StorageDescriptor"]["Location"]
    assert refused(glue.get_partitions, **table, Segment={"SegmentNumber": 4, "TotalSegments": 4}) == "InvalidInputException"


def test_partition_indexes(glue):
    glue.create_table(DatabaseName="shop", TableInput={"Name": "t", "PartitionKeys": KEYS},
                      PartitionIndexes=[{"IndexName": "by_day", "Keys": ["day"]}])
    table = {"DatabaseName": "shop", "TableName": "t"}
    glue.create_partition(**table, PartitionInput=partition(1))
    glue.create_partition_index(**table, PartitionIndex={"IndexName": "by_shop", "Keys": ["shop"]})
    listed = glue.get_partition_indexes(**table)["PartitionIndexDescriptorList"]
    assert [(i["IndexName"], i["IndexStatus"]) for i in listed] == [("by_day", "ACTIVE"), ("by_shop", "CREATING")]
    assert listed[0]["Keys"] == [{"Name": "day", "Type": "date"}]
    time.sleep(0.4)
    assert glue.get_partition_indexes(**table)["PartitionIndexDescriptorList"][1]["IndexStatus"] == "ACTIVE"
    wrong = {"IndexName": "x", "Keys": ["no_key"]}
    assert refused(glue.create_partition_index, **table, PartitionIndex=wrong) == "InvalidInputException"
    glue.create_partition_index(**table, PartitionIndex={"IndexName": "both", "Keys": ["day", "shop"]})
    many = {"IndexName": "fourth", "Keys": ["day"]}
    assert refused(glue.create_partition_index, **table, PartitionIndex=many) == "ResourceNumberLimitExceededException"
    glue.delete_partition_index(**table, IndexName="by_day")
    assert len(glue.get_partition_indexes(**table)["PartitionIndexDescriptorList"]) == 2


def test_the_resource_policy_and_its_conditions(glue):
    assert refused(glue.get_resource_policy) == "EntityNotFoundException"
    digest = glue.put_resource_policy(PolicyInJson='{"Version":"2012-10-17"}', PolicyExistsCondition="NOT_EXIST")["PolicyHash"]
    listed = glue.get_resource_policies()["GetResourcePoliciesResponseList"]
    assert [p["PolicyHash"] for p in listed] == [digest]
    stale = {"PolicyInJson": "{}", "PolicyHashCondition": "0"}
    assert refused(glue.put_resource_policy, **stale) == "ConditionCheckFailureException"
    glue.delete_resource_policy(PolicyHashCondition=digest)
    assert glue.get_resource_policies()["GetResourcePoliciesResponseList"] == []


def test_encryption_settings(glue):
    given = {"EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/aws/glue"},
             "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True}}
    glue.put_data_catalog_encryption_settings(DataCatalogEncryptionSettings=given)
    assert glue.get_data_catalog_encryption_settings()["DataCatalogEncryptionSettings"] == given


def test_column_statistics_come_back_as_they_were_put(glue, table):
    entry = {"ColumnName": "price", "ColumnType": "double", "AnalyzedTime": 1.0, "StatisticsData": {
        "Type": "DECIMAL", "DecimalColumnStatisticsData": {
            "MinimumValue": {"UnscaledValue": b"\x00\x01", "Scale": 2}, "NumberOfNulls": 1, "NumberOfDistinctValues": 2}}}
    glue.update_column_statistics_for_table(**table, ColumnStatisticsList=[entry])
    got = glue.get_column_statistics_for_table(**table, ColumnNames=["price", "nothing"])
    data = got["ColumnStatisticsList"][0]["StatisticsData"]["DecimalColumnStatisticsData"]
    assert data["MinimumValue"]["UnscaledValue"] == b"\x00\x01"
    assert got["Errors"][0]["ColumnName"] == "nothing"
    glue.create_partition(**table, PartitionInput=partition(1))
    where = {**table, "PartitionValues": ["2026-01-01", "a"]}
    assert glue.get_column_statistics_for_partition(**where, ColumnNames=["price"])["ColumnStatisticsList"] == []
    glue.update_column_statistics_for_partition(**where, ColumnStatisticsList=[entry])
    assert len(glue.get_column_statistics_for_partition(**where, ColumnNames=["price"])["ColumnStatisticsList"]) == 1


def test_user_defined_functions(glue):
    for name in ("Tax", "fee"):
        glue.create_user_defined_function(DatabaseName="shop", FunctionInput={"FunctionName": name, "ClassName": "a.B"})
    got = pages(glue.get_user_defined_functions, "UserDefinedFunctions", 1, DatabaseName="shop", Pattern="*")
    assert [f["FunctionName"] for page in got for f in page] == ["fee", "tax"]
    glue.delete_user_defined_function(DatabaseName="shop", FunctionName="TAX")
    assert refused(glue.get_user_defined_function, DatabaseName="shop", FunctionName="tax") == "EntityNotFoundException"


def share_shop(standin, receiver: str) -> None:
    standin.settle()
    standin.base("ram").enable_sharing_with_aws_organization()
    grants = standin.client("lakeformation")
    who = {"DataLakePrincipalIdentifier": receiver}
    grants.grant_permissions(Principal=who, Permissions=["SELECT", "DESCRIBE"],
                             Resource={"Table": {"DatabaseName": "shop", "TableWildcard": {}}})


def test_a_shared_catalog_is_read_across_accounts_and_through_links(standin, glue, table):
    glue.create_partition(**table, PartitionInput=partition(1))
    standin.settle(ANALYTICS)
    theirs = standin.client("glue", ANALYTICS)
    assert refused(theirs.get_table, CatalogId=GOVERNANCE, DatabaseName="shop", Name="orders") == "AccessDeniedException"
    share_shop(standin, ANALYTICS)
    assert theirs.get_table(CatalogId=GOVERNANCE, DatabaseName="shop", Name="orders")["Table"]["CatalogId"] == GOVERNANCE
    theirs.create_database(DatabaseInput={"Name": "ours", "TargetDatabase": {"CatalogId": GOVERNANCE, "DatabaseName": "shop"}})
    assert [t["Name"] for t in theirs.get_tables(DatabaseName="ours")["TableList"]] == ["orders"]
    assert len(theirs.get_partitions(DatabaseName="ours", TableName="orders")["Partitions"]) == 1
    assert [d["Name"] for d in theirs.get_databases(ResourceShareType="FOREIGN")["DatabaseList"]] == ["shop"]
    assert refused(standin.client("glue", SALES).get_database, CatalogId=GOVERNANCE, Name="shop") == "AccessDeniedException"


def test_metadata_is_hidden_from_whom_nothing_was_granted(standin, glue, table):
    standin.settle()
    standin.client("lakeformation").revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, Permissions=["ALL"],
        Resource={"Database": {"Name": "shop"}})
    standin.client("lakeformation").revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, Permissions=["ALL"],
        Resource={"Table": {"DatabaseName": "shop", "Name": "orders"}})
    analyst = standin.client("glue", role="analyst")
    assert analyst.get_databases()["DatabaseList"] == []
    assert refused(analyst.get_table, DatabaseName="shop", Name="orders") == "AccessDeniedException"
    assert refused(analyst.delete_table, DatabaseName="shop", Name="orders") == "AccessDeniedException"
    standin.client("lakeformation").grant_permissions(
        Principal=principal(GOVERNANCE, "analyst"), Permissions=["DESCRIBE"],
        Resource={"Table": {"DatabaseName": "shop", "Name": "orders"}})
    assert [t["Name"] for t in analyst.get_tables(DatabaseName="shop")["TableList"]] == ["orders"]
    assert refused(analyst.create_partition, **table, PartitionInput=partition(1)) == "AccessDeniedException"
