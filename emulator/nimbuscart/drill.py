"""Accounts in which NimbusCart holds full drills: one for each of the mesh's, with the same roles and an empty catalog.

They are made when they are asked for, as an account factory would, and are no part of the mesh: its units hold none of
them. All else is boto3.
"""

import json

from . import catalog, mesh
from .clients import Accounts
from .seed import post_json, principals

UNIT = "Drills"


def account_of(account: str) -> str:
    """The drill account that stands for an account of the mesh."""
    return f"9{account[1:]}"


def make(endpoint: str) -> str:
    """Makes the accounts, and gives the section of the mesh file that names them."""
    post_json(f"{endpoint}/_standin/accounts", {"accounts": [
        {"id": account_of(account.id), "name": f"drill-{account.name}", "unit": UNIT,
         "roles": [*mesh.COMMON_ROLES, *account.roles]}
        for account in mesh.ACCOUNTS]})
    secondary = Accounts(endpoint, mesh.SECONDARY)
    for account in mesh.ACCOUNTS:
        client = secondary.client(account_of(account.id), mesh.PLATFORM, "lakeformation")
        settings = client.get_data_lake_settings()["DataLakeSettings"]
        settings["DataLakeAdmins"] = principals(account_of(account.id), mesh.ADMINS)
        client.put_data_lake_settings(DataLakeSettings=settings)
    for domain in mesh.DOMAINS:
        _let_read(secondary.client(domain.account, mesh.PLATFORM, "s3"), domain)
    return _section({key: _new_key(secondary, key) for key in sorted(_keys())})


def _keys() -> set[str]:
    return {settings["EncryptionAtRest"]["SseAwsKmsKeyId"] for settings in catalog.ENCRYPTION.values()}


def _new_key(secondary: Accounts, key: str) -> str:
    kms = secondary.client(account_of(key.split(":")[4]), mesh.PLATFORM, "kms")
    return kms.create_key(Description="Catalogs of full drills")["KeyMetadata"]["Arn"]


def _let_read(s3, domain: mesh.Domain) -> None:
    """The owner of a replica lets the drill accounts that register it read it, and no more."""
    bucket = mesh.replica_of(domain.bucket)
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    readers = [mesh.role(account_of(account), mesh.REGISTRAR) for account in (mesh.GOVERNANCE, domain.account)]
    policy["Statement"].append({
        "Sid": "DrillsRead", "Effect": "Allow", "Principal": {"AWS": readers},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _section(keys: dict[str, str]) -> str:
    accounts = "\n".join(f'    "{account.id}": "{account_of(account.id)}"' for account in mesh.ACCOUNTS)
    kms = "\n".join(f'    "{key}": "{own}"' for key, own in keys.items())
    return f"drill:\n  accounts:\n{accounts}\n  restorer_role: {mesh.RESTORER}\n  kms:\n{kms}\n"
