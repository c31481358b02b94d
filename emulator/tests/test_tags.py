"""LF-Tags, their assignments and searches, expressions, filters, locations and opt-ins."""

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import ANALYTICS, GOVERNANCE, SALES, code_of, principal

ANALYST = principal(GOVERNANCE, "analyst")
DATABASE = {"Database": {"Name": "shop"}}
NAMES = {"DatabaseName": "shop", "Name": "orders"}
TABLE = {"Table": NAMES}
ROLE = f"arn:aws:iam::{GOVERNANCE}:role/lakeformation-register"


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


@pytest.fixture
def lake(standin):
    """Governance with a tag `sensitivity` and a table of three columns."""
    for account in (GOVERNANCE, ANALYTICS):
        standin.settle(account)
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "shop"})
    glue.create_table(DatabaseName="shop", TableInput={
        "Name": "orders", "PartitionKeys": [{"Name": "day", "Type": "date"}],
        "StorageDescriptor": {"Location": "s3://lake-data/orders", "Columns": [
            {"Name": "id", "Type": "int"}, {"Name": "salary", "Type": "int"}]}})
    client = standin.client("lakeformation")
    client.create_lf_tag(TagKey="Sensitivity", TagValues=["Public", "internal", "PII"])
    client.create_lf_tag(TagKey="domain", TagValues=["sales", "finance"])
    return client


def column(*names: str) -> dict:
    return {"TableWithColumns": {**NAMES, "ColumnNames": list(names)}}


def put(lake, resource: dict, key: str, *values: str) -> list:
    return lake.add_lf_tags_to_resource(Resource=resource, LFTags=[{"TagKey": key, "TagValues": list(values)}])["Failures"]


def plain(pairs: list) -> dict:
    return {pair["TagKey"]: pair["TagValues"] for pair in pairs}


def test_tags_are_lower_cased_and_unique(lake):
    assert lake.get_lf_tag(TagKey="SENSITIVITY")["TagValues"] == ["internal", "pii", "public"]
    assert refused(lake.create_lf_tag, TagKey="sensitivity", TagValues=["x"]) == "InvalidInputException"
    assert refused(lake.create_lf_tag, TagKey="twice", TagValues=["A", "a"]) == "InvalidInputException"
    assert refused(lake.create_lf_tag, TagKey="many", TagValues=[str(n) for n in range(51)]) == "ValidationException"
    first = lake.list_lf_tags(MaxResults=1)
    second = lake.list_lf_tags(MaxResults=1, NextToken=first["NextToken"])
    assert [t["TagKey"] for t in first["LFTags"] + second["LFTags"]] == ["domain", "sensitivity"]
    assert "NextToken" not in second


def test_values_are_added_and_only_unused_ones_deleted(lake):
    put(lake, DATABASE, "sensitivity", "pii")
    lake.update_lf_tag(TagKey="sensitivity", TagValuesToAdd=["secret"], TagValuesToDelete=["public"])
    assert lake.get_lf_tag(TagKey="sensitivity")["TagValues"] == ["internal", "pii", "secret"]
    assert refused(lake.update_lf_tag, TagKey="sensitivity", TagValuesToDelete=["pii"]) == "InvalidInputException"
    for start in range(0, 950, 50):
        lake.update_lf_tag(TagKey="domain", TagValuesToAdd=[f"v{n}" for n in range(start, start + 50)])
    over = {"TagKey": "domain", "TagValuesToAdd": [f"w{n}" for n in range(49)]}
    assert refused(lake.update_lf_tag, **over) == "ResourceNumberLimitExceededException"
    pii = [{"TagKey": "sensitivity", "TagValues": ["pii"]}]
    policy = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": pii}}
    tag = {"LFTag": {"TagKey": "sensitivity", "TagValues": ["pii"]}}
    for resource, permission in ((policy, "SELECT"), (tag, "DESCRIBE")):
        lake.grant_permissions(Principal=ANALYST, Resource=resource, Permissions=[permission])
    lake.delete_lf_tag(TagKey="sensitivity")
    listed = [next(iter(r["Resource"])) for r in lake.list_permissions()["PrincipalResourcePermissions"]
              if r["Principal"] == ANALYST]
    assert listed == ["LFTagPolicy"]  # invalid from now on, and still there
    assert refused(lake.grant_permissions, Principal=ANALYST, Resource=policy,
                   Permissions=["DESCRIBE"]) == "EntityNotFoundException"
    assert refused(lake.get_lf_tag, TagKey="sensitivity") == "EntityNotFoundException"
    assert lake.get_resource_lf_tags(Resource=DATABASE)["LFTagOnDatabase"] == []


