"""Lake Formation's permissions: what listing changes, who may grant, batches, sharing."""

import json

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import (
    ANALYTICS,
    GOVERNANCE,
    ROLES,
    SALES,
    SECONDARY,
    code_of,
    principal,
)

ANALYST = principal(GOVERNANCE, "analyst")
TABLE = {"Table": {"DatabaseName": "shop", "Name": "orders"}}
DATABASE = {"Database": {"Name": "shop"}}
EVERYBODY = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}


def refused(call, **members) -> str:
    with pytest.raises(ClientError) as error:
        call(**members)
    return code_of(error)


@pytest.fixture
def lake(standin):
    """Settled data lakes, and a database with a table in governance."""
    for account in (GOVERNANCE, SALES, ANALYTICS):
        standin.settle(account)
    standin.base("ram").enable_sharing_with_aws_organization()
    glue = standin.client("glue")
    glue.create_database(DatabaseInput={"Name": "shop"})
    glue.create_table(DatabaseName="shop", TableInput={"Name": "orders", "StorageDescriptor": {"Columns": [
        {"Name": "id", "Type": "int"}, {"Name": "salary", "Type": "int"}, {"Name": "region", "Type": "string"}]}})
    return standin.client("lakeformation")


def rows(client, **asked) -> list[tuple]:
    """Rows of a listing by page of two: form, permissions and grantable ones, for one principal or all."""
    found, token = [], {}
    while True:
        answer = client.list_permissions(**asked, **token, MaxResults=2)
        found += answer["PrincipalResourcePermissions"]
        if "NextToken" not in answer:
            return found
        token = {"NextToken": answer["NextToken"]}


def of(client, who: dict, **asked) -> list[tuple]:
    return sorted(
        (next(iter(r["Resource"])), tuple(r["Permissions"]), tuple(r["PermissionsWithGrantOption"]))
        for r in rows(client, **asked) if r["Principal"] == who)


def test_settings_as_shipped_and_what_follows_from_them(standin):
    client, glue = standin.client("lakeformation", region=SECONDARY), standin.client("glue", region=SECONDARY)
    settings = client.get_data_lake_settings()["DataLakeSettings"]
    open_to_all = [{"Principal": EVERYBODY, "Permissions": ["ALL"]}]
    assert settings["CreateDatabaseDefaultPermissions"] == settings["CreateTableDefaultPermissions"] == open_to_all
    client.put_data_lake_settings(DataLakeSettings={**settings, "DataLakeAdmins": [principal(GOVERNANCE, "mesh-platform")]})
    assert of(client, EVERYBODY) == [("Catalog", ("CREATE_DATABASE",), ())]
    glue.create_database(DatabaseInput={"Name": "open"})
    glue.create_database(DatabaseInput={"Name": "closed", "CreateTableDefaultPermissions": []})
    for database in ("open", "closed"):
        glue.create_table(DatabaseName=database, TableInput={"Name": "t"})
    assert glue.get_database(Name="open")["Database"]["CreateTableDefaultPermissions"] == open_to_all
    names = [next(iter(r["Resource"].values())).get("DatabaseName") for r in rows(client)
             if r["Principal"] == EVERYBODY and "Table" in r["Resource"]]
    assert names == ["open"]


def test_creators_have_everything_they_create(lake):
    creator = principal(GOVERNANCE, "mesh-platform")
    every = ("ALL", "ALTER", "CREATE_TABLE", "DESCRIBE", "DROP")
    table = ("ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT")
    assert of(lake, creator) == [
        ("Database", every, every), ("Table", table, table), ("TableWithColumns", ("SELECT",), ("SELECT",))]
    lake.revoke_permissions(Principal=creator, Resource=DATABASE, Permissions=["ALL"], PermissionsWithGrantOption=["ALL"])
    assert of(lake, creator, ResourceType="DATABASE") == []


def test_select_is_listed_as_a_row_on_columns(lake):
    lake.grant_permissions(Principal=ANALYST, Resource=TABLE, Permissions=["SELECT", "DESCRIBE"])
    assert of(lake, ANALYST) == [("Table", ("DESCRIBE",), ()), ("TableWithColumns", ("SELECT",), ())]
    select = next(r for r in rows(lake, Principal=ANALYST) if "TableWithColumns" in r["Resource"])
    assert select["Resource"]["TableWithColumns"] == {
        "CatalogId": GOVERNANCE, "DatabaseName": "shop", "Name": "orders", "ColumnWildcard": {}}
    assert select["LastUpdatedBy"].endswith("role/mesh-platform") and select["LastUpdated"]
    lake.revoke_permissions(Principal=ANALYST, Resource=TABLE, Permissions=["SELECT"])
    assert of(lake, ANALYST) == [("Table", ("DESCRIBE",), ())]


