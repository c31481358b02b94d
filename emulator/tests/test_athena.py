"""What people keep in Athena: work groups, data catalogs, named queries, prepared statements."""

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import GOVERNANCE, SALES, SECONDARY, code_of

INVALID = "InvalidRequestException"


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


def everything(call, member: str, **members) -> list:
    """All pages of a listing, two elements at a time."""
    found, token = [], {}
    while True:
        answer = call(MaxResults=2, **token, **members)
        assert len(answer[member]) <= 2
        found += answer[member]
        if "NextToken" not in answer:
            return found
        token = {"NextToken": answer["NextToken"]}


def test_every_account_and_region_has_its_primary_work_group(standin):
    for account, region in ((GOVERNANCE, "us-east-1"), (SALES, SECONDARY)):
        athena = standin.client("athena", account, region=region)
        assert [group["Name"] for group in athena.list_work_groups()["WorkGroups"]] == ["primary"]
    assert refused(athena.delete_work_group, WorkGroup="primary") == INVALID


def test_work_groups_keep_every_member(standin):
    athena = standin.client("athena")
    given = {
        "ResultConfiguration": {"OutputLocation": "s3://results/bi/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}},
        "BytesScannedCutoffPerQuery": 10**10, "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
        "PublishCloudWatchMetricsEnabled": True}
    athena.create_work_group(Name="bi", Description="BI", Configuration=given)
    group = athena.get_work_group(WorkGroup="bi")["WorkGroup"]
    assert group["Description"] == "BI" and group["State"] == "ENABLED"
    configuration = group["Configuration"]
    assert {name: configuration[name] for name in given if name != "EngineVersion"} == {
        name: value for name, value in given.items() if name != "EngineVersion"}
    assert configuration["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert athena.get_work_group(WorkGroup="bi")["WorkGroup"]["CreationTime"] == group["CreationTime"]
    assert refused(athena.create_work_group, Name="bi") == INVALID
    assert refused(athena.get_work_group, WorkGroup="none") == INVALID


def test_an_update_of_a_work_group_changes_what_it_names(standin):
    athena = standin.client("athena")
    athena.create_work_group(Name="bi", Configuration={
        "ResultConfiguration": {"OutputLocation": "s3://a/", "ExpectedBucketOwner": GOVERNANCE},
        "BytesScannedCutoffPerQuery": 10**8})
    athena.update_work_group(WorkGroup="bi", State="DISABLED", ConfigurationUpdates={
        "ResultConfigurationUpdates": {"OutputLocation": "s3://b/", "RemoveExpectedBucketOwner": True},
        "RemoveBytesScannedCutoffPerQuery": True, "RequesterPaysEnabled": True})
    group = athena.get_work_group(WorkGroup="bi")["WorkGroup"]
    assert group["State"] == "DISABLED"
    assert group["Configuration"]["ResultConfiguration"] == {"OutputLocation": "s3://b/"}
    assert "BytesScannedCutoffPerQuery" not in group["Configuration"]
    assert group["Configuration"]["RequesterPaysEnabled"] is True


def test_listings_have_pages(standin):
    athena = standin.client("athena")
    for number in range(5):
        athena.create_work_group(Name=f"g{number}")
        athena.create_prepared_statement(WorkGroup="g0", StatementName=f"s{number}", QueryStatement="SELECT 1")
        athena.create_named_query(Name="same", Database="d", QueryString=f"SELECT {number}", WorkGroup="g0")
        athena.create_data_catalog(Name=f"c{number}", Type="GLUE", Parameters={"catalog-id": SALES})
    assert len(everything(athena.list_work_groups, "WorkGroups")) == 6
    assert len(everything(athena.list_prepared_statements, "PreparedStatements", WorkGroup="g0")) == 5
    assert len(set(everything(athena.list_named_queries, "NamedQueryIds", WorkGroup="g0"))) == 5
    names = [c["CatalogName"] for c in everything(athena.list_data_catalogs, "DataCatalogsSummary")]
    assert names == ["AwsDataCatalog", "c0", "c1", "c2", "c3", "c4"]
    assert athena.list_named_queries()["NamedQueryIds"] == []
    assert refused(athena.list_work_groups, NextToken="garbage") == INVALID


def test_a_full_work_group_goes_only_with_all_that_it_holds(standin):
    athena = standin.client("athena")
    athena.create_work_group(Name="bi")
    identifier = athena.create_named_query(Name="q", Database="d", QueryString="SELECT 1", WorkGroup="bi")["NamedQueryId"]
    assert refused(athena.delete_work_group, WorkGroup="bi") == INVALID
    athena.delete_work_group(WorkGroup="bi", RecursiveDeleteOption=True)
    assert refused(athena.get_named_query, NamedQueryId=identifier) == INVALID


def test_named_queries(standin):
    athena = standin.client("athena")
    token = "t" * 32
    given = {"Name": "q", "Database": "d", "QueryString": "SELECT 1", "Description": "one", "ClientRequestToken": token}
    identifier = athena.create_named_query(**given)["NamedQueryId"]
    assert athena.create_named_query(**given)["NamedQueryId"] == identifier
    assert refused(athena.create_named_query, **{**given, "QueryString": "SELECT 2"}) == INVALID
    other = athena.create_named_query(**{**given, "ClientRequestToken": "u" * 32})["NamedQueryId"]
    assert other != identifier
    athena.update_named_query(NamedQueryId=identifier, Name="q", QueryString="SELECT 3")
    answer = athena.batch_get_named_query(NamedQueryIds=[identifier, other, "unknown"])
    assert [q["QueryString"] for q in answer["NamedQueries"]] == ["SELECT 3", "SELECT 1"]
    assert answer["NamedQueries"][0] == {
        "Name": "q", "Database": "d", "QueryString": "SELECT 3", "Description": "one", "NamedQueryId": identifier,
        "WorkGroup": "primary"}
    assert [u["NamedQueryId"] for u in answer["UnprocessedNamedQueryIds"]] == ["unknown"]
    athena.delete_named_query(NamedQueryId=identifier)
    assert athena.list_named_queries(WorkGroup="primary")["NamedQueryIds"] == [other]
    assert refused(athena.delete_named_query, NamedQueryId=identifier) == INVALID


def test_prepared_statements(standin):
    athena = standin.client("athena")
    names = {"WorkGroup": "primary", "StatementName": "by_day"}
    athena.create_prepared_statement(**names, QueryStatement="SELECT * FROM t WHERE d = ?", Description="a day")
    assert refused(athena.create_prepared_statement, **names, QueryStatement="SELECT 1") == INVALID
    athena.update_prepared_statement(**names, QueryStatement="SELECT 2")
    got = athena.batch_get_prepared_statement(WorkGroup="primary", PreparedStatementNames=["by_day", "none"])
    assert [s["QueryStatement"] for s in got["PreparedStatements"]] == ["SELECT 2"]
    assert "Description" not in got["PreparedStatements"][0]
    assert [s["StatementName"] for s in got["UnprocessedPreparedStatementNames"]] == ["none"]
    assert athena.get_prepared_statement(**names)["PreparedStatement"]["WorkGroupName"] == "primary"
    athena.delete_prepared_statement(**names)
    assert refused(athena.delete_prepared_statement, **names) == "ResourceNotFoundException"


def test_data_catalogs(standin):
    athena = standin.client("athena")
    assert athena.get_data_catalog(Name="AwsDataCatalog")["DataCatalog"]["Parameters"] == {"catalog-id": GOVERNANCE}
    arn = f"arn:aws:lambda:us-east-1:{GOVERNANCE}:function:hbase"
    athena.create_data_catalog(Name="hbase", Type="LAMBDA", Description="HBase", Parameters={"function": arn})
    athena.update_data_catalog(Name="hbase", Type="LAMBDA", Parameters={"function": arn + "-2"})
    assert athena.get_data_catalog(Name="hbase")["DataCatalog"] == {
        "Name": "hbase", "Type": "LAMBDA", "Parameters": {"function": arn + "-2"}}
    assert refused(athena.create_data_catalog, Name="x", Type="GLUE") == INVALID
    assert refused(athena.create_data_catalog, Name="a/b", Type="GLUE", Parameters={"catalog-id": SALES}) == INVALID
    athena.delete_data_catalog(Name="hbase")
    for name in ("hbase", "none"):
        assert refused(athena.get_data_catalog, Name=name) == INVALID
    assert refused(athena.delete_data_catalog, Name="AwsDataCatalog") == INVALID


def test_queries_run_in_a_work_group_that_was_made_here(standin):
    athena = standin.client("athena")
    athena.create_work_group(Name="bi", Tags=[{"Key": "team", "Value": "bi"}])
    run = athena.start_query_execution(QueryString="SELECT 1", WorkGroup="bi", ResultConfiguration={"OutputLocation": "s3://r/"})
    assert athena.get_query_execution(QueryExecutionId=run["QueryExecutionId"])["QueryExecution"]["WorkGroup"] == "bi"
    arn = f"arn:aws:athena:us-east-1:{GOVERNANCE}:workgroup/bi"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "bi"}]


