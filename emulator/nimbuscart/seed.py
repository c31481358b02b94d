"""Builds NimbusCart through the public AWS API.

Two things come before that API and use the stand-in's own door: the accounts with their
first roles, which in AWS an account factory vends. All else is what a platform team's
pipeline would do, as the role mesh-platform of each account.
"""

import json
import time
import urllib.request
from itertools import islice
from urllib.error import HTTPError

from . import buckets, mesh, seed_catalog, shapes
from .clients import Accounts
from .grants import OPT_INS, OTHERS, OWNERS, Grant
from .service_seed import ServiceSeeding
from .tables import TABLES, Table

# What Lake Formation gives everybody in a fresh account and region.
EVERYBODY_CREATES = {
    "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
    "Resource": {"Catalog": {}}, "Permissions": ["CREATE_DATABASE"],
}


class SeedError(Exception):
    """Something was refused for which AWS answers 200, or the stand-in's door is shut."""


def seed(endpoint: str, say=lambda line: None) -> dict:
    """Builds the mesh in an empty stand-in; returns how many of each kind were made."""
    return Seeding(endpoint, say).run()


class Seeding:
    """One seeding: its clients, and the count of what it has made so far."""

    def __init__(self, endpoint: str, say) -> None:
        self.endpoint = endpoint
        self.primary = Accounts(endpoint, mesh.PRIMARY)
        self.secondary = Accounts(endpoint, mesh.SECONDARY)
        self.say = say
        self.counts: dict[str, int] = {}

    def run(self) -> dict:
        steps = (
            ("accounts", self.accounts), ("settings", self.settings),
            ("buckets", self.buckets), ("keys", self.keys), ("encryption", self.encryption),
            ("policies", self.policies), ("locations", self.locations),
            ("LF-Tags", self.lf_tags), ("expressions", self.expressions), ("databases", self.databases),
            ("functions", self.functions), ("tables", self.tables),
            ("partitions", self.partitions), ("statistics", self.statistics),
            ("optimizers", self.optimizers), ("catalogs", self.nested_catalogs),
            ("filters", self.filters), ("grants", self.owners_grants),
            ("links", self.links), ("grants", self.others_grants),
            ("opt-ins", self.opt_ins), ("identity", self.identity_center),
            ("shares", lambda: seed_catalog.shares(self._platform)),
            *self.services(),
        )
        for name, step in steps:
            start = time.monotonic()
            made = step()
            self.counts[name] = self.counts.get(name, 0) + made
            self.say(f"{made:6,} {name:<12}{time.monotonic() - start:6.1f} s")
        return self.counts

    def services(self) -> tuple:
        """The steps that build what stands beside the catalog."""
        beside = ServiceSeeding(self._platform)
        return (
            ("connections", beside.connections), ("crawlers", beside.crawlers),
            ("schemas", beside.schemas), ("work groups", beside.work_groups),
            ("queries", beside.queries),
        )

    # --- accounts and settings ---------------------------------------------------------

    def accounts(self) -> int:
        accounts = [
            {"id": account.id, "name": account.name, "unit": account.unit,
             "roles": [*mesh.COMMON_ROLES, *account.roles]}
            for account in mesh.ACCOUNTS]
        post_json(f"{self.endpoint}/_standin/accounts", {"accounts": accounts})
        if self._platform(mesh.GOVERNANCE, "glue").get_databases()["DatabaseList"]:
            raise SeedError("the mesh is there already: seed a stand-in that is fresh or reset")
        self.primary.base("ram").enable_sharing_with_aws_organization()
        return len(accounts)

    def settings(self) -> int:
        """Administrators in both regions; IAM_ALLOWED_PRINCIPALS ended in the primary only.

        There it loses the defaults and its leave to create databases. The secondary keeps
        what AWS ships, as an account does in a region that nobody has cared for.
        """
        for account in mesh.ACCOUNTS:
            client = self._platform(account.id, "lakeformation")
            client.put_data_lake_settings(DataLakeSettings=settings_of(account.id))
            client.revoke_permissions(**EVERYBODY_CREATES)
            client = self.secondary.client(account.id, mesh.PLATFORM, "lakeformation")
            shipped = client.get_data_lake_settings()["DataLakeSettings"]
            shipped["DataLakeAdmins"] = principals(account.id, mesh.ADMINS)
            client.put_data_lake_settings(DataLakeSettings=shipped)
        return 2 * len(mesh.ACCOUNTS)

    def buckets(self) -> int:
        for domain in mesh.DOMAINS:
            buckets.make(domain, self._platform(domain.account, "s3"),
                         self.secondary.client(domain.account, mesh.PLATFORM, "s3"))
        return 2 * len(mesh.DOMAINS)

    def locations(self) -> int:
        for location in mesh.LOCATIONS:
            self._platform(location.account, "lakeformation").register_resource(
                ResourceArn=location.arn, RoleArn=location.role_arn,
                UseServiceLinkedRole=False, HybridAccessEnabled=location.hybrid)
        return len(mesh.LOCATIONS)

    # --- catalog -----------------------------------------------------------------------

    def lf_tags(self) -> int:
        client = self._platform(mesh.GOVERNANCE, "lakeformation")
        for key, values in mesh.LF_TAGS.items():
            client.create_lf_tag(TagKey=key, TagValues=list(values))
        return len(mesh.LF_TAGS)

    def expressions(self) -> int:
        client = self._platform(mesh.GOVERNANCE, "lakeformation")
        for name, (description, terms) in mesh.EXPRESSIONS.items():
            client.create_lf_tag_expression(
                Name=name, Description=description, Expression=shapes.terms(terms))
        return len(mesh.EXPRESSIONS)

    def databases(self) -> int:
        for database in mesh.DATABASES:
            self._platform(database.account, "glue").create_database(
                DatabaseInput=shapes.database_input(database), Tags=seed_catalog.tags(database))
            if database.tags:
                self._tag(database.account, {"Database": {"Name": database.name}},
                          database.tags)
        return len(mesh.DATABASES)

    def tables(self) -> int:
        for table in TABLES:
            first, *later = [*seed_catalog.former(table), shapes.table_input(table)]
            request = {"DatabaseName": table.database, "TableInput": first}
            if table.indexes:
                request["PartitionIndexes"] = shapes.index_inputs(table)
            client = self._platform(table.account, "glue")
            client.create_table(**request)
            for shape in later:
                client.update_table(DatabaseName=table.database, TableInput=shape)
            self._tag_table(table)
        return len(TABLES)

    def _tag_table(self, table: Table) -> None:
        names = {"DatabaseName": table.database, "Name": table.name}
        if table.tags:
            self._tag(table.account, {"Table": names}, table.tags)
        for column, tags in table.column_tags.items():
            self._tag(table.account, {"TableWithColumns": {**names, "ColumnNames": [column]}},
                      tags)

    def _tag(self, account: str, resource: dict, tags) -> None:
        answer = self._platform(account, "lakeformation").add_lf_tags_to_resource(
            Resource=resource, LFTags=shapes.lf_tags(tags))
        refuse_failures(answer.get("Failures"), "AddLFTagsToResource")

    def partitions(self) -> int:
        made = 0
        for table in TABLES:
            client = self._platform(table.account, "glue")
            for values in batches(table.partition_values(), 100):
                answer = client.batch_create_partition(
                    DatabaseName=table.database, TableName=table.name,
                    PartitionInputList=[shapes.partition_input(table, v) for v in values])
                refuse_failures(answer.get("Errors"), "BatchCreatePartition")
                made += len(values)
        return made

    def keys(self) -> int:
        """Multi-region keys with the ids that the mesh is written down with, and their replicas."""
        made = seed_catalog.keys()
        for account, key in made:
            post_json(f"{self.endpoint}/_standin/keys",
                      {"account": account, "region": mesh.PRIMARY, "id": key,
                       "replicas": [mesh.SECONDARY]})
        return len(made)

    def encryption(self) -> int:
        return seed_catalog.encryption(self._platform)

    def policies(self) -> int:
        return seed_catalog.policies(self._platform)

    def functions(self) -> int:
        return seed_catalog.functions(self._platform)

    def statistics(self) -> int:
        return seed_catalog.statistics(self._platform)

    def optimizers(self) -> int:
        return seed_catalog.optimizers(self._platform)

    def nested_catalogs(self) -> int:
        return seed_catalog.nested_catalogs(self._platform)

    def links(self) -> int:
        for link in mesh.LINKS:
            client = self._platform(link.account, "glue")
            if link.table:
                client.create_table(DatabaseName=link.inside,
                                    TableInput=shapes.link_input(link))
            else:
                client.create_database(DatabaseInput=shapes.link_input(link))
        return len(mesh.LINKS)

    # --- permissions -------------------------------------------------------------------

    def filters(self) -> int:
        for cells in mesh.FILTERS:
            self._platform(cells.account, "lakeformation").create_data_cells_filter(
                TableData=shapes.filter_input(cells))
        return len(mesh.FILTERS)

    def owners_grants(self) -> int:
        """What owners give, before what receivers make of it."""
        return self._grant(OWNERS)

    def others_grants(self) -> int:
        return self._grant(OTHERS)

    def opt_ins(self) -> int:
        for account, principal, resource in OPT_INS:
            self._platform(account, "lakeformation").create_lake_formation_opt_in(
                Principal={"DataLakePrincipalIdentifier": principal}, Resource=resource)
        return len(OPT_INS)

    def identity_center(self) -> int:
        client = self._platform(mesh.GOVERNANCE, "lakeformation")
        client.create_lake_formation_identity_center_configuration(
            InstanceArn=mesh.IDENTITY_CENTER,
            ExternalFiltering={"Status": "DISABLED", "AuthorizedTargets": []})
        return 1

    def _grant(self, grants: tuple[Grant, ...]) -> int:
        by_account: dict[str, list[Grant]] = {}
        for grant in grants:
            by_account.setdefault(grant.account, []).append(grant)
        for account, given in by_account.items():
            for batch in batches(given, 20):
                answer = self._platform(account, "lakeformation").batch_grant_permissions(
                    Entries=[grant_entry(n, grant) for n, grant in enumerate(batch)])
                refuse_failures(answer.get("Failures"), "BatchGrantPermissions")
        return len(grants)

    def _platform(self, account: str, service: str):
        return self.primary.client(account, mesh.PLATFORM, service)