def test_all_tables_go_in_as_a_wildcard_and_come_out_by_name(lake):
    wildcard = {"Table": {"DatabaseName": "shop", "TableWildcard": {}}}
    lake.grant_permissions(Principal=ANALYST, Resource=wildcard, Permissions=["SELECT", "INSERT"])
    names = {next(iter(r["Resource"])): next(iter(r["Resource"].values()))["Name"] for r in rows(lake, Principal=ANALYST)}
    assert names == {"Table": "ALL_TABLES", "TableWithColumns": "ALL_TABLES"}
    by_name = {"Table": {"DatabaseName": "shop", "Name": "ALL_TABLES"}}
    assert refused(lake.grant_permissions, Principal=ANALYST, Resource=by_name, Permissions=["INSERT"]) == "InvalidInputException"


def test_grants_merge_and_revoking_the_last_takes_the_row_away(lake):
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["DESCRIBE"])
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["ALTER"], PermissionsWithGrantOption=["ALTER"])
    assert of(lake, ANALYST) == [("Database", ("ALTER", "DESCRIBE"), ("ALTER",))]
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["ALL"])
    lake.revoke_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["DROP"])
    assert of(lake, ANALYST) == [("Database", ("ALTER", "CREATE_TABLE", "DESCRIBE"), ("ALTER",))]
    lake.revoke_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["ALTER", "CREATE_TABLE", "DESCRIBE"])
    assert of(lake, ANALYST) == []
    assert refused(lake.revoke_permissions, Principal=ANALYST, Resource=DATABASE, Permissions=["DROP"]) == "InvalidInputException"


def test_a_grant_option_can_be_taken_back_alone(lake):
    lake.grant_permissions(Principal=ANALYST, Resource=TABLE, Permissions=["SELECT", "DROP"],
                           PermissionsWithGrantOption=["SELECT", "DROP"])
    option = {"Id": "1", "Principal": ANALYST, "Resource": TABLE, "PermissionsWithGrantOption": ["SELECT"]}
    assert lake.batch_revoke_permissions(Entries=[option])["Failures"] == []
    assert of(lake, ANALYST) == [("Table", ("DROP",), ("DROP",)), ("TableWithColumns", ("SELECT",), ())]
    assert len(lake.batch_revoke_permissions(Entries=[option])["Failures"]) == 1
    lake.revoke_permissions(Principal=ANALYST, Resource=TABLE, Permissions=["DROP"])
    assert of(lake, ANALYST) == [("TableWithColumns", ("SELECT",), ())]


def test_columns_named_and_left_out_and_conditions(lake):
    body = {"DatabaseName": "shop", "Name": "orders"}
    named = {"TableWithColumns": {**body, "ColumnNames": ["id", "region"]}}
    without = {"TableWithColumns": {**body, "ColumnWildcard": {"ExcludedColumnNames": ["salary"]}}}
    for resource in (named, without):
        lake.grant_permissions(Principal=ANALYST, Resource=resource, Permissions=["SELECT"])
    condition = {"Expression": "context.user.department == 'finance'"}
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["DESCRIBE"], Condition=condition)
    listed = rows(lake, Principal=ANALYST)
    assert {"ExcludedColumnNames": ["salary"]} in [r["Resource"].get("TableWithColumns", {}).get("ColumnWildcard") for r in listed]
    assert ["id", "region"] in [r["Resource"].get("TableWithColumns", {}).get("ColumnNames") for r in listed]
    assert [r["Condition"] for r in listed if "Condition" in r] == [condition]
    unknown = {"TableWithColumns": {**body, "ColumnNames": ["nothing"]}}
    assert refused(lake.grant_permissions, Principal=ANALYST, Resource=unknown, Permissions=["SELECT"]) == "EntityNotFoundException"


@pytest.mark.parametrize("resource, permissions, who, code", [
    (DATABASE, ["SELECT"], ANALYST, "InvalidInputException"),
    ({"Database": {"Name": "nothing"}}, ["DESCRIBE"], ANALYST, "EntityNotFoundException"),
    ({"Table": {"DatabaseName": "shop", "Name": "nothing"}}, ["SELECT"], ANALYST, "EntityNotFoundException"),
    ({"DataLocation": {"ResourceArn": "arn:aws:s3:::nowhere"}}, ["DATA_LOCATION_ACCESS"], ANALYST, "EntityNotFoundException"),
    (DATABASE, ["DESCRIBE"], principal(GOVERNANCE, "vanished"), "InvalidInputException"),
    (DATABASE, ["DESCRIBE"], {"DataLakePrincipalIdentifier": "somebody"}, "InvalidInputException"),
])
def test_grants_that_are_refused(lake, resource, permissions, who, code):
    assert refused(lake.grant_permissions, Principal=who, Resource=resource, Permissions=permissions) == code


