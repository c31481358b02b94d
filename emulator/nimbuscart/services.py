"""What stands beside the catalog of NimbusCart: connections, crawlers, schemas, Athena."""

import json
from dataclasses import dataclass, field

from .mesh import (
    ACCOUNTS,
    ANALYTICS,
    DATA_SCIENCE,
    FINANCE,
    GOVERNANCE,
    PRIMARY,
    SALES,
    SUPPLY_CHAIN,
    role,
)

# Stands in two places that a connection has for it; nobody but the seed may ever know it.
SECRET = "correct-horse-battery-staple"

CONNECTIONS = {
    FINANCE: {
        "Name": "erp-ledger", "Description": "The ledger behind finance_raw",
        "ConnectionType": "JDBC",
        "ConnectionProperties": {
            "JDBC_CONNECTION_URL": "jdbc:postgresql://erp.nimbuscart.example:5432/ledger",
            "USERNAME": "glue_reader", "PASSWORD": SECRET, "JDBC_ENFORCE_SSL": "true",
            "CUSTOM_JDBC_CERT": "s3://nimbus-finance-products/certs/erp.pem"},
        "PhysicalConnectionRequirements": {
            "SubnetId": "subnet-0a1b2c3d", "SecurityGroupIdList": ["sg-0a1b2c3d"],
            "AvailabilityZone": f"{PRIMARY}a"},
    },
    SALES: {
        "Name": "clicks", "ConnectionType": "MONGODB",
        "ConnectionProperties": {
            "CONNECTION_URL": f"mongodb://glue:{SECRET}@clicks.nimbuscart.example/raw"},
    },
}

CLASSIFIERS = {
    SALES: {"CsvClassifier": {
        "Name": "semicolons", "Delimiter": ";", "QuoteSymbol": '"', "ContainsHeader": "PRESENT"}},
    SUPPLY_CHAIN: {"GrokClassifier": {
        "Name": "scanner-log", "Classification": "scanner",
        "GrokPattern": "%{TIMESTAMP_ISO8601:at} %{WORD:gate} %{NUMBER:pallet}"}},
}

_POLICIES = {
    "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
}

CRAWLERS = {
    SALES: {
        "Name": "sales-landing", "Role": role(SALES, "sales-pipeline"),
        "DatabaseName": "sales_raw", "Description": "New files in the landing area",
        "Classifiers": ["semicolons"], "TablePrefix": "landed_",
        "Schedule": "cron(15 3 * * ? *)", **_POLICIES,
        "Targets": {"S3Targets": [
            {"Path": "s3://nimbus-sales-products/raw/landing/", "Exclusions": ["**/_tmp/**"]}]}},
    SUPPLY_CHAIN: {
        "Name": "scanners", "Role": role(SUPPLY_CHAIN, "supply-chain-pipeline"),
        "DatabaseName": "supply_chain_raw", "Classifiers": ["scanner-log"], **_POLICIES,
        "Targets": {"S3Targets": [{"Path": "s3://nimbus-supply-chain-products/raw/scanners"}]}},
}


# --- schema registries -------------------------------------------------------------------

@dataclass(frozen=True)
class Schema:
    """A schema with the history of its definitions, and the metadata of the last."""

    account: str
    registry: str
    name: str
    form: str
    mode: str
    description: str
    definitions: tuple[str, ...]
    metadata: dict[str, list[str]] = field(default_factory=dict)


def _avro(name: str, *fields: tuple) -> str:
    listed = [{"name": given[0], "type": given[1], **({"default": given[2]} if given[2:] else {})}
              for given in fields]
    return json.dumps({"type": "record", "name": name, "fields": listed})


def _json(*names: str) -> str:
    return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
                       "properties": {name: {"type": "string"} for name in names}})


REGISTRIES = {SALES: ("nimbus-events", "What the shop tells the rest of the company")}