def principals(account: str, roles) -> list[dict]:
    """Roles of an account as Lake Formation lists principals."""
    return [{"DataLakePrincipalIdentifier": mesh.role(account, name)} for name in roles]


def settings_of(account: str) -> dict:
    """The data lake settings of an account in the primary."""
    admins = (*mesh.ADMINS, *mesh.EXTRA_ADMINS.get(account, ()))
    return {
        "DataLakeAdmins": principals(account, admins),
        "ReadOnlyAdmins": principals(account, mesh.READ_ONLY_ADMINS.get(account, ())),
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
        "Parameters": {"CROSS_ACCOUNT_VERSION": mesh.CROSS_ACCOUNT_VERSION},
        "AllowExternalDataFiltering": False,
    }


def grant_entry(number: int, grant: Grant) -> dict:
    """One entry of BatchGrantPermissions."""
    return {
        "Id": str(number), "Principal": {"DataLakePrincipalIdentifier": grant.principal},
        "Resource": grant.resource, "Permissions": list(grant.permissions),
        "PermissionsWithGrantOption": list(grant.grantable),
    }


def refuse_failures(failures, operation: str) -> None:
    """Raises for entries that failed although the call itself answered 200."""
    if failures:
        raise SeedError(f"{operation} failed for {len(failures)}: {json.dumps(failures[0])}")


def batches(items, size: int):
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def post_json(url: str, document: dict) -> None:
    """Posts a document to the stand-in's control API."""
    request = urllib.request.Request(
        url, json.dumps(document).encode(), {"Content-Type": "application/json"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=30) as answer:
            answer.read()
    except HTTPError as error:
        raise SeedError(f"{url}: {error.code} {error.read().decode()[:300]}") from error
