"""The state that is kept here: catalogs of Glue and data lakes of Lake Formation.

Each lives as an attribute of moto's backend of that service, account and region, so that moto's reset
clears it together with everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.athena.models import athena_backends
from moto.glue.models import glue_backends
from moto.lakeformation.models import lakeformation_backends

from emulator.front.clock import stamp

Json = dict[str, Any]
IAM_ALLOWED = "IAM_ALLOWED_PRINCIPALS"


@dataclass
class Partition:
    """One partition: what was given, and when it was made. It has no version and no update time."""

    given: Json
    created: float = field(default_factory=stamp)
    #: The rendered JSON, with and without the columns' schema; pages are cut from these.
    rendered: dict[bool, bytes] = field(default_factory=dict)

    @property
    def partition_input(self) -> Json:
        """The name under which moto's expression filter looks for it."""
        return self.given


@dataclass
class Version:
    given: Json
    updated: float


@dataclass
class Table:
    """One table with its versions, partitions and partition indexes."""

    database: str
    name: str
    given: Json
    created_by: str
    created: float = field(default_factory=stamp)
    updated: float = field(default_factory=stamp)
    version: int = 0
    archive: dict[str, Version] = field(default_factory=dict)
    partitions: dict[tuple[str, ...], Partition] = field(default_factory=dict)
    indexes: dict[str, Json] = field(default_factory=dict)
    optimizers: dict[str, Json] = field(default_factory=dict)
    statistics: dict[str, Json] = field(default_factory=dict)
    partition_statistics: dict[tuple[str, ...], dict[str, Json]] = field(default_factory=dict)

    @property
    def is_link(self) -> bool:
        return "TargetTable" in self.given

    @property
    def versions(self) -> dict[str, Json]:
        """The name under which moto's expression filter looks for the partition keys."""
        return {str(self.version): self.given}

    def columns(self) -> list[str]:
        descriptor = self.given.get("StorageDescriptor") or {}
        return [column["Name"] for column in (descriptor.get("Columns") or []) + (self.given.get("PartitionKeys") or [])]

    @property
    def location(self) -> str:
        return str((self.given.get("StorageDescriptor") or {}).get("Location") or "")


@dataclass
class Database:
    name: str
    given: Json
    created_by: str
    created: float = field(default_factory=stamp)
    tables: dict[str, Table] = field(default_factory=dict)
    functions: dict[str, Json] = field(default_factory=dict)

    @property
    def is_link(self) -> bool:
        return "TargetDatabase" in self.given


@dataclass
class NestedCatalog:
    """One catalog below an account's own."""

    name: str
    given: Json
    created: float = field(default_factory=stamp)
    updated: float = field(default_factory=stamp)
    databases: dict[str, Database] = field(default_factory=dict)


@dataclass
class Catalog:
    """The Data Catalog of one account in one region."""

    account: str
    region: str
    databases: dict[str, Database] = field(default_factory=dict)
    connections: dict[str, Json] = field(default_factory=dict)
    crawlers: dict[str, Json] = field(default_factory=dict)
    classifiers: dict[str, Json] = field(default_factory=dict)
    policy: Json | None = None
    #: By their paths, without the account: `s3tablescatalog/events`.
    nested: dict[str, NestedCatalog] = field(default_factory=dict)


@dataclass
class Lake:
    """Lake Formation in one account and region."""

    account: str
    region: str
    settings: Json = field(default_factory=dict)
    locations: dict[str, Json] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    #: Assigned tags by path: (database,), (database, table) or (database, table, column).
    assigned: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    expressions: dict[str, Json] = field(default_factory=dict)
    filters: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    #: Rows of the permissions table by their key (see `grants.Row.key`).
    rows: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    opt_ins: list[Json] = field(default_factory=list)
    identity_center: Json | None = None


@dataclass
class Athena:
    """What people keep in Athena, in one account and region. Running queries is moto's."""

    account: str
    region: str
    groups: dict[str, Json] = field(default_factory=dict)
    catalogs: dict[str, Json] = field(default_factory=dict)
    #: By id.
    queries: dict[str, Json] = field(default_factory=dict)
    #: The request and the id of each named query, by the token it was made with.
    tokens: dict[str, tuple[Json, str]] = field(default_factory=dict)
    #: By work group and name.
    statements: dict[tuple[str, str], Json] = field(default_factory=dict)
    #: Why queries failed, by their ids.
    failed: dict[str, str] = field(default_factory=dict)


def catalog(account: str, region: str) -> Catalog:
    backend = glue_backends[account][region]
    if "standin" not in backend.__dict__:
        backend.standin = Catalog(account, region)
    return backend.standin  # type: ignore[no-any-return]


def athena(account: str, region: str) -> Athena:
    backend = athena_backends[account][region]
    if "standin" not in backend.__dict__:
        backend.standin = Athena(account, region)
    return backend.standin  # type: ignore[no-any-return]


#: Told of every data lake that is looked at for the first time.
ON_FIRST_LOOK: list[Callable[[Lake], None]] = []


def lake(account: str, region: str) -> Lake:
    """The data lake, with what AWS ships: everything open to IAM_ALLOWED_PRINCIPALS."""
    backend = lakeformation_backends[account][region]
    if "standin" not in backend.__dict__:
        backend.standin = Lake(account, region)
        for ship in ON_FIRST_LOOK:
            ship(backend.standin)
    return backend.standin  # type: ignore[no-any-return]


def lakes(region: str) -> list[Lake]:
    """Every data lake of a region that has been looked at so far."""
    known = [lakeformation_backends[account] for account in list(lakeformation_backends)]
    return [b[region].standin for b in known if region in b.keys() and "standin" in b[region].__dict__]
