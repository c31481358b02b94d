"""Who may do what in NimbusCart: every explicit Lake Formation grant.

Resources are written in Lake Formation's own shapes. A grant names the account in which it
is made, which need not be the one that owns the resource: producers hand on to their own
roles what governance shared with them.
"""

from dataclasses import dataclass

from .mesh import (
    ANALYTICS,
    DATA_SCIENCE,
    DOMAINS,
    EXPRESSIONS,
    FINANCE,
    GOVERNANCE,
    LF_TAGS,
    LINKS,
    LOCATIONS,
    MARKETING,
    Location,
    role,
)


@dataclass(frozen=True)
class Grant:
    """One grant, as it is given to GrantPermissions."""

    account: str
    principal: str
    resource: dict
    permissions: tuple[str, ...]
    grantable: tuple[str, ...] = ()


def catalog(account: str) -> dict:
    return {"Catalog": {"Id": account}}


def database(account: str, name: str) -> dict:
    return {"Database": {"CatalogId": account, "Name": name}}


def table(account: str, database_name: str, name: str) -> dict:
    return {"Table": {"CatalogId": account, "DatabaseName": database_name, "Name": name}}


def all_tables(account: str, database_name: str) -> dict:
    return {"Table": {"CatalogId": account, "DatabaseName": database_name,
                      "TableWildcard": {}}}


def columns(account: str, database_name: str, name: str, *names: str) -> dict:
    return {"TableWithColumns": {"CatalogId": account, "DatabaseName": database_name,
                                 "Name": name, "ColumnNames": list(names)}}


def columns_except(account: str, database_name: str, name: str, *hidden: str) -> dict:
    return {"TableWithColumns": {
        "CatalogId": account, "DatabaseName": database_name, "Name": name,
        "ColumnWildcard": {"ExcludedColumnNames": list(hidden)}}}


def cells(account: str, database_name: str, table_name: str, name: str) -> dict:
    return {"DataCellsFilter": {"TableCatalogId": account, "DatabaseName": database_name,
                                "TableName": table_name, "Name": name}}


def tag(account: str, key: str, values: tuple[str, ...]) -> dict:
    return {"LFTag": {"CatalogId": account, "TagKey": key, "TagValues": list(values)}}


def tables_tagged(account: str, **terms: tuple[str, ...]) -> dict:
    return {"LFTagPolicy": {"CatalogId": account, "ResourceType": "TABLE", "Expression": [
        {"TagKey": key, "TagValues": list(values)} for key, values in terms.items()]}}


def tables_of_expression(account: str, name: str) -> dict:
    return {"LFTagPolicy": {"CatalogId": account, "ResourceType": "TABLE",
                            "ExpressionName": name}}


def location(account: str, arn: str) -> dict:
    return {"DataLocation": {"CatalogId": account, "ResourceArn": arn}}


ANALYTICS_TEAM = role(ANALYTICS, "analytics-team")
DATA_SCIENCE_TEAM = role(DATA_SCIENCE, "data-science-team")
STEWARD = role(GOVERNANCE, "data-steward")
READ = ("SELECT", "DESCRIBE")
LEDGER = ("finance_curated", "gl_transactions")

# The two broad grants on which the whole mesh rests.
BROAD = tuple(
    Grant(GOVERNANCE, team, tables_tagged(GOVERNANCE, sensitivity=("public", "internal")), READ)
    for team in (ANALYTICS_TEAM, DATA_SCIENCE_TEAM))

# Confidential tables of Sales that data science asked for by name.
REQUESTED = (
    Grant(GOVERNANCE, DATA_SCIENCE_TEAM,
          table(GOVERNANCE, "sales_curated", "order_margins"), READ),
    Grant(GOVERNANCE, DATA_SCIENCE_TEAM,
          columns_except(GOVERNANCE, "sales_curated", "customer_lifetime_value",
                         "customer_email", "date_of_birth"), ("SELECT",)),
)

# Rows by region, and no salaries, straight from governance to roles of finance.
CELLS = (
    Grant(GOVERNANCE, role(FINANCE, "regional-controller-west"),
          cells(GOVERNANCE, *LEDGER, "west_rows_no_salary"), ("SELECT",)),
    Grant(GOVERNANCE, role(FINANCE, "regional-controller-east"),
          cells(GOVERNANCE, *LEDGER, "east_rows_no_salary"), ("SELECT",)),
    Grant(GOVERNANCE, role(FINANCE, "finance-analyst"),
          cells(GOVERNANCE, "finance_curated", "invoices", "all_rows_no_bank_account"),
          ("SELECT",)),
)

