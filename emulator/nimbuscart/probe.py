"""Does a region answer? One call to each service that a lost us-east-1 takes along."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

#: Service, its call, and the region that it is signed for: `None` for the probed one.
CALLS = (
    ("glue", "get_databases", None),
    ("lakeformation", "get_data_lake_settings", None),
    ("sts", "get_caller_identity", None),
    ("iam", "list_roles", "us-east-1"),
    ("organizations", "describe_organization", "us-east-1"),
)


def probe(endpoint: str, region: str) -> list[tuple[str, str]]:
    """Each call, and `answers` or what became of it. Credentials come from the environment."""
    settings = Config(retries={"max_attempts": 1}, connect_timeout=3, read_timeout=5, proxies={})
    results = []
    for service, name, signed in CALLS:
        client = boto3.client(service, region_name=signed or region, endpoint_url=endpoint, config=settings)
        try:
            getattr(client, name)()
        except (BotoCoreError, ClientError) as error:
            results.append((f"{service}:{name}", type(error).__name__))
        else:
            results.append((f"{service}:{name}", "answers"))
    return results
