"""Registered locations: which S3 paths Lake Formation vends access to, and with which role."""

from typing import Any

from moto.s3.models import s3_backends

from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, lake
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError, invalid, not_found
from emulator.front.identity import role_exists

SERVICE_ROLE = "arn:aws:iam::{}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"
FLAGS = ("WithFederation", "HybridAccessEnabled", "WithPrivilegedAccess")


def bucket_exists(arn: str) -> bool:
    name = arn.removeprefix("arn:aws:s3:::").partition("/")[0]
    return any(name in s3_backends[account]["aws"].buckets for account in list(s3_backends))


def shown(location: Json) -> Json:
    """With the verification of today: the role has to exist, and the bucket."""
    service_linked = "/aws-service-role/" in location["RoleArn"]
    reachable = bucket_exists(location["ResourceArn"]) and (service_linked or role_exists(location["RoleArn"]) is not False)
    return {**location, "VerificationStatus": "VERIFIED" if reachable else "VERIFICATION_FAILED"}


def find(call: Call) -> Json:
    arn = call.params["ResourceArn"].rstrip("/")
    found = lake(call.account, call.region).locations.get(arn)
    if found is None:
        raise not_found(f"Resource not registered: {arn}")
    return found


@handles("lakeformation", "RegisterResource")
def register(call: Call) -> None:
    arn = call.params["ResourceArn"].rstrip("/")
    where = lake(call.account, call.region)
    if not arn.startswith("arn:aws:s3:::"):
        raise invalid(f"{arn} is not an S3 location")
    if arn in where.locations:
        raise AWSError("AlreadyExistsException", "An error occurred: Resource is already registered")
    service_linked = bool(call.get("UseServiceLinkedRole"))
    role = call.get("RoleArn")
    if service_linked == bool(role):
        raise invalid("Either RoleArn or UseServiceLinkedRole is needed")
    role = role or SERVICE_ROLE.format(call.account)
    if not service_linked and role_exists(role) is False:
        raise invalid(f"Role {role} does not exist")
    where.locations[arn] = {
        "ResourceArn": arn, "RoleArn": role, "LastModified": stamp(),
        **{flag: bool(call.get(flag, False)) for flag in FLAGS},
    }


@handles("lakeformation", "UpdateResource")
def update(call: Call) -> None:
    location = find(call)
    if "/aws-service-role/" in location["RoleArn"]:
        raise invalid("A location registered with the service-linked role cannot be edited")
    if role_exists(call.params["RoleArn"]) is False:
        raise invalid(f"Role {call.params['RoleArn']} does not exist")
    location["RoleArn"] = call.params["RoleArn"]
    for flag in FLAGS[:2]:
        if call.get(flag) is not None:
            location[flag] = call.params[flag]
    location["LastModified"] = stamp()


@handles("lakeformation", "DeregisterResource")
def deregister(call: Call) -> None:
    where = lake(call.account, call.region)
    del where.locations[find(call)["ResourceArn"]]


@handles("lakeformation", "DescribeResource")
def describe(call: Call) -> dict[str, Any]:
    return {"ResourceInfo": shown(find(call))}


@handles("lakeformation", "ListResources")
def list_all(call: Call) -> dict[str, Any]:
    locations = lake(call.account, call.region).locations
    found = [shown(locations[arn]) for arn in sorted(locations)]
    for condition in call.get("FilterConditionList") or []:
        found = [location for location in found if satisfies(location, condition)]
    chosen, more = page(call, found, 1000)
    return {"ResourceInfoList": list(chosen), **more}


#: FilterCondition's fields and comparisons that make sense for text.
FIELDS = {"RESOURCE_ARN": "ResourceArn", "ROLE_ARN": "RoleArn", "LAST_MODIFIED": "LastModified"}
COMPARISONS = {
    "EQ": lambda value, given: value == given[0],
    "NE": lambda value, given: value != given[0],
    "CONTAINS": lambda value, given: given[0] in value,
    "NOT_CONTAINS": lambda value, given: given[0] not in value,
    "BEGINS_WITH": lambda value, given: value.startswith(given[0]),
    "IN": lambda value, given: value in given,
    "LT": lambda value, given: value < given[0],
    "LE": lambda value, given: value <= given[0],
    "GT": lambda value, given: value > given[0],
    "GE": lambda value, given: value >= given[0],
    "BETWEEN": lambda value, given: given[0] <= value <= given[-1],
}


def satisfies(location: Json, condition: Json) -> bool:
    value = str(location[FIELDS[condition.get("Field", "RESOURCE_ARN")]])
    given = condition.get("StringValueList") or []
    if not given:
        raise invalid("A filter condition needs a value")
    return bool(COMPARISONS[condition.get("ComparisonOperator", "EQ")](value, given))