def outcome(athena, query: str) -> tuple[str, str]:
    run = athena.start_query_execution(
        QueryString=query, WorkGroup="primary", ResultConfiguration={"OutputLocation": "s3://r/"})
    while True:
        status = athena.get_query_execution(QueryExecutionId=run["QueryExecutionId"])["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            return status["State"], status.get("StateChangeReason", "")


def test_a_query_reads_what_its_caller_may_read(standin):
    standin.settle()
    glue, lake = standin.client("glue"), standin.client("lakeformation")
    glue.create_database(DatabaseInput={"Name": "shop"})
    columns = [{"Name": name, "Type": "string"} for name in ("id", "total", "email")]
    for table in ("orders", "people"):
        glue.create_table(DatabaseName="shop", TableInput={"Name": table, "StorageDescriptor": {"Columns": columns}})
    analyst = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{GOVERNANCE}:role/analyst"}
    athena = standin.client("athena", role="analyst")
    state, reason = outcome(athena, 'SELECT * FROM "shop"."orders" LIMIT 1')
    assert state == "FAILED" and reason.startswith("SCHEMA_NOT_FOUND")
    lake.grant_permissions(Principal=analyst, Permissions=["SELECT"], Resource={"TableWithColumns": {
        "DatabaseName": "shop", "Name": "orders", "ColumnWildcard": {"ExcludedColumnNames": ["email"]}}})
    assert outcome(athena, 'SELECT * FROM "shop"."orders" LIMIT 1')[0] == "SUCCEEDED"
    assert outcome(athena, 'SELECT "total", id FROM shop.orders')[0] == "SUCCEEDED"
    state, reason = outcome(athena, 'SELECT "email" FROM "shop"."orders" LIMIT 1')
    assert state == "FAILED" and reason.startswith("COLUMN_NOT_FOUND") and "email" in reason
    state, reason = outcome(athena, "SELECT * FROM shop.people")
    assert state == "FAILED" and reason.startswith("TABLE_NOT_FOUND")


def test_a_query_follows_links_filters_and_tags(standin):
    standin.settle()
    standin.settle(SALES)
    standin.base("ram").enable_sharing_with_aws_organization()
    glue, lake = standin.client("glue"), standin.client("lakeformation")
    lake.create_lf_tag(TagKey="level", TagValues=["low", "high"])
    glue.create_database(DatabaseInput={"Name": "shop"})
    columns = [{"Name": name, "Type": "string"} for name in ("id", "email")]
    for table in ("orders", "people"):
        glue.create_table(DatabaseName="shop", TableInput={"Name": table, "StorageDescriptor": {"Columns": columns}})
    table = {"DatabaseName": "shop", "Name": "orders"}
    lake.add_lf_tags_to_resource(Resource={"Table": table}, LFTags=[{"TagKey": "level", "TagValues": ["low"]}])
    lake.add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**table, "ColumnNames": ["email"]}}, LFTags=[{"TagKey": "level", "TagValues": ["high"]}])
    lake.create_data_cells_filter(TableData={
        "TableCatalogId": GOVERNANCE, "DatabaseName": "shop", "TableName": "people", "Name": "west",
        "RowFilter": {"FilterExpression": "id = '1'"}, "ColumnNames": ["id"]})
    analyst = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{SALES}:role/analyst"}
    lake.grant_permissions(Principal=analyst, Permissions=["SELECT", "DESCRIBE"], Resource={"LFTagPolicy": {
        "ResourceType": "TABLE", "Expression": [{"TagKey": "level", "TagValues": ["low"]}]}})
    lake.grant_permissions(Principal=analyst, Permissions=["SELECT"], Resource={"DataCellsFilter": {
        "TableCatalogId": GOVERNANCE, "DatabaseName": "shop", "TableName": "people", "Name": "west"}})
    standin.client("glue", SALES).create_database(DatabaseInput={
        "Name": "link", "TargetDatabase": {"CatalogId": GOVERNANCE, "DatabaseName": "shop"}})
    standin.client("lakeformation", SALES).grant_permissions(
        Principal=analyst, Permissions=["DESCRIBE"], Resource={"Database": {"Name": "link"}})
    athena = standin.client("athena", SALES, role="analyst")
    for query, state in (
            ("SELECT id FROM link.orders", "SUCCEEDED"), ("SELECT email FROM link.orders", "FAILED"),
            ("SELECT id FROM link.people", "SUCCEEDED"), ("SELECT email FROM link.people", "FAILED")):
        assert outcome(athena, query)[0] == state, query
