"""botocore's service models: which operation a request asks for, and what shape it must have."""

import re
from functools import cache
from urllib.parse import parse_qsl

import botocore.session
from botocore.model import OperationModel, ServiceModel

from emulator.front.http import Request

#: Signing names that differ from botocore's name of the service.
BY_SIGNING_NAME = {"monitoring": "cloudwatch", "servicequotas": "service-quotas"}
#: Services that are served at all; anything else is answered with 501.
SERVED = {
    "athena", "cloudtrail", "cloudwatch", "glue", "iam", "kms", "lakeformation", "organizations",
    "ram", "s3", "s3tables", "service-quotas", "sns", "sts",
}


@cache
def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@cache
def operation_model(service: str, operation: str) -> OperationModel:
    return model(service).operation_model(operation)


@cache
def operations(service: str) -> frozenset[str]:
    return frozenset(model(service).operation_names)


def service_of(signing_name: str) -> str:
    return BY_SIGNING_NAME.get(signing_name, signing_name)


def protocol_of(service: str, request: Request) -> str:
    """The protocol that this request speaks; CloudWatch can be spoken to in several."""
    if request.header("x-amz-target"):
        return "json"
    if request.header("smithy-protocol"):
        return "cbor"
    return "query" if service == "cloudwatch" else str(model(service).metadata["protocol"])


@cache
def routes(service: str) -> list[tuple[str, re.Pattern[str], dict[str, str], str]]:
    """Method, path pattern, fixed query and name of each operation, the most specific first."""
    found = []
    for name in operations(service):
        http = operation_model(service, name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        fixed = dict(part.partition("=")[::2] for part in query.split("&") if part)
        found.append((http["method"], re.compile(pattern + "/?$"), fixed, name))
    return sorted(found, key=lambda route: (-len(route[2]), -len(route[1].pattern), route[3]))


#: S3 operations that share method, path and query, told apart by a header or by nothing at all.
S3_SHADOWED = {
    "AbortMultipartUpload", "CopyObject", "GetBucketLifecycle", "GetBucketNotification",
    "ListDirectoryBuckets", "ListParts", "PutBucketLifecycle", "PutBucketNotification",
    "UploadPart", "UploadPartCopy",
}


#: Listing them and getting one differ by the member that names the one.
INVENTORIES = ("ListBucketInventoryConfigurations", "GetBucketInventoryConfiguration")


def rest_operation(service: str, request: Request) -> str | None:
    query = request.query()
    copying = bool(request.header("x-amz-copy-source"))
    for method, pattern, fixed, name in routes(service):
        if method != request.method or not pattern.match(request.raw_path):
            continue
        if any(key not in query or (value and query[key] != value) for key, value in fixed.items()):
            continue
        if service == "s3" and name in S3_SHADOWED:
            continue
        return s3_by_query(name, query, copying) if service == "s3" else name
    return None


def s3_by_query(name: str, query: dict[str, str], copying: bool) -> str:
    """What the model's URIs don't say: parts are named by query members, copies by a header."""
    if name == "PutObject":
        if "uploadId" in query:
            return "UploadPartCopy" if copying else "UploadPart"
        return "CopyObject" if copying else "PutObject"
    if name in INVENTORIES:
        return INVENTORIES["id" in query]
    if "uploadId" in query:
        return {"DeleteObject": "AbortMultipartUpload", "GetObject": "ListParts"}.get(name, name)
    return name


def operation_of(service: str, protocol: str, request: Request) -> str | None:
    """The operation's name, or None when the request names none that the model has."""
    if protocol == "json":
        name = request.header("x-amz-target").rpartition(".")[2]
    elif protocol == "cbor":
        name = request.raw_path.rpartition("/")[2]
    elif protocol == "query":
        name = query_members(request).get("Action", "")
    else:
        return rest_operation(service, request)
    return name if name in operations(service) else None


def query_members(request: Request) -> dict[str, str]:
    members = request.query()
    if "x-www-form-urlencoded" in request.header("content-type"):
        members.update(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return members


@cache
def error_status(service: str, code: str) -> int:
    """The HTTP status that the service's model gives one of its errors; 400 where it says none."""
    if code not in model(service).shape_names:
        return 400
    return int(model(service).shape_for(code).metadata.get("error", {}).get("httpStatusCode", 400))