# The second definition of an order drops a field and adds two without defaults: a mode that was
# set later would refuse it. Ten more follow, so that numbers sort unlike texts.
_ORDER = (
    _avro("Order", ("id", "string"), ("total", "double")),
    _avro("Order", ("id", "string"), ("amount", "double"), ("currency", "string")),
    *(_avro("Order", ("id", "string"), ("amount", "double"), ("currency", "string"),
            *((f"note_{n}", "string", "") for n in range(count))) for count in range(1, 11)),
)

SCHEMAS = (
    Schema(SALES, "nimbus-events", "order-placed", "AVRO", "FULL_ALL", "An order was placed",
           _ORDER, {"owner": ["sales-data", "billing"], "ticket": ["EV-204"]}),
    Schema(SALES, "nimbus-events", "basket-left", "JSON", "DISABLED", "",
           (_json("basket"), _json("basket", "reason"))),
    Schema(SUPPLY_CHAIN, "default-registry", "pallet-scanned", "JSON", "BACKWARD", "",
           (_json("pallet", "gate"),)),
)


# --- Athena ------------------------------------------------------------------------------

_PLAIN = {"EngineVersion": {"SelectedEngineVersion": "AUTO"}}

# Work groups by account and name: description, state, configuration.
WORK_GROUPS = {
    **{(account.id, "primary"): ("", "ENABLED", _PLAIN) for account in ACCOUNTS},
    (DATA_SCIENCE, "primary"): ("For notebooks", "ENABLED", {
        **_PLAIN, "BytesScannedCutoffPerQuery": 10**12,
        "ResultConfiguration": {"OutputLocation": "s3://nimbus-marketing-products/athena/"}}),
    (DATA_SCIENCE, "retired"): ("Until the audit of 2027", "DISABLED", _PLAIN),
    (ANALYTICS, "dashboards"): ("What the dashboards ask", "ENABLED", {
        "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
        "EnforceWorkGroupConfiguration": True, "PublishCloudWatchMetricsEnabled": True,
        "ResultConfiguration": {
            "OutputLocation": "s3://nimbus-sales-products/athena/dashboards/",
            "ExpectedBucketOwner": SALES,
            "EncryptionConfiguration": {
                "EncryptionOption": "SSE_KMS",
                "KmsKey": f"arn:aws:kms:{PRIMARY}:{ANALYTICS}:alias/athena-results"}}}),
}

DATA_CATALOGS = {
    ANALYTICS: {"Name": "governance", "Type": "GLUE", "Description": "The hub's catalog",
                "Parameters": {"catalog-id": GOVERNANCE}},
    DATA_SCIENCE: {"Name": "clickstream", "Type": "LAMBDA", "Parameters": {
        "function": f"arn:aws:lambda:{PRIMARY}:{DATA_SCIENCE}:function:clickstream-connector"}},
}


@dataclass(frozen=True)
class Query:
    """A named query. Two of one name are two queries."""

    account: str
    group: str
    name: str
    database: str
    text: str
    description: str = ""


QUERIES = (
    Query(ANALYTICS, "dashboards", "Top sellers", "sales",
          "SELECT category, sum(amount) FROM daily_sales_by_category GROUP BY 1 ORDER BY 2 DESC",
          "The wall in the lobby"),
    Query(ANALYTICS, "dashboards", "Top sellers", "marketing",
          "SELECT campaign, count(*) FROM web_sessions GROUP BY 1 ORDER BY 2 DESC"),
    Query(ANALYTICS, "primary", "Export for the auditors", "sales",
          "UNLOAD (SELECT * FROM orders) TO 's3://nimbus-sales-products/athena/audit/'"
          " WITH (format = 'PARQUET') -- last year's went to s3://nimbus-auditors-inbox/"),
    *(Query(DATA_SCIENCE, "primary", f"Feature {number:02}", "feature_store",
            f"SELECT {number} AS feature FROM customer_value") for number in range(60)),
)

STATEMENTS = {
    (ANALYTICS, "dashboards", "orders_by_day"): (
        "SELECT count(*) FROM orders WHERE order_date = ?", "One tile"),
    (DATA_SCIENCE, "primary", "customer_by_id"): (
        "SELECT * FROM customer_value WHERE customer_id = ?", ""),
}