def entry(number: int, resource: dict = DATABASE, who: dict = ANALYST) -> dict:
    return {"Id": str(number), "Principal": who, "Resource": resource, "Permissions": ["DESCRIBE"],
            "PermissionsWithGrantOption": ["DESCRIBE"]}


def test_batches_name_the_entries_that_failed(lake):
    answer = lake.batch_grant_permissions(Entries=[entry(1), entry(2, {"Database": {"Name": "nothing"}})])
    assert [(f["RequestEntry"]["Id"], f["Error"]["ErrorCode"]) for f in answer["Failures"]] == [("2", "EntityNotFoundException")]
    assert of(lake, ANALYST) == [("Database", ("DESCRIBE",), ("DESCRIBE",))]
    assert lake.batch_revoke_permissions(Entries=[entry(1), entry(2)])["Failures"][0]["RequestEntry"]["Id"] == "2"
    assert of(lake, ANALYST) == []
    assert refused(lake.batch_grant_permissions, Entries=[entry(n) for n in range(21)]) == "InvalidInputException"
    assert refused(lake.batch_grant_permissions, Entries=[entry(1), entry(1)]) == "InvalidInputException"


def test_others_see_their_own_rows_only_and_may_grant_nothing(standin, lake):
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["DESCRIBE"])
    analyst = standin.client("lakeformation", role="analyst")
    assert [r["Principal"] for r in rows(analyst)] == [ANALYST]
    assert refused(analyst.grant_permissions, Principal=ANALYST, Resource=DATABASE, Permissions=["ALL"]) == "AccessDeniedException"
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["ALTER"], PermissionsWithGrantOption=["ALTER"])
    other = principal(GOVERNANCE, "lakeformation-register")
    analyst.grant_permissions(Principal=other, Resource=DATABASE, Permissions=["ALTER"])
    assert of(lake, other) == [("Database", ("ALTER",), ())]


def test_an_administrator_may_not_alter_what_others_made_before_granting_it_to_itself(standin, lake):
    reader, glue = principal(GOVERNANCE, "meshdr-reader"), standin.client("glue", role="meshdr-reader")
    change = {"DatabaseName": "shop", "TableInput": {"Name": "orders", "Description": "new"}}
    assert refused(glue.update_table, **change) == "AccessDeniedException"
    standin.client("lakeformation", role="meshdr-reader").grant_permissions(
        Principal=reader, Resource=TABLE, Permissions=["ALTER"])
    glue.update_table(**change)
    assert glue.get_table(DatabaseName="shop", Name="orders")["Table"]["Description"] == "new"


def test_permissions_go_with_what_they_are_on(standin, lake):
    lake.grant_permissions(Principal=ANALYST, Resource=TABLE, Permissions=["SELECT"])
    standin.client("glue").delete_table(DatabaseName="shop", Name="orders")
    assert of(lake, ANALYST) == []


def test_listing_by_resource_and_by_both(lake):
    lake.grant_permissions(Principal=ANALYST, Resource={"Table": {"DatabaseName": "shop", "TableWildcard": {}}},
                           Permissions=["SELECT"])
    assert of(lake, ANALYST, Resource=TABLE) == []
    assert of(lake, ANALYST, Resource=TABLE, Principal=ANALYST) == [("TableWithColumns", ("SELECT",), ())]
    creator = principal(GOVERNANCE, "mesh-platform")
    assert [row[0] for row in of(lake, creator, Resource=TABLE)] == ["Table", "TableWithColumns"]
    assert refused(lake.list_permissions, NextToken="garbage") == "InvalidInputException"


def test_shares_made_from_grants(standin, lake):
    who = {"DataLakePrincipalIdentifier": SALES}
    lake.grant_permissions(Principal=who, Resource=DATABASE, Permissions=["DESCRIBE"], PermissionsWithGrantOption=["DESCRIBE"])
    listed = next(r for r in rows(lake) if r["Principal"] == who)
    arn = listed["AdditionalDetails"]["ResourceShare"][0]
    ram = standin.client("ram")
    share = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"][0]
    assert share["resourceShareArn"] == arn and share["name"].startswith("LakeFormation-V4-")
    received = standin.client("ram", SALES).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")["resourceShares"]
    assert [s["resourceShareArn"] for s in received] == [arn]
    associations = ram.get_resource_share_associations(associationType="PRINCIPAL")["resourceShareAssociations"]
    assert [(a["associatedEntity"], a["status"]) for a in associations] == [(SALES, "ASSOCIATED")]
    failed = ram.get_resource_share_associations(associationType="PRINCIPAL", associationStatus="FAILED")
    assert failed["resourceShareAssociations"] == []
    kinds = {r["type"] for r in ram.list_resources(resourceOwner="SELF")["resources"]}
    assert kinds == {"glue:Catalog", "glue:Database"}
    assert [p["id"] for p in ram.list_principals(resourceOwner="SELF")["principals"]] == [SALES]
    lake.revoke_permissions(Principal=who, Resource=DATABASE, Permissions=["DESCRIBE"], PermissionsWithGrantOption=["DESCRIBE"])
    assert ram.get_resource_shares(resourceOwner="SELF")["resourceShares"] == []