def test_assignments_merge_and_are_inherited_downwards(lake):
    assert put(lake, DATABASE, "Domain", "Sales") == put(lake, DATABASE, "sensitivity", "public") == []
    assert put(lake, TABLE, "sensitivity", "internal") == put(lake, column("salary"), "sensitivity", "pii") == []
    whole = lake.get_resource_lf_tags(Resource=TABLE)
    assert plain(whole["LFTagOnDatabase"]) == {"domain": ["sales"], "sensitivity": ["public"]}
    assert plain(whole["LFTagsOnTable"]) == {"domain": ["sales"], "sensitivity": ["internal"]}
    columns = {c["Name"]: plain(c["LFTags"])["sensitivity"] for c in whole["LFTagsOnColumns"]}
    assert columns == {"id": ["internal"], "salary": ["pii"], "day": ["internal"]}
    assigned = lake.get_resource_lf_tags(Resource=TABLE, ShowAssignedLFTags=True)
    assert plain(assigned["LFTagsOnTable"]) == {"sensitivity": ["internal"]}
    assert [c["Name"] for c in assigned["LFTagsOnColumns"]] == ["salary"]


def test_tags_that_cannot_be_put_on_or_taken_off(lake):
    assert put(lake, TABLE, "sensitivity", "nothing")[0]["Error"]["ErrorCode"] == "EntityNotFoundException"
    assert put(lake, TABLE, "nothing", "x")[0]["Error"]["ErrorCode"] == "EntityNotFoundException"
    assert put(lake, TABLE, "sensitivity", "pii", "public")[0]["Error"]["ErrorCode"] == "InvalidInputException"
    tags = [{"TagKey": "sensitivity", "TagValues": ["pii"]}]
    assert refused(lake.add_lf_tags_to_resource, Resource=column("nothing"), LFTags=tags) == "EntityNotFoundException"
    put(lake, DATABASE, "sensitivity", "pii")
    inherited = lake.remove_lf_tags_from_resource(Resource=TABLE, LFTags=tags)["Failures"]
    assert inherited[0]["Error"]["ErrorCode"] == "InvalidInputException"
    assert lake.remove_lf_tags_from_resource(Resource=DATABASE, LFTags=tags)["Failures"] == []
    assert lake.get_resource_lf_tags(Resource=DATABASE)["LFTagOnDatabase"] == []


def test_tags_and_what_bears_them_share_an_account(standin, lake):
    tags = [{"TagKey": "sensitivity", "TagValues": ["pii"]}]
    standin.client("glue", ANALYTICS).create_database(DatabaseInput={"Name": "shop"})
    far = {"Database": {"CatalogId": GOVERNANCE, "Name": "shop"}}
    theirs = standin.client("lakeformation", ANALYTICS)
    assert refused(theirs.add_lf_tags_to_resource, Resource=far, LFTags=tags) == "AccessDeniedException"
    foreign = [{**tags[0], "CatalogId": GOVERNANCE}]
    answer = theirs.add_lf_tags_to_resource(Resource=DATABASE, LFTags=foreign)
    assert answer["Failures"][0]["Error"]["ErrorCode"] == "AccessDeniedException"
    standin.client("glue").create_database(DatabaseInput={
        "Name": "link", "TargetDatabase": {"CatalogId": SALES, "DatabaseName": "x"}})
    link = {"Database": {"Name": "link"}}
    assert refused(lake.add_lf_tags_to_resource, Resource=link, LFTags=tags) == "InvalidInputException"


def test_only_administrators_see_all_tags_and_filters(standin, lake):
    make_filter(lake)
    analyst = standin.client("lakeformation", role="analyst")
    assert analyst.list_lf_tags()["LFTags"] == [] and analyst.list_data_cells_filter()["DataCellsFilters"] == []
    lake.grant_permissions(Principal=ANALYST, Permissions=["DESCRIBE"],
                           Resource={"LFTag": {"TagKey": "domain", "TagValues": ["sales"]}})
    assert [t["TagKey"] for t in analyst.list_lf_tags()["LFTags"]] == ["domain"]
    assert refused(analyst.create_lf_tag, TagKey="mine", TagValues=["x"]) == "AccessDeniedException"


def test_searching_by_effective_tags(standin, lake):
    glue = standin.client("glue")
    for n in range(3):
        glue.create_table(DatabaseName="shop", TableInput={"Name": f"t{n}"})
    put(lake, DATABASE, "sensitivity", "public")
    put(lake, column("salary"), "sensitivity", "pii")
    by = lambda value: [{"TagKey": "sensitivity", "TagValues": [value]}]
    found, token = [], {}
    while True:
        answer = lake.search_tables_by_lf_tags(Expression=by("public"), MaxResults=3, **token)
        found += [t["Table"]["Name"] for t in answer["TableList"]]
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert found == ["orders", "t0", "t1", "t2"]
    pii = lake.search_tables_by_lf_tags(Expression=by("pii"))["TableList"]
    assert [t["Table"]["Name"] for t in pii] == ["orders"]
    assert lake.search_databases_by_lf_tags(Expression=by("public"))["DatabaseList"][0]["Database"]["Name"] == "shop"
    assert lake.search_databases_by_lf_tags(Expression=by("pii"))["DatabaseList"] == []