STEWARDSHIP = (
    Grant(GOVERNANCE, STEWARD, catalog(GOVERNANCE), ("CREATE_DATABASE",)),
    *(Grant(GOVERNANCE, STEWARD, tag(GOVERNANCE, key, values), ("ASSOCIATE", "DESCRIBE"),
            ("DESCRIBE",))
      for key, values in LF_TAGS.items()),
    *(Grant(GOVERNANCE, STEWARD, database(GOVERNANCE, domain.curated), ("DESCRIBE", "ALTER"))
      for domain in DOMAINS),
    *(Grant(GOVERNANCE, STEWARD, tables_of_expression(GOVERNANCE, name), ("DESCRIBE",))
      for name in EXPRESSIONS),
)


def _shared_back(domain) -> tuple[Grant, ...]:
    """What governance gives the producer of a curated database, and its pipeline's location."""
    return (
        Grant(GOVERNANCE, domain.account, database(GOVERNANCE, domain.curated),
              ("DESCRIBE", "CREATE_TABLE", "ALTER"), ("DESCRIBE", "CREATE_TABLE")),
        Grant(GOVERNANCE, domain.account, all_tables(GOVERNANCE, domain.curated),
              ("SELECT", "INSERT", "DELETE", "DESCRIBE", "ALTER"),
              ("SELECT", "INSERT", "DESCRIBE")),
        Grant(GOVERNANCE, domain.pipeline,
              location(GOVERNANCE, Location(GOVERNANCE, domain.bucket, "curated").arn),
              ("DATA_LOCATION_ACCESS",)),
    )


def _producer(domain) -> tuple[Grant, ...]:
    """What a producer gives its own pipeline: all of the raw database, part of the shared one."""
    raw = Location(domain.account, domain.bucket, "raw")
    shared = [Grant(domain.account, domain.pipeline, database(GOVERNANCE, domain.curated),
                    ("DESCRIBE", "CREATE_TABLE"))]
    if domain.account != FINANCE:
        shared.append(Grant(domain.account, domain.pipeline,
                            all_tables(GOVERNANCE, domain.curated),
                            ("SELECT", "INSERT", "DESCRIBE")))
    return (
        *shared,
        Grant(domain.account, domain.pipeline, location(domain.account, raw.arn),
              ("DATA_LOCATION_ACCESS",)),
        Grant(domain.account, domain.pipeline, database(domain.account, domain.raw),
              ("CREATE_TABLE", "ALTER", "DESCRIBE")),
        Grant(domain.account, domain.pipeline, all_tables(domain.account, domain.raw),
              ("ALL",), ("ALL",)),
    )


# Finance's own people: the pipeline writes the ledger without reading it, the analyst reads
# all but salaries, payroll reads salaries and nothing that is not needed beside them.
FINANCE_PEOPLE = (
    Grant(FINANCE, role(FINANCE, "finance-pipeline"), table(GOVERNANCE, *LEDGER),
          ("INSERT", "DESCRIBE")),
    Grant(FINANCE, role(FINANCE, "finance-analyst"),
          columns_except(GOVERNANCE, *LEDGER, "employee_salary"), ("SELECT",)),
    Grant(FINANCE, role(FINANCE, "payroll-lead"),
          columns(GOVERNANCE, *LEDGER, "gl_entry_id", "employee_id", "employee_salary"),
          ("SELECT",)),
)

# One raw database that its producer shares directly, without the hub.
DIRECT = (
    Grant(MARKETING, DATA_SCIENCE, database(MARKETING, "marketing_raw"),
          ("DESCRIBE",), ("DESCRIBE",)),
    Grant(MARKETING, DATA_SCIENCE, table(MARKETING, "marketing_raw", "clickstream"),
          READ, READ),
    Grant(DATA_SCIENCE, DATA_SCIENCE_TEAM, table(MARKETING, "marketing_raw", "clickstream"),
          READ),
)


def _on_links() -> tuple[Grant, ...]:
    """DESCRIBE on each resource link; what it points to is granted apart."""
    grants = []
    for link in LINKS:
        resource = (table(link.account, link.inside, link.name) if link.table
                    else database(link.account, link.name))
        grants += [Grant(link.account, role(link.account, reader), resource, ("DESCRIBE",))
                   for reader in link.readers]
    return tuple(grants)


OWNERS = (*BROAD, *REQUESTED, *CELLS, *STEWARDSHIP,
          *(grant for domain in DOMAINS for grant in _shared_back(domain)),
          *DIRECT[:2])
OTHERS = (*(grant for domain in DOMAINS for grant in _producer(domain)),
          *FINANCE_PEOPLE, DIRECT[2], *_on_links())
GRANTS = (*OWNERS, *OTHERS)

# In the one location on its way out of IAM-only access, the pipeline is bound by its grants.
OPT_INS = tuple(
    (each.account, domain.pipeline, database(each.account, domain.raw))
    for each in LOCATIONS if each.hybrid
    for domain in DOMAINS if domain.account == each.account)