def test_what_was_shared_is_given_on_within_the_account_and_no_further(standin, lake):
    there = {"Database": {"CatalogId": GOVERNANCE, "Name": "shop"}}
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": SALES}, Resource=DATABASE,
                           Permissions=["DESCRIBE", "ALTER"], PermissionsWithGrantOption=["DESCRIBE"])
    sales = standin.client("lakeformation", SALES)
    pipeline = principal(SALES, "analyst")
    sales.grant_permissions(Principal=pipeline, Resource=there, Permissions=["DESCRIBE"])
    assert of(sales, pipeline) == [("Database", ("DESCRIBE",), ())]
    assert refused(sales.grant_permissions, Principal=pipeline, Resource=there, Permissions=["ALTER"]) == "AccessDeniedException"
    for third in (principal(ANALYTICS, "analyst"), {"DataLakePrincipalIdentifier": ANALYTICS}):
        code = refused(sales.grant_permissions, Principal=third, Resource=there, Permissions=["DESCRIBE"])
        assert code == "AccessDeniedException"


def test_direct_grants_across_accounts_need_version_3(standin, lake):
    lake.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [principal(GOVERNANCE, "mesh-platform")], "Parameters": {"CROSS_ACCOUNT_VERSION": "1"}})
    far = principal(ANALYTICS, "analyst")
    assert refused(lake.grant_permissions, Principal=far, Resource=DATABASE, Permissions=["DESCRIBE"]) == "InvalidInputException"


def test_outside_the_organization_a_share_waits_for_its_invitation(standin, lake):
    outside = "888888888888"
    partner = {"id": outside, "name": "partner", "outside": True, "roles": ROLES}
    standin.control("accounts", {"accounts": [partner]})
    standin.settle(outside)
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": outside}, Resource=DATABASE, Permissions=["DESCRIBE"])
    ram, glue = standin.client("ram", outside), standin.client("glue", outside)
    assert refused(glue.get_database, CatalogId=GOVERNANCE, Name="shop") == "AccessDeniedException"
    invitation = ram.get_resource_share_invitations()["resourceShareInvitations"][0]
    assert invitation["status"] == "PENDING"
    ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    assert glue.get_database(CatalogId=GOVERNANCE, Name="shop")["Database"]["Name"] == "shop"


def test_a_condition_makes_another_grant(lake):
    condition = {"Expression": "context.user.department == 'finance'"}
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["DESCRIBE"])
    lake.grant_permissions(Principal=ANALYST, Resource=DATABASE, Permissions=["ALTER"], Condition=condition)
    found = {json.dumps(r.get("Condition")): r["Permissions"] for r in rows(lake, Principal=ANALYST)}
    assert found == {"null": ["DESCRIBE"], json.dumps(condition): ["ALTER"]}
    gone = {"Principal": ANALYST, "Resource": DATABASE, "Permissions": ["ALTER"]}
    assert refused(lake.revoke_permissions, **gone) == "InvalidInputException"
    lake.revoke_permissions(**gone, Condition=condition)
    assert of(lake, ANALYST) == [("Database", ("DESCRIBE",), ())]


def test_an_invitation_that_nobody_answers_expires(lake, standin):
    standin.control("accounts", {"accounts": [
        {"id": "999999999999", "name": "partner", "roles": ROLES, "outside": True}]})
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": "999999999999"}, Resource=DATABASE,
                           Permissions=["DESCRIBE"])
    partner = standin.client("ram", "999999999999")
    [invitation] = partner.get_resource_share_invitations()["resourceShareInvitations"]
    assert invitation["status"] == "PENDING"
    assert standin.control("invitations/expire", {}) == {"expired": 1}
    [invitation] = partner.get_resource_share_invitations()["resourceShareInvitations"]
    assert invitation["status"] == "EXPIRED"
    arn = invitation["resourceShareInvitationArn"]
    assert refused(partner.accept_resource_share_invitation,
                   resourceShareInvitationArn=arn) == "ResourceShareInvitationExpiredException"
    [association] = standin.client("ram").get_resource_share_associations(
        associationType="PRINCIPAL")["resourceShareAssociations"]
    assert association["status"] == "FAILED"
