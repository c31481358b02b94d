"""What meshdr knows of each operation: read from botocore's models, and where those are silent,
stated here."""
from dataclasses import dataclass, field

# The beginning of each Swift name.
SWIFT_NAMES = {
    "glue": "glue", "lakeformation": "lakeFormation", "ram": "ram", "s3": "s3", "sts": "sts",
    "iam": "iam", "organizations": "organizations", "kms": "kms", "athena": "athena",
    "cloudwatch": "cloudWatch", "service-quotas": "serviceQuotas", "cloudtrail": "cloudTrail",
    "sns": "sns",
}

READS = ("Get", "List", "Describe", "Search", "Head", "Lookup", "BatchGet", "Simulate")
IDEMPOTENT = ("Put", "Update", "Delete", "BatchDelete", "BatchUpdate", "Grant", "Revoke",
              "BatchGrant", "BatchRevoke", "Add", "Remove", "Tag", "Untag", "Deregister",
              "Associate", "Disassociate", "Accept", "Enable", "Abort", "Upload", "Stop")
# Operations whose names mislead.
EFFECTS = {
    "AssumeRole": "read", "AssumeRoleWithWebIdentity": "read",  # hand out, change nothing
    "PutMetricData": "write",  # counts twice
    "CompleteMultipartUpload": "idempotentWrite",  # S3 answers a repetition like the first
    "CreateMultipartUpload": "idempotentWrite",  # the first upload stays behind, unused
    "CreateNamedQuery": "idempotentWrite",  # by its ClientRequestToken
    "RegisterSchemaVersion": "idempotentWrite",  # a definition that is there is given back
    "QuerySchemaVersionMetadata": "read",
    "Sign": "read",  # gives a signature, changes nothing
}

# Entries, failures, where an entry's identity is in each, and the failure's error member.
BATCHES = {
    "BatchCreatePartition": ("PartitionInputList", "Errors", "Values", "PartitionValues",
                             "ErrorDetail"),
    "BatchUpdatePartition": ("Entries", "Errors", "PartitionValueList", "PartitionValueList",
                             "ErrorDetail"),
    "BatchDeletePartition": ("PartitionsToDelete", "Errors", "Values", "PartitionValues",
                             "ErrorDetail"),
    "BatchDeleteTable": ("TablesToDelete", "Errors", "", "TableName", "ErrorDetail"),
    "BatchDeleteTableVersion": ("VersionIds", "Errors", "", "VersionId", "ErrorDetail"),
    "UpdateColumnStatisticsForTable": ("ColumnStatisticsList", "Errors", "ColumnName",
                                       "ColumnStatistics.ColumnName", "Error"),
    "UpdateColumnStatisticsForPartition": ("ColumnStatisticsList", "Errors", "ColumnName",
                                           "ColumnStatistics.ColumnName", "Error"),
    "BatchGrantPermissions": ("Entries", "Failures", "Id", "RequestEntry.Id", "Error"),
    "BatchRevokePermissions": ("Entries", "Failures", "Id", "RequestEntry.Id", "Error"),
    "AddLFTagsToResource": ("LFTags", "Failures", "TagKey", "LFTag.TagKey", "Error"),
    "RemoveLFTagsFromResource": ("LFTags", "Failures", "TagKey", "LFTag.TagKey", "Error"),
}
# Limits that AWS documents and its models leave out.
BATCH_LIMITS = {"BatchGrantPermissions": 20, "BatchRevokePermissions": 20}

# Members of shapes that serve both ways, which AWS sets and nobody sends.
OUTPUT_ONLY = {"DataCellsFilter": {"VersionId"}}

# Members of S3 operations that meshdr never sends or reads: keys that customers hold, payers,
# access lists, checksums other than SHA-256 and CRC-64.
UNUSED_PREFIXES = ("SSECustomer", "CopySourceSSE", "ExpectedBucketOwner", "Request", "Grant",
                   "ACL", "ChecksumMD5", "ChecksumXX", "ChecksumSHA1", "ChecksumSHA5",
                   "ChecksumCRC32", "Response", "Website", "ContentLanguage", "CacheControl",
                   "ContentDisposition", "Expires", "MissingMeta", "OptionalObject", "AcceptRanges",
                   "ObjectOwnership", "ObjectLockEnabledForBucket", "Restore",
                   "Expiration", "AbortRuleId", "AbortDate", "BucketLocation", "AccessPointAlias")

LIMIT_NAMES = ("MaxResults", "maxResults", "MaxItems", "Limit", "MaxKeys")
TOKEN_NAMES = ("NextToken", "nextToken")


@dataclass
class Operation:
    """One operation as the Swift table states it."""
    service: str
    name: str
    method: str
    path: str
    effect: str
    paging: tuple = None
    batch: tuple = None
    rest: dict = None
    xml_output: str = None
    refuses_twins: bool = False
    uses: list = field(default_factory=list)  # XML shapes


