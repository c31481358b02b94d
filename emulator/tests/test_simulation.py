"""The policy simulator, Service Quotas, and which services are trusted in the organization."""

import json

import pytest
from botocore.exceptions import ClientError

from .conftest import GOVERNANCE, PRIMARY, SECONDARY, StandIn, code_of

READER = f"arn:aws:iam::{GOVERNANCE}:role/less"
READING = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["glue:Get*", "s3:ListBucket"], "Resource": "*"},
    {"Effect": "Deny", "Action": "glue:GetTable", "Resource": "*"},
    {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": f"arn:aws:kms:*:{GOVERNANCE}:key/a"},
    {"Effect": "Allow", "Action": "ram:CreateResourceShare", "Resource": "*",
     "Condition": {"StringLike": {"ram:RequestedResourceType": "glue:*"}}},
]}


@pytest.fixture
def less(standin: StandIn) -> StandIn:
    role = {"name": "less", "policies": {"reading": READING}}
    standin.control("accounts", {"accounts": [{"id": GOVERNANCE, "name": "governance", "roles": [role]}]})
    return standin


def simulated(standin: StandIn, *actions: str, **more: object) -> dict[str, str]:
    results = standin.client("iam").simulate_principal_policy(
        PolicySourceArn=READER, ActionNames=list(actions), **more)["EvaluationResults"]
    return {r["EvalActionName"]: r["EvalDecision"] for r in results}


def test_a_role_may_do_what_its_policies_allow(less: StandIn) -> None:
    assert simulated(less, "glue:GetTables", "glue:GetTable", "glue:CreateTable", "S3:listbucket") == {
        "glue:GetTables": "allowed", "glue:GetTable": "explicitDeny", "glue:CreateTable": "implicitDeny",
        "S3:listbucket": "allowed"}
    arn = f"arn:aws:iam::{GOVERNANCE}:role/mesh-platform"
    every = less.client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=["glue:CreateTable"])
    assert every["EvaluationResults"][0]["EvalDecision"] == "allowed"


def test_resources_and_conditions_decide(less: StandIn) -> None:
    key = f"arn:aws:kms:eu-west-1:{GOVERNANCE}:key/"
    assert simulated(less, "kms:Decrypt", ResourceArns=[key + "a"]) == {"kms:Decrypt": "allowed"}
    assert simulated(less, "kms:Decrypt", ResourceArns=[key + "b"]) == {"kms:Decrypt": "implicitDeny"}
    assert simulated(less, "kms:Decrypt") == {"kms:Decrypt": "implicitDeny"}
    answer = less.client("iam").simulate_principal_policy(
        PolicySourceArn=READER, ActionNames=["ram:CreateResourceShare"])["EvaluationResults"][0]
    assert answer["EvalDecision"] == "implicitDeny"
    assert answer["MissingContextValues"] == ["ram:RequestedResourceType"]
    given = [{"ContextKeyName": "ram:RequestedResourceType", "ContextKeyType": "string",
              "ContextKeyValues": ["glue:Database"]}]
    assert simulated(less, "ram:CreateResourceShare", ContextEntries=given)["ram:CreateResourceShare"] == "allowed"


def test_many_actions_take_several_pages(less: StandIn) -> None:
    names = [f"glue:GetTable{n}" for n in range(7)]
    pages = less.client("iam").get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=READER, ActionNames=names, PaginationConfig={"PageSize": 3})
    assert [[r["EvalActionName"] for r in page["EvaluationResults"]] for page in pages] == [
        names[:3], names[3:6], names[6:]]


def test_whom_nobody_knows_is_refused(less: StandIn) -> None:
    with pytest.raises(ClientError) as error:
        less.client("iam").simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{GOVERNANCE}:role/nobody", ActionNames=["glue:GetTable"])
    assert code_of(error) == "NoSuchEntity"


def test_the_organization_can_deny_a_region(less: StandIn) -> None:
    management = less.base("organizations")
    content = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": [PRIMARY]}}}]}
    policy = management.create_policy(
        Content=json.dumps(content), Description="home", Name="home", Type="SERVICE_CONTROL_POLICY")
    root = management.list_roots()["Roots"][0]["Id"]
    management.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=root)
    decided = {}
    for region in (PRIMARY, SECONDARY):
        given = [{"ContextKeyName": "aws:RequestedRegion", "ContextKeyType": "string", "ContextKeyValues": [region]}]
        [answer] = less.client("iam").simulate_principal_policy(
            PolicySourceArn=READER, ActionNames=["glue:GetTables"], ContextEntries=given)["EvaluationResults"]
        decided[region] = (answer["EvalDecision"], answer["OrganizationsDecisionDetail"]["AllowedByOrganizations"])
    assert decided == {PRIMARY: ("allowed", True), SECONDARY: ("explicitDeny", False)}


def test_quotas_are_listed_with_their_values(standin: StandIn) -> None:
    client = standin.client("service-quotas", region=SECONDARY)
    pages = client.get_paginator("list_service_quotas").paginate(ServiceCode="glue", PaginationConfig={"PageSize": 3})
    found = {q["QuotaName"]: q for page in pages for q in page["Quotas"]}
    assert found["Max databases per account"]["Value"] == 10000 and len(found) == 8
    code = found["Max tables per database"]["QuotaCode"]
    client.request_service_quota_increase(ServiceCode="glue", QuotaCode=code, DesiredValue=5)
    assert client.get_service_quota(ServiceCode="glue", QuotaCode=code)["Quota"]["Value"] == 5
    other = standin.client("service-quotas").get_service_quota(ServiceCode="glue", QuotaCode=code)
    assert other["Quota"]["Value"] == 200000
    with pytest.raises(ClientError) as error:
        client.list_service_quotas(ServiceCode="nothing")
    assert code_of(error) == "NoSuchResourceException"


def test_which_services_the_organization_trusts(standin: StandIn) -> None:
    management = standin.base("organizations")
    assert management.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []
    standin.base("ram").enable_sharing_with_aws_organization()
    [trusted] = management.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert trusted["ServicePrincipal"] == "ram.amazonaws.com"
    with pytest.raises(ClientError) as error:
        standin.client("organizations").list_aws_service_access_for_organization()
    assert code_of(error) == "AccessDeniedException"


def test_a_key_has_the_id_that_was_asked_for(standin: StandIn) -> None:
    key = "mrk-4f9b2c1d7e5a4b3c8d6e0f1a2b3c4d5e"
    spec = {"account": GOVERNANCE, "region": PRIMARY, "id": key, "replicas": [SECONDARY]}
    standin.control("keys", spec)
    for region in (PRIMARY, SECONDARY):
        arn = f"arn:aws:kms:{region}:{GOVERNANCE}:key/{key}"
        described = standin.client("kms", region=region).describe_key(KeyId=arn)["KeyMetadata"]
        assert (described["Arn"], described["KeyState"], described["MultiRegion"]) == (arn, "Enabled", True)
    with pytest.raises(ClientError) as error:
        standin.client("kms", region="eu-central-1").describe_key(KeyId=f"arn:aws:kms:eu-central-1:{GOVERNANCE}:key/{key}")
    assert code_of(error) == "NotFoundException"
