"""Organizations as a caller sees it: pages, nested units, closed and suspended accounts, and who may look."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import SALES, StandIn, code_of

LAB = "888888888888"


def pages(client: Any, operation: str, member: str, **asked: Any) -> list[list[dict[str, Any]]]:
    return [page[member] for page in client.get_paginator(operation).paginate(**asked)]


def root_of(client: Any) -> dict[str, Any]:
    return client.list_roots()["Roots"][0]


def test_nested_units_are_listed_one_level_at_a_time(standin: StandIn) -> None:
    standin.control("accounts", {"accounts": [{"id": LAB, "name": "lab", "unit": "Domains/Research/Lab"}]})
    client = standin.base("organizations")
    root = root_of(client)
    assert root["Name"] == "Root"
    parent, path = root["Id"], []
    for wanted in ("Domains", "Research", "Lab"):
        listed = client.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
        unit = next(unit for unit in listed if unit["Name"] == wanted)
        assert all(account["Id"] != LAB for account in client.list_accounts_for_parent(ParentId=parent)["Accounts"])
        parent = unit["Id"]
        path.append(unit["Name"])
    assert path == ["Domains", "Research", "Lab"]
    assert [a["Id"] for a in client.list_accounts_for_parent(ParentId=parent)["Accounts"]] == [LAB]
    assert client.list_parents(ChildId=LAB)["Parents"][0]["Id"] == parent


def test_pages_hold_twenty_and_tokens_are_those_of_their_listing(standin: StandIn) -> None:
    many = [{"id": f"{n:012}", "name": f"a{n}", "unit": "Many"} for n in range(100, 145)]
    standin.control("accounts", {"accounts": many})
    client = standin.base("organizations")
    root = root_of(client)["Id"]
    for n in range(21):
        client.create_organizational_unit(ParentId=root, Name=f"unit-{n}")
    units = pages(client, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=root)
    assert [len(page) for page in units] == [20, 5]
    parent = next(unit["Id"] for page in units for unit in page if unit["Name"] == "Many")
    listed = pages(client, "list_accounts_for_parent", "Accounts", ParentId=parent)
    assert [len(page) for page in listed] == [20, 20, 5]
    assert {account["Id"] for page in listed for account in page} == {account["id"] for account in many}
    assert len([a for page in pages(client, "list_accounts", "Accounts") for a in page]) == 4 + 45
    token = client.list_accounts_for_parent(ParentId=parent)["NextToken"]
    with pytest.raises(ClientError) as error:
        client.list_accounts(NextToken=token)
    assert code_of(error) == "InvalidInputException"


def test_a_name_is_unique_in_its_parent_only(standin: StandIn) -> None:
    client = standin.base("organizations")
    root = root_of(client)["Id"]
    first = client.create_organizational_unit(ParentId=root, Name="Labs")["OrganizationalUnit"]
    client.create_organizational_unit(ParentId=first["Id"], Name="Labs")
    with pytest.raises(ClientError) as error:
        client.create_organizational_unit(ParentId=root, Name="Labs")
    assert code_of(error) == "DuplicateOrganizationalUnitException"
    with pytest.raises(ClientError) as error:
        client.list_accounts_for_parent(ParentId="r-0000")
    assert code_of(error) == "ParentNotFoundException"


def test_closed_and_suspended_accounts(standin: StandIn) -> None:
    client = standin.base("organizations")
    client.close_account(AccountId=SALES)
    closed = client.describe_account(AccountId=SALES)["Account"]
    assert (closed["State"], closed["Status"]) == ("CLOSED", "SUSPENDED")
    arn = f"arn:aws:iam::{SALES}:role/analyst"
    with pytest.raises(ClientError) as error:
        standin.base("sts").assume_role(RoleArn=arn, RoleSessionName="late")
    assert code_of(error) == "AccessDenied"
    standin.control("accounts/state", {"id": SALES, "state": "PENDING_CLOSURE"})
    assert standin.base("sts").assume_role(RoleArn=arn, RoleSessionName="early")["Credentials"]
    standin.control("accounts/state", {"id": SALES, "state": "SUSPENDED"})
    listed = {a["Id"]: a["State"] for page in pages(client, "list_accounts", "Accounts") for a in page}
    assert listed[SALES] == "SUSPENDED"
    assert set(listed.values()) == {"ACTIVE", "SUSPENDED"}


def test_only_the_management_account_and_delegates_may_look(standin: StandIn) -> None:
    member = standin.client("organizations", SALES)
    with pytest.raises(ClientError) as error:
        member.list_roots()
    assert code_of(error) == "AccessDeniedException"
    assert member.describe_organization()["Organization"]["MasterAccountId"]
    standin.base("organizations").register_delegated_administrator(
        AccountId=SALES, ServicePrincipal="config-multiaccountsetup.amazonaws.com")
    root = root_of(member)["Id"]
    names = [u["Name"] for u in member.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]]
    assert names == ["Governance", "Domains", "Consumers"]


def test_an_account_outside(standin: StandIn) -> None:
    standin.control("accounts", {"accounts": [{"id": LAB, "name": "lab", "outside": True, "roles": [
        {"name": "analyst"}]}]})
    client: boto3.client = standin.client("organizations", LAB, "analyst")
    with pytest.raises(ClientError) as error:
        client.list_roots()
    assert code_of(error) == "AWSOrganizationsNotInUseException"
