"""The accounts of NimbusCart and what each holds besides tables and grants.

Everything here is plain data. Tables stand in `tables`, grants in `grants`; the seed and
the check both derive from the three.
"""

from dataclasses import dataclass

NAME = "nimbuscart"
PRIMARY = "us-east-1"
SECONDARY = "eu-west-1"

MANAGEMENT = "900000000000"
GOVERNANCE = "111111111111"
SALES = "222222222222"
MARKETING = "333333333333"
SUPPLY_CHAIN = "444444444444"
FINANCE = "555555555555"
ANALYTICS = "666666666666"
DATA_SCIENCE = "777777777777"

READER = "meshdr-reader"
RESTORER = "meshdr-restorer"
PLATFORM = "mesh-platform"
REGISTRAR = "lakeformation-register"
REPLICATOR = "s3-replication"
COMMON_ROLES = (READER, RESTORER, PLATFORM, REGISTRAR)

# Lake Formation's administrators in every account of both regions: the platform role seeds,
# the other two capture and restore.
ADMINS = (PLATFORM, READER, RESTORER)


@dataclass(frozen=True)
class Account:
    """A member of the Organization, its unit, and the roles of its people and pipelines."""

    id: str
    name: str
    unit: str
    roles: tuple[str, ...]


ACCOUNTS = (
    Account(GOVERNANCE, "governance", "Governance",
            ("data-steward", "governance-lead", "access-auditor")),
    Account(SALES, "sales", "Domains", ("sales-pipeline", REPLICATOR)),
    Account(MARKETING, "marketing", "Domains", ("marketing-pipeline", REPLICATOR)),
    Account(SUPPLY_CHAIN, "supply-chain", "Domains",
            ("supply-chain-pipeline", REPLICATOR)),
    Account(FINANCE, "finance", "Domains",
            ("finance-pipeline", "finance-analyst", "payroll-lead",
             "regional-controller-west", "regional-controller-east", REPLICATOR)),
    Account(ANALYTICS, "analytics", "Consumers", ("analytics-team",)),
    Account(DATA_SCIENCE, "data-science", "Consumers", ("data-science-team",)),
)


@dataclass(frozen=True)
class Domain:
    """A producer: its account, and the prefix that its databases and links share."""

    name: str
    account: str
    prefix: str

    @property
    def bucket(self) -> str:
        return f"nimbus-{self.name}-products"

    @property
    def curated(self) -> str:
        return f"{self.prefix}_curated"

    @property
    def raw(self) -> str:
        return f"{self.prefix}_raw"

    @property
    def pipeline(self) -> str:
        return role(self.account, f"{self.name}-pipeline")


def role(account: str, name: str) -> str:
    """The ARN of a role, which is also its name as a Lake Formation principal."""
    return f"arn:aws:iam::{account}:role/{name}"


DOMAINS = (
    Domain("sales", SALES, "sales"),
    Domain("marketing", MARKETING, "marketing"),
    Domain("supply-chain", SUPPLY_CHAIN, "supply_chain"),
    Domain("finance", FINANCE, "finance"),
)


def replica_of(bucket: str) -> str:
    """The bucket in the secondary to which a product bucket's replication rule sends."""
    return f"{bucket}-eu"


# --- Lake Formation: administrators, tags, locations -----------------------------------

EXTRA_ADMINS = {GOVERNANCE: ("governance-lead",)}
READ_ONLY_ADMINS = {GOVERNANCE: ("access-auditor",)}
CROSS_ACCOUNT_VERSION = "4"

LF_TAGS = {
    "domain": ("sales", "marketing", "supply-chain", "finance"),
    "layer": ("raw", "curated", "product"),
    "sensitivity": ("public", "internal", "confidential", "pii"),
}
# Expressions of governance that policies name instead of writing them out.
EXPRESSIONS = {
    "open_products": ("What anybody in the company may find",
                      {"layer": ("curated", "product"), "sensitivity": ("public", "internal")}),
}
IDENTITY_CENTER = "arn:aws:sso:::instance/ssoins-7223c1b2f9f1d0aa"


@dataclass(frozen=True)
class Location:
    """A registered S3 prefix and the account whose role vends its credentials."""

    account: str
    bucket: str
    prefix: str
    hybrid: bool = False

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}/{self.prefix}"

    @property
    def role_arn(self) -> str:
        return role(self.account, REGISTRAR)


# Curated prefixes are registered in governance, whose catalog holds the tables over them;
# raw prefixes by the producers themselves. One producer is still on its way out of IAM-only
# access, hence hybrid.
LOCATIONS = tuple(
    location
    for domain in DOMAINS
    for location in (
        Location(GOVERNANCE, domain.bucket, "curated"),
        Location(domain.account, domain.bucket, "raw", hybrid=domain.account == SUPPLY_CHAIN),
    )
)


# --- Glue: databases and resource links ------------------------------------------------

