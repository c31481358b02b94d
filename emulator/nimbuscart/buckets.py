"""Product buckets with their replicas, replication rules and a few objects."""

import json

from . import iceberg
from .mesh import GOVERNANCE, REGISTRAR, REPLICATOR, SECONDARY, Domain, replica_of, role
from .tables import TABLES


def make(domain: Domain, primary, secondary) -> None:
    """Makes a domain's two buckets; `primary` and `secondary` are S3 clients of its account."""
    replica = replica_of(domain.bucket)
    primary.create_bucket(Bucket=domain.bucket)
    secondary.create_bucket(
        Bucket=replica, CreateBucketConfiguration={"LocationConstraint": SECONDARY})
    for client, bucket in ((primary, domain.bucket), (secondary, replica)):
        client.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_policy(bucket)))
    primary.put_bucket_replication(
        Bucket=domain.bucket, ReplicationConfiguration=replication(domain))
    for key, body in objects(domain.bucket):
        primary.put_object(Bucket=domain.bucket, Key=key, Body=body)
        secondary.put_object(Bucket=replica, Key=key, Body=body)


def replication(domain: Domain) -> dict:
    """A rule over the whole bucket, with Replication Time Control and delete markers."""
    minutes = {"Minutes": 15}
    return {
        "Role": role(domain.account, REPLICATOR),
        "Rules": [{
            "ID": f"{domain.name}-to-{SECONDARY}", "Priority": 1, "Status": "Enabled",
            "Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {
                "Bucket": f"arn:aws:s3:::{replica_of(domain.bucket)}",
                "StorageClass": "STANDARD",
                "ReplicationTime": {"Status": "Enabled", "Time": minutes},
                "Metrics": {"Status": "Enabled", "EventThreshold": minutes},
            },
        }],
    }


def objects(bucket: str):
    """(key, body) of the objects put in both buckets: a file a table, and all files of Iceberg's.

    The data files hold Parquet's magic bytes and nothing else: the mesh is about catalogs,
    and no query runs on it.
    """
    root = f"s3://{bucket}/"
    for table in TABLES:
        if table.bucket != bucket or table.form == "projected":
            continue
        if table.form == "iceberg":
            yield from ((uri.removeprefix(root), body) for uri, body in iceberg.files(table))
            continue
        values = table.partition_values()
        folder = table.partition_location(values[-1]) if values else table.location
        name = "part-00000.json" if table.form == "json" else "data/part-00000.parquet"
        body = b"{}\n" if table.form == "json" else b"PAR1PAR1"
        yield f"{folder.removeprefix(root)}/{name}", body


def _policy(bucket: str) -> dict:
    """Lets governance's registration role read and write what is registered there."""
    return {"Version": "2012-10-17", "Statement": [{
        "Sid": "GovernanceVendsCredentials", "Effect": "Allow",
        "Principal": {"AWS": role(GOVERNANCE, REGISTRAR)},
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }]}