def effect(name):
    if name in EFFECTS:
        return EFFECTS[name]
    if name.startswith(READS):
        return "read"
    return "idempotentWrite" if name.startswith(IDEMPOTENT) else "write"


def largest(model, inputs, limit):
    return model.shape(inputs[limit]["shape"]).get("max") if limit else None


def paging(model, name):
    """List, tokens, limit and its bound; None where an operation has no pages."""
    operation = model.operation(name)
    inputs = model.members(operation.get("input"))
    outputs = model.members(operation.get("output"))
    stated = model.paginators.get(name)
    if stated:
        lists = stated["result_key"]
        first = lists[0] if isinstance(lists, list) else lists
        limit = stated.get("limit_key")
        token, output = stated["input_token"], stated["output_token"]
        if isinstance(token, list):
            # A token in two parts: nothing but the third member says whether there is more.
            second = [token[1], output[1], stated["more_results"]]
            return (first, token[0], output[0], limit, largest(model, inputs, limit), second)
        output = output[0] if isinstance(output, list) else output
        return (first, token, output, limit, largest(model, inputs, limit))
    tokens = [token for token in TOKEN_NAMES if token in inputs and token in outputs]
    if not tokens:
        return None
    lists = [member for member, reference in outputs.items()
             if model.shape(reference["shape"])["type"] == "list"]
    if len(lists) != 1:
        return None
    limit = next((limit for limit in LIMIT_NAMES if limit in inputs), None)
    return (lists[0], tokens[0], tokens[0], limit, largest(model, inputs, limit))


def batch(model, name):
    if name not in BATCHES:
        return None
    entries, failures, entry_key, failure_key, error = BATCHES[name]
    operation = model.operation(name)
    reference = model.members(operation["input"])[entries]
    if failures not in model.members(operation["output"]):
        raise SystemExit(f"{name} has no member {failures}")
    limit = BATCH_LIMITS.get(name) or model.shape(reference["shape"]).get("max")
    if not limit:
        raise SystemExit(f"{name}: no limit is known")
    keys = [[part for part in key.split(".") if part] for key in (entry_key, failure_key)]
    return (entries, limit, failures, *keys, error)


def rest(model, operation):
    """Where REST members travel. Members without a location are the body."""
    if not model.metadata["protocol"].startswith("rest-"):
        return None
    found = {"path": {}, "query": {}, "headers": {}, "outputHeaders": {}}
    places = {"uri": "path", "querystring": "query", "header": "headers", "headers": "headers"}
    for member, reference in model.members(operation.get("input")).items():
        place = places.get(reference.get("location"))
        if place in ("query", "headers") and member.startswith(UNUSED_PREFIXES):
            continue
        if place == "path":
            found[place][reference["locationName"]] = member
        elif place:
            found[place][member] = reference["locationName"]
    for member, reference in model.members(operation.get("output")).items():
        unused = member.startswith(UNUSED_PREFIXES)
        if reference.get("location") in ("header", "headers") and not unused:
            found["outputHeaders"][reference["locationName"].lower()] = member
    found.update(payloads(model, operation))
    # PutObject and its like bring the checksum of their body themselves.
    required = operation.get("httpChecksum", {}).get("requestChecksumRequired")
    found["needsChecksum"] = bool(required and found.get("xmlInput"))
    return {key: value for key, value in found.items() if value} or None


def payloads(model, operation):
    found = {}
    source = operation.get("input")
    payload = source and model.shape(source["shape"]).get("payload")
    if payload:
        reference = model.members(source)[payload]
        found["payload"] = payload
        if model.shape(reference["shape"])["type"] == "structure":
            found["xmlInput"] = (reference["shape"],
                                 reference.get("locationName", reference["shape"]))
    result = operation.get("output")
    payload = result and model.shape(result["shape"]).get("payload")
    if payload:
        found["outputPayload"] = payload
        shape = model.shape(model.members(result)[payload]["shape"])
        found["outputIsBytes"] = shape["type"] == "blob"
    return found


def describe(model, name):
    operation = model.operation(name)
    xml = model.metadata["protocol"] in ("query", "rest-xml")
    output = operation.get("output", {}).get("shape") if xml else None
    described = Operation(
        service=model.name, name=name, method=operation["http"]["method"],
        path=operation["http"]["requestUri"], effect=effect(name), paging=paging(model, name),
        batch=batch(model, name), rest=rest(model, operation), xml_output=output,
        refuses_twins=any("AlreadyExists" in error["shape"]
                          for error in operation.get("errors", [])))
    if xml:
        written = (described.rest or {}).get("xmlInput")
        described.uses = [shape for shape in (output, written and written[0]) if shape]
    return described
