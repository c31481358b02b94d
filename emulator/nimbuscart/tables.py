"""The tables of NimbusCart: columns, partitions, indexes and tags.

Columns are written as in a data contract, one a line: name, type, comment.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from .mesh import (
    ANALYTICS,
    DATA_SCIENCE,
    FINANCE,
    GOVERNANCE,
    MARKETING,
    SALES,
    SUPPLY_CHAIN,
)

LAST_DAY = date(2026, 10, 31)
REGIONS = ("WEST", "EAST", "NORTH", "SOUTH")


@dataclass(frozen=True)
class Table:
    """One table.

    `days` counts its daily partitions up to `LAST_DAY`; `split` multiplies them by the
    values of a second key. Days in `rewritten` lie in a folder of their own, as a backfill
    leaves them. `indexes` names partition indexes with their keys.
    """

    account: str
    database: str
    name: str
    description: str
    columns: str
    bucket: str = ""
    keys: tuple[str, ...] = ()
    days: int = 0
    split: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    indexes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    column_tags: dict[str, dict[str, str]] = field(default_factory=dict)
    form: str = "parquet"  # or json, view, iceberg, projected
    query: str = ""

    @property
    def layer(self) -> str:
        return "raw" if self.database.endswith("_raw") else "curated"

    @property
    def location(self) -> str:
        return f"s3://{self.bucket}/{self.layer}/{self.name}" if self.bucket else ""

    def column_list(self) -> list[tuple[str, str, str]]:
        """(name, type, comment) of each column that is not a partition key."""
        rows = (line.split(None, 2) for line in self.columns.strip().splitlines())
        return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]

    def partition_values(self) -> list[list[str]]:
        """The values of every partition, oldest day first."""
        days = [str(LAST_DAY - timedelta(days=n)) for n in reversed(range(self.days))]
        if not self.split:
            return [[day] for day in days]
        return [[day, value] for day in days for value in self.split]

    def partition_location(self, values: list[str]) -> str:
        """Where a partition lies: below the table, in folders named as Hive names them."""
        base = f"{self.location}_backfill" if values[0] in self.rewritten else self.location
        return "/".join([base, *(f"{key}={value}" for key, value in zip(self.keys, values))])


PII = {"sensitivity": "pii"}

_SALES = dict(account=GOVERNANCE, database="sales_curated", bucket="nimbus-sales-products")
_MARKETING = dict(account=GOVERNANCE, database="marketing_curated",
                  bucket="nimbus-marketing-products")
_SUPPLY = dict(account=GOVERNANCE, database="supply_chain_curated",
               bucket="nimbus-supply-chain-products")
_FINANCE = dict(account=GOVERNANCE, database="finance_curated",
                bucket="nimbus-finance-products")

SALES_TABLES = (
    Table(**_SALES, name="orders", description="One row an order, as placed", columns="""
        order_id          string         Order number as the customer sees it
        customer_id       string         Surrogate key; never the e-mail address
        customer_email    string         Personal data: hidden unless granted by name
        channel           string         web, app or store
        currency          string         ISO 4217
        total_amount      decimal(12,2)  Gross, in currency (₹ for domestic orders)
        placed_at         timestamp      UTC
        """, keys=("order_date",), days=365, rewritten=("2026-01-01", "2026-01-02"),
          indexes={"by_order_date": ("order_date",)},
          tags={"sensitivity": "internal"}, column_tags={"customer_email": PII}),
    Table(**_SALES, name="order_lines", description="One row a line of an order", columns="""
        order_id          string
        line_number       int
        sku               string         Stock keeping unit
        category          string
        quantity          int
        unit_price        decimal(12,2)
        discount          decimal(5,4)   Share of the price, 0 to 1
        attributes        map<string,string>
        """, keys=("order_date",), days=365, tags={"sensitivity": "internal"}),
    Table(**_SALES, name="daily_sales_by_category",
          description="Revenue and units a day and category; derived from order_lines",
          columns="""
        category          string
        units             bigint
        revenue           decimal(18,2)  Net of discounts and returns
        """, keys=("sales_date",), days=180,
          tags={"layer": "product", "sensitivity": "public"}),
    Table(**_SALES, name="order_margins", description="Cost and margin an order", columns="""
        order_id          string
        cost_of_goods     decimal(12,2)
        shipping_cost     decimal(12,2)
        margin            decimal(12,2)
        """, tags={"sensitivity": "confidential"}),
    Table(**_SALES, name="customer_lifetime_value",
          description="Predicted value of each customer", columns="""
        customer_id       string
        customer_email    string
        date_of_birth     date
        segment           string
        predicted_value   decimal(12,2)  Next 24 months
        """, tags={"sensitivity": "confidential"},
          column_tags={"customer_email": PII, "date_of_birth": PII}),
    Table(**{**_SALES, "bucket": ""}, name="orders_with_lines",
          description="Orders joined with their lines", columns="""
        order_id          varchar
        order_date        varchar
        sku               varchar
        quantity          integer
        unit_price        decimal(12,2)
        """, form="view",
          query="SELECT o.order_id, o.order_date, l.sku, l.quantity, l.unit_price"
                " FROM sales_curated.orders o"
                " JOIN sales_curated.order_lines l ON l.order_id = o.order_id"),
)

MARKETING_TABLES = (
    Table(**_MARKETING, name="campaigns", description="Every campaign with its budget",
          columns="""
        campaign_id       string
        name              string
        starts_on         date
        ends_on           date
        budget            decimal(12,2)
        """, tags={"sensitivity": "public"}),
    Table(**_MARKETING, name="campaign_events", description="Opens, clicks and conversions",
          columns="""
        event_id          string
        campaign_id       string
        event             string         open, click or conversion
        recipient_email   string
        occurred_at       timestamp
        """, keys=("event_date",), days=60, column_tags={"recipient_email": PII}),
    Table(**_MARKETING, name="web_sessions",
          description="Sessions of the shop; partitions are projected, not stored", columns="""
        session_id        string
        visitor_id        string
        ip_address        string
        landing_page      string
        duration_seconds  int
        """, keys=("session_date",), form="projected", column_tags={"ip_address": PII}),
)

SUPPLY_TABLES = (
    Table(**_SUPPLY, name="shipments", description="Parcels handed to carriers", columns="""
        shipment_id       string
        order_id          string
        carrier           string
        weight_grams      int
        delivered_at      timestamp      Null while under way
        """, keys=("shipped_date",), days=120),
    Table(**_SUPPLY, name="inventory_positions",
          description="Stock by warehouse and SKU (Iceberg)", columns="""
        warehouse         string
        sku               string
        on_hand           bigint
        as_of             timestamp
        """, form="iceberg"),
    Table(**_SUPPLY, name="suppliers", description="Suppliers and their terms", columns="""
        supplier_id       string
        name              string
        country           string
        payment_days      int
        """, tags={"sensitivity": "confidential"}),
)

FINANCE_TABLES = (
    Table(**_FINANCE, name="gl_transactions", description="General ledger, line by line",
          columns="""
        gl_entry_id       string
        account_code      string         Chart of accounts
        cost_centre       string
        employee_id       string         Only on payroll lines
        employee_salary   decimal(12,2)  Monthly gross: hidden unless granted by name
        amount            decimal(18,2)  Debit positive, credit negative
        memo              string
        """, keys=("posting_date", "region_code"), days=60, split=REGIONS,
          indexes={"by_region": ("region_code",),
                   "by_date_and_region": ("posting_date", "region_code")},
          tags={"domain": "finance", "layer": "curated", "sensitivity": "confidential"},
          column_tags={"employee_salary": PII}),
    Table(**_FINANCE, name="invoices", description="Invoices of suppliers", columns="""
        invoice_id        string
        supplier_id       string
        supplier_iban     string
        amount            decimal(18,2)
        due_on            date
        """, keys=("invoice_date",), days=60, column_tags={"supplier_iban": PII}),
    Table(**_FINANCE, name="fx_rates", description="Daily reference rates", columns="""
        rate_date         date
        currency          string
        rate              double         Units of currency for one rupee
        """, tags={"sensitivity": "public"}),
)


def _raw(account: str, domain: str, name: str, description: str, columns: str) -> Table:
    return Table(account, f"{domain.replace('-', '_')}_raw", name, description, columns,
                 bucket=f"nimbus-{domain}-products", keys=("ingest_date",), days=30,
                 form="json")


RAW_TABLES = (
    _raw(SALES, "sales", "order_events", "Order events as the shop emits them", """
        event_id          string
        payload           string         Undecoded JSON
        """),
    _raw(MARKETING, "marketing", "clickstream", "Clicks, a file a minute", """
        click_id          string
        visitor_id        string
        url               string
        clicked_at        timestamp
        """),
    _raw(SUPPLY_CHAIN, "supply-chain", "carrier_feeds", "Carriers' status messages", """
        carrier           string
        message           struct<code:string,text:string,at:timestamp>
        """),
    _raw(FINANCE, "finance", "bank_statements", "Statements as the banks send them", """
        statement_id      string
        bank              string
        body              string
        """),
)

WORKSPACE_TABLES = (
    Table(ANALYTICS, "bi_workspace", "revenue_by_month", "What the board slides read", """
        month             varchar
        revenue           decimal(38,2)
        """, form="view",
          query="SELECT substr(sales_date, 1, 7) AS month, sum(revenue) AS revenue"
                " FROM sales.daily_sales_by_category GROUP BY 1"),
    Table(DATA_SCIENCE, "feature_store", "training_calendar", "Days and their seasons", """
        day               varchar
        season            varchar
        """, form="view",
          query="SELECT DISTINCT order_date AS day, 'regular' AS season FROM sales.orders"),
)

TABLES = (*SALES_TABLES, *MARKETING_TABLES, *SUPPLY_TABLES, *FINANCE_TABLES, *RAW_TABLES,
          *WORKSPACE_TABLES)