def test_a_policy_on_tags_lets_see_what_bears_them(standin, lake):
    put(lake, TABLE, "sensitivity", "public")
    analyst = standin.client("glue", role="analyst")
    assert refused(analyst.get_table, DatabaseName="shop", Name="orders") == "AccessDeniedException"
    policy = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "sensitivity", "TagValues": ["public"]}]}}
    lake.grant_permissions(Principal=ANALYST, Resource=policy, Permissions=["SELECT", "DESCRIBE"])
    assert analyst.get_table(DatabaseName="shop", Name="orders")["Table"]["Name"] == "orders"
    listed = lake.list_permissions(ResourceType="LF_TAG_POLICY_TABLE")["PrincipalResourcePermissions"]
    assert listed[0]["Resource"]["LFTagPolicy"]["Expression"] == [{"TagKey": "sensitivity", "TagValues": ["public"]}]
    assert lake.list_permissions(ResourceType="LF_TAG_POLICY_DATABASE")["PrincipalResourcePermissions"] == []
    put(lake, TABLE, "sensitivity", "internal")
    assert refused(analyst.get_table, DatabaseName="shop", Name="orders") == "AccessDeniedException"


def test_named_expressions(lake):
    terms = [{"TagKey": "Domain", "TagValues": ["Sales"]}]
    lake.create_lf_tag_expression(Name="ours", Description="d", Expression=terms)
    assert lake.get_lf_tag_expression(Name="ours")["Expression"] == [{"TagKey": "domain", "TagValues": ["sales"]}]
    lake.update_lf_tag_expression(Name="ours", Expression=[{"TagKey": "domain", "TagValues": ["finance"]}])
    assert lake.list_lf_tag_expressions()["LFTagExpressions"][0]["Expression"][0]["TagValues"] == ["finance"]
    policy = {"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "ours"}}
    lake.grant_permissions(Principal=ANALYST, Resource=policy, Permissions=["SELECT"])
    assert refused(lake.delete_lf_tag_expression, Name="ours") == "InvalidInputException"
    lake.revoke_permissions(Principal=ANALYST, Resource=policy, Permissions=["SELECT"])
    lake.delete_lf_tag_expression(Name="ours")
    assert refused(lake.get_lf_tag_expression, Name="ours") == "EntityNotFoundException"


FILTER = {"TableCatalogId": GOVERNANCE, "DatabaseName": "shop", "TableName": "orders", "Name": "west"}


def make_filter(lake, **changes) -> None:
    body = {"RowFilter": {"FilterExpression": "region='WEST'"},
            "ColumnWildcard": {"ExcludedColumnNames": ["salary"]}, **changes}
    lake.create_data_cells_filter(TableData={**FILTER, **{k: v for k, v in body.items() if v is not None}})


def test_data_cells_filters(lake):
    make_filter(lake)
    make_filter(lake, Name="all", RowFilter={"AllRowsWildcard": {}}, ColumnWildcard=None, ColumnNames=["id"])
    got = lake.get_data_cells_filter(**FILTER)["DataCellsFilter"]
    assert got["RowFilter"] == {"FilterExpression": "region='WEST'"} and got["VersionId"]
    assert got["ColumnWildcard"] == {"ExcludedColumnNames": ["salary"]}
    lake.update_data_cells_filter(TableData={**FILTER, "RowFilter": {"FilterExpression": "region='EAST'"},
                                             "ColumnWildcard": {"ExcludedColumnNames": ["salary", "id"]}})
    again = lake.get_data_cells_filter(**FILTER)["DataCellsFilter"]
    assert again["RowFilter"]["FilterExpression"] == "region='EAST'" and again["VersionId"] != got["VersionId"]
    first = lake.list_data_cells_filter(Table={"CatalogId": GOVERNANCE, **NAMES}, MaxResults=1)
    assert [f["Name"] for f in first["DataCellsFilters"]] == ["all"] and first["NextToken"]
    assert "ColumnWildcard" not in first["DataCellsFilters"][0]
    lake.delete_data_cells_filter(**FILTER)
    assert refused(lake.get_data_cells_filter, **FILTER) == "EntityNotFoundException"


@pytest.mark.parametrize("changes, code", [
    ({"ColumnWildcard": {"ExcludedColumnNames": ["nothing"]}}, "InvalidInputException"),
    ({"ColumnNames": ["id"]}, "InvalidInputException"),
    ({"ColumnWildcard": None}, "InvalidInputException"),
    ({"RowFilter": {}}, "InvalidInputException"),
    ({"TableName": "nothing"}, "EntityNotFoundException"),
    ({"TableCatalogId": SALES}, "AccessDeniedException"),
])
def test_filters_that_are_refused(lake, changes, code):
    with pytest.raises(ClientError) as error:
        make_filter(lake, **changes)
    assert code_of(error) == code


def test_grants_on_filters_show_only_with_what_is_related(lake):
    make_filter(lake)
    assert refused(lake.create_data_cells_filter, TableData={**FILTER, "RowFilter": {"AllRowsWildcard": {}},
                                                             "ColumnWildcard": {}}) == "AlreadyExistsException"
    lake.grant_permissions(Principal=ANALYST, Resource={"DataCellsFilter": FILTER}, Permissions=["SELECT"])
    on_filters = lambda **asked: [
        r for r in lake.list_permissions(**asked)["PrincipalResourcePermissions"] if "DataCellsFilter" in r["Resource"]]
    assert on_filters() == on_filters(Resource=TABLE) == on_filters(Principal=ANALYST) == []
    assert [r["Principal"] for r in on_filters(Resource=TABLE, IncludeRelated="TRUE")] == [ANALYST]
    assert refused(lake.list_permissions, Resource=TABLE, Principal=ANALYST, IncludeRelated="TRUE") == "InvalidInputException"
    lake.delete_data_cells_filter(**FILTER)
    assert on_filters(Resource=TABLE, IncludeRelated="TRUE") == []


def test_registered_locations(standin, lake):
    standin.client("s3").create_bucket(Bucket="lake-data")
    arn = "arn:aws:s3:::lake-data/orders"
    lake.register_resource(ResourceArn=arn, RoleArn=ROLE, HybridAccessEnabled=True)
    assert refused(lake.register_resource, ResourceArn=arn, RoleArn=ROLE) == "AlreadyExistsException"
    info = lake.describe_resource(ResourceArn=arn)["ResourceInfo"]
    assert (info["RoleArn"], info["HybridAccessEnabled"], info["WithFederation"]) == (ROLE, True, False)
    assert info["VerificationStatus"] == "VERIFIED"
    lake.register_resource(ResourceArn="arn:aws:s3:::no-such-bucket", UseServiceLinkedRole=True)
    listed = {i["ResourceArn"]: i for i in lake.list_resources()["ResourceInfoList"]}
    assert listed["arn:aws:s3:::no-such-bucket"]["VerificationStatus"] == "VERIFICATION_FAILED"
    update = {"ResourceArn": "arn:aws:s3:::no-such-bucket", "RoleArn": ROLE}
    assert refused(lake.update_resource, **update) == "InvalidInputException"
    lake.update_resource(ResourceArn=arn, RoleArn=ROLE, HybridAccessEnabled=False)
    assert lake.describe_resource(ResourceArn=arn)["ResourceInfo"]["HybridAccessEnabled"] is False
    glue = standin.client("glue")
    assert glue.get_table(**NAMES)["Table"]["IsRegisteredWithLakeFormation"] is True
    lake.deregister_resource(ResourceArn=arn)
    assert glue.get_table(**NAMES)["Table"]["IsRegisteredWithLakeFormation"] is False
    assert refused(lake.describe_resource, ResourceArn=arn) == "EntityNotFoundException"


def test_registered_locations_need_permission_to_build_upon(standin, lake):
    arn = "arn:aws:s3:::lake-data"
    lake.register_resource(ResourceArn=arn, RoleArn=ROLE)
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["CREATE_TABLE"])
    glue = standin.client("glue", role="analyst")
    table = {"DatabaseName": "shop", "TableInput": {"Name": "mine", "StorageDescriptor": {"Location": "s3://lake-data/mine"}}}
    assert refused(glue.create_table, **table) == "AccessDeniedException"
    lake.grant_permissions(Principal=ANALYST, Resource={"DataLocation": {"ResourceArn": arn + "/mine"}},
                           Permissions=["DATA_LOCATION_ACCESS"])
    glue.create_table(**table)


def test_opt_ins(standin, lake):
    lake.create_lake_formation_opt_in(Principal=ANALYST, Resource=DATABASE)
    assert refused(lake.create_lake_formation_opt_in, Principal=ANALYST, Resource=DATABASE) == "InvalidInputException"
    listed = lake.list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"]
    assert [(e["Principal"], e["LastUpdatedBy"].rpartition("/")[2]) for e in listed] == [(ANALYST, "mesh-platform")]
    mine = standin.client("lakeformation", role="analyst")
    assert refused(mine.create_lake_formation_opt_in, Principal=ANALYST, Resource=TABLE) == "AccessDeniedException"
    lake.delete_lake_formation_opt_in(Principal=ANALYST, Resource=DATABASE)
    assert lake.list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"] == []
