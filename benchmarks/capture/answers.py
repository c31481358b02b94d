"""What AWS answers for an account that has databases and tables and else nothing of its own.

Some things every account has: the work group `primary`, the data catalog `AwsDataCatalog`, and
settings that were never changed.
"""

import json
from dataclasses import dataclass

READER = "meshdr-reader"

EMPTY_LISTS = {
    "GetCatalogs": "CatalogList",
    "GetClassifiers": "Classifiers",
    "GetConnections": "ConnectionList",
    "GetCrawlers": "Crawlers",
    "GetPartitionIndexes": "PartitionIndexDescriptorList",
    "GetResourcePolicies": "GetResourcePoliciesResponseList",
    "GetUserDefinedFunctions": "UserDefinedFunctions",
    "ListRegistries": "Registries",
    "ListSchemas": "Schemas",
    "ListDataCellsFilter": "DataCellsFilters",
    "ListLFTagExpressions": "LFTagExpressions",
    "ListLFTags": "LFTags",
    "ListLakeFormationOptIns": "LakeFormationOptInsInfoList",
    "SearchDatabasesByLFTags": "DatabaseList",
    "SearchTablesByLFTags": "TableList",
    "getresourceshares": "resourceShares",
    "getresourceshareinvitations": "resourceShareInvitations",
    "getresourceshareassociations": "resourceShareAssociations",
    "listresources": "resources",
    "listprincipals": "principals",
    "ListPermissions": "PrincipalResourcePermissions",
    "ListResources": "ResourceInfoList",
    "ListNamedQueries": "NamedQueryIds",
    "ListPreparedStatements": "PreparedStatements",
    "ListTagsForResource": "Tags",
    "GetResources": "ResourceTagMappingList",
}

PRIMARY = {
    "Name": "primary",
    "State": "ENABLED",
    "Description": "",
    "CreationTime": 1.69e9,
    "Configuration": {
        "ResultConfiguration": {},
        "EnforceWorkGroupConfiguration": False,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
        "EngineVersion": {
            "SelectedEngineVersion": "AUTO",
            "EffectiveEngineVersion": "Athena engine version 3",
        },
    },
}

ALWAYS_THERE = {
    "GetDataCatalogEncryptionSettings": {
        "DataCatalogEncryptionSettings": {
            "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
            "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
        }
    },
    "GetResourceLFTags": {},
    "GetTags": {"Tags": {}},
    "ListDataCatalogs": {"DataCatalogsSummary": [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]},
    "ListWorkGroups": {"WorkGroups": [{key: PRIMARY[key] for key in ("Name", "State", "Description", "CreationTime")}]},
    "GetWorkGroup": {"WorkGroup": PRIMARY},
}

BUCKETS = b"<ListAllMyBucketsResult><Owner><ID>owner</ID></Owner><Buckets></Buckets></ListAllMyBucketsResult>"


@dataclass(frozen=True)
class Answer:
    """The parts of a body, as they are sent one after the other."""

    parts: list
    status: str = "200 OK"
    type: str = "application/x-amz-json-1.1"

    @classmethod
    def json(cls, value):
        return cls([as_bytes(value)])

    @classmethod
    def xml(cls, text):
        return cls([text], type="text/xml")

    @classmethod
    def refused(cls, code, message):
        return cls([as_bytes({"__type": code, "Message": message})], status="400 Bad Request")


def as_bytes(value):
    return json.dumps(value, separators=(",", ":")).encode()


# Rendered once: most calls of a capture ask for something that isn't there.
READY = {name: Answer.json({member: []}) for name, member in EMPTY_LISTS.items()}
READY |= {name: Answer.json(value) for name, value in ALWAYS_THERE.items()}
READY["DescribeLakeFormationIdentityCenterConfiguration"] = Answer.refused(
    "EntityNotFoundException", "No Identity Center configuration"
)
READY["GetResourcePolicy"] = Answer.refused("EntityNotFoundException", "Policy not found")


def column_statistics(request):
    """No column has any: Glue names each that was asked for."""
    detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Column statistics not found"}
    errors = [{"ColumnName": name, "Error": detail} for name in request["ColumnNames"]]
    return Answer.json({"ColumnStatisticsList": [], "Errors": errors})


def data_lake_settings(account):
    """Whoever reads is an administrator, otherwise Lake Formation would leave things out."""
    admins = [f"arn:aws:iam::{account}:{name}" for name in (f"role/{READER}", "user/nightly")]
    settings = {
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": arn} for arn in admins],
        "ReadOnlyAdmins": [],
        "CreateDatabaseDefaultPermissions": [],
        "CreateTableDefaultPermissions": [],
        "Parameters": {"CROSS_ACCOUNT_VERSION": "4"},
        "TrustedResourceOwners": [],
        "AllowExternalDataFiltering": False,
        "ExternalDataFilteringAllowList": [],
        "AuthorizedSessionTagValueList": [],
    }
    return Answer.json({"DataLakeSettings": settings})


def assumed_role(account):
    """Credentials whose key id says whose they are: the server knows the account by it."""
    return Answer.xml(
        (
            '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>'
            f"<AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
            "<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
            "</Credentials><AssumedRoleUser>"
            f"<Arn>arn:aws:sts::{account}:assumed-role/{READER}/x</Arn><AssumedRoleId>A:x</AssumedRoleId>"
            "</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
        ).encode()
    )


def caller_identity(account, is_role):
    arn = f"arn:aws:sts::{account}:assumed-role/{READER}/x" if is_role else f"arn:aws:iam::{account}:user/nightly"
    return Answer.xml(
        (
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
            f"<Arn>{arn}</Arn><UserId>AIDA</UserId>"
            f"<Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        ).encode()
    )
