"""What a role's IAM policy denies is missing from listings, also for an administrator."""

import json

import pytest
from botocore.exceptions import ClientError

from .conftest import GOVERNANCE, StandIn, code_of

CATALOG = f"arn:aws:glue:us-east-1:{GOVERNANCE}:"


def deny(standin: StandIn, *resources: str, action: str = "glue:Get*") -> None:
    document = {"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Action": action, "Resource": [CATALOG + resource for resource in resources]}}
    standin.client("iam").put_role_policy(
        RoleName="meshdr-reader", PolicyName="less", PolicyDocument=json.dumps(document))


def test_denied_databases_and_tables_are_not_listed(standin: StandIn) -> None:
    standin.settle()
    platform = standin.client("glue")
    for name in ("sales", "hr"):
        platform.create_database(DatabaseInput={"Name": name})
        for table in ("a", "b"):
            platform.create_table(DatabaseName=name, TableInput={"Name": table})
    reader = standin.client("glue", role="meshdr-reader")
    assert len(reader.get_databases()["DatabaseList"]) == 2
    deny(standin, "database/hr", "table/sales/a")
    assert [d["Name"] for d in reader.get_databases()["DatabaseList"]] == ["sales"]
    assert [t["Name"] for t in reader.get_tables(DatabaseName="sales")["TableList"]] == ["b"]
    for call in (lambda: reader.get_database(Name="hr"), lambda: reader.get_table(DatabaseName="sales", Name="a")):
        with pytest.raises(ClientError) as error:
            call()
        assert code_of(error) == "AccessDeniedException"
        assert "not authorized to perform: glue:Get" in str(error.value)
    with pytest.raises(ClientError) as error:
        reader.get_database(Name="nothing")
    assert code_of(error) == "EntityNotFoundException"
    assert [d["Name"] for d in platform.get_databases()["DatabaseList"]] == ["hr", "sales"]


def test_only_what_is_named_is_denied(standin: StandIn) -> None:
    standin.settle()
    standin.client("glue").create_database(DatabaseInput={"Name": "hr"})
    deny(standin, "database/hr", action="glue:GetDatabases")
    reader = standin.client("glue", role="meshdr-reader")
    assert reader.get_databases()["DatabaseList"] == []
    assert reader.get_database(Name="hr")["Database"]["Name"] == "hr"