@dataclass(frozen=True)
class Database:
    """A database of an account's own."""

    account: str
    name: str
    description: str
    location: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, str], ...] = ()


def _curated(domain: Domain, sensitivity: str, owner: str) -> Database:
    return Database(
        GOVERNANCE, domain.curated, f"Data products of {domain.name}",
        f"s3://{domain.bucket}/curated/",
        (("contact", owner), ("sla", "daily by 06:00 UTC")),
        (("domain", domain.name), ("layer", "curated"), ("sensitivity", sensitivity)),
    )


def _raw(domain: Domain) -> Database:
    return Database(
        domain.account, domain.raw, f"Landing area of {domain.name}; no promises",
        f"s3://{domain.bucket}/raw/", (("retention", "90 days"),),
    )


_SALES, _MARKETING, _SUPPLY_CHAIN, _FINANCE = DOMAINS

DATABASES = (
    _curated(_SALES, "internal", "sales-data@nimbuscart.example"),
    _curated(_MARKETING, "internal", "growth@nimbuscart.example"),
    _curated(_SUPPLY_CHAIN, "internal", "logistics@nimbuscart.example"),
    _curated(_FINANCE, "confidential", "ledger@nimbuscart.example"),
    *(_raw(domain) for domain in DOMAINS),
    Database(ANALYTICS, "bi_workspace", "Links and scratch space of the BI team"),
    Database(DATA_SCIENCE, "feature_store", "Links that the feature jobs read"),
)


@dataclass(frozen=True)
class Link:
    """A resource link: to a database, or to a table when `table` is named."""

    account: str
    name: str
    owner: str
    database: str
    table: str = ""
    inside: str = ""  # the local database that holds a link to a table
    readers: tuple[str, ...] = ()  # roles of the account that may describe the link


def _consumer_links(account: str, reader: str) -> tuple[Link, ...]:
    return tuple(
        Link(account, domain.prefix, GOVERNANCE, domain.curated, readers=(reader,))
        for domain in (_SALES, _MARKETING, _SUPPLY_CHAIN)
    )


LINKS = (
    # What governance shares back, as its producers see it.
    *(Link(domain.account, domain.curated, GOVERNANCE, domain.curated,
           readers=(f"{domain.name}-pipeline",))
      for domain in DOMAINS if domain is not _FINANCE),
    Link(FINANCE, "finance_curated", GOVERNANCE, "finance_curated",
         readers=("finance-pipeline", "finance-analyst", "payroll-lead",
                  "regional-controller-west", "regional-controller-east")),
    *_consumer_links(ANALYTICS, "analytics-team"),
    *_consumer_links(DATA_SCIENCE, "data-science-team"),
    Link(DATA_SCIENCE, "marketing_raw", MARKETING, "marketing_raw",
         readers=("data-science-team",)),
    Link(ANALYTICS, "daily_sales", GOVERNANCE, "sales_curated", "daily_sales_by_category",
         "bi_workspace", ("analytics-team",)),
    Link(DATA_SCIENCE, "order_margins", GOVERNANCE, "sales_curated", "order_margins",
         "feature_store", ("data-science-team",)),
    Link(DATA_SCIENCE, "customer_value", GOVERNANCE, "sales_curated",
         "customer_lifetime_value", "feature_store", ("data-science-team",)),
)


# --- Lake Formation: who may see which cells --------------------------------------------

@dataclass(frozen=True)
class CellsFilter:
    """A data cells filter: the rows of an expression, all columns but some."""

    account: str
    database: str
    table: str
    name: str
    rows: str  # empty: all rows
    hidden: tuple[str, ...]


FILTERS = (
    CellsFilter(GOVERNANCE, "finance_curated", "gl_transactions", "west_rows_no_salary",
                "region_code='WEST'", ("employee_salary",)),
    CellsFilter(GOVERNANCE, "finance_curated", "gl_transactions", "east_rows_no_salary",
                "region_code='EAST'", ("employee_salary",)),
    CellsFilter(GOVERNANCE, "finance_curated", "invoices", "all_rows_no_bank_account",
                "", ("supplier_iban",)),
)


# --- RAM: what people share by hand ------------------------------------------------------

@dataclass(frozen=True)
class Share:
    """A resource share that somebody made in RAM itself, without Lake Formation."""

    account: str
    name: str
    resources: tuple[str, ...]  # behind `arn:aws:glue:REGION:ACCOUNT:`
    principals: tuple[str, ...]
    tags: dict[str, str]

    def arns(self, region: str) -> list[str]:
        return [f"arn:aws:glue:{region}:{self.account}:{each}" for each in self.resources]


# Older than the mesh: analytics still finds the raw clicks of marketing by it.
SHARES = (
    Share(MARKETING, "clickstream-browsing",
          ("catalog", "database/marketing_raw", "table/marketing_raw/clickstream"),
          (ANALYTICS,), {"owner": "marketing", "ticket": "DATA-1187"}),
)
