"""The records that a region really holds, read with boto3 as the reader role."""

from concurrent.futures import ThreadPoolExecutor

from . import catalog, mesh, normal
from .clients import Accounts
from .expected import is_administrator
from .service_check import ServiceReading

_PAGE = 1000


def records(endpoint: str, region: str) -> dict[tuple, object]:
    """Every record of the mesh's accounts in a region, by its key.

    Grants are one set over all accounts, each under the owner of its resource: receivers list
    what they hand on of a shared resource in their own account.
    """
    accounts = Accounts(endpoint, region)
    found: dict[tuple, object] = {}
    grants: list[tuple] = []
    with ThreadPoolExecutor(4) as pool:
        reading = [pool.submit(_Reading(accounts, account.id).run)
                   for account in mesh.ACCOUNTS]
        for account in reading:
            plain, given = account.result()
            found.update(plain)
            grants += given
    found.update(normal.merged(grants))
    return found


class _Reading:
    """What one account holds."""

    def __init__(self, accounts: Accounts, account: str) -> None:
        self.account = account
        self.glue = accounts.client(account, mesh.READER, "glue")
        self.lake = accounts.client(account, mesh.READER, "lakeformation")
        self.athena = accounts.client(account, mesh.READER, "athena")
        self.ram = accounts.client(account, mesh.READER, "ram")
        model = self.glue.meta.service_model
        self.writable = {name: set(model.shape_for(name).members)
                         for name in ("DatabaseInput", "TableInput", "PartitionInput",
                                      "UserDefinedFunctionInput")}
        self.found: dict[tuple, object] = {}

    def run(self) -> tuple[dict, list]:
        self._settings()
        self._catalog()
        self._locations()
        self._tags()
        self._expressions()
        self._opt_ins()
        self._filters()
        if self.glue.meta.region_name == mesh.PRIMARY:
            self._shares()
        for database in self._pages(self.glue, "get_databases", "DatabaseList", 100):
            self._database(database)
        beside = ServiceReading(self.account, self.glue, self.athena, self._pages)
        self.found.update(beside.records())
        return self.found, list(self._grants())

    def _pages(self, client, operation: str, member: str, size: int = _PAGE, **request):
        """Every item of a listing; a token that comes twice is a page lost."""
        seen = set()
        token = None
        while True:
            page = {"NextToken": token} if token else {}
            answer = getattr(client, operation)(MaxResults=size, **page, **request)
            yield from answer.get(member) or []
            token = answer.get("NextToken")
            if not token:
                return
            if token in seen:
                raise RuntimeError(f"{operation} repeated a page of {self.account}")
            seen.add(token)

    def _body(self, shape: str, item: dict) -> dict:
        return normal.pruned({key: value for key, value in item.items()
                              if key in self.writable[shape]})

    # --- catalog -----------------------------------------------------------------------

    def _catalog(self) -> None:
        answer = self.glue.get_data_catalog_encryption_settings()
        settings = answer["DataCatalogEncryptionSettings"]
        self.found["encryption", self.account] = normal.encryption(settings)
        try:
            text = self.glue.get_resource_policy()["PolicyInJson"]
        except self.glue.exceptions.EntityNotFoundException:
            return
        self.found["policy", self.account] = normal.policy(text)

    def _database(self, item: dict) -> None:
        name = item["Name"]
        arn = f"arn:aws:glue:{self.glue.meta.region_name}:{self.account}:database/{name}"
        tags = self.glue.get_tags(ResourceArn=arn)["Tags"]
        if tags:
            self.found["AWS tags", self.account, name] = tags
        kind = "link" if "TargetDatabase" in item else "database"
        self.found[kind, self.account, name] = self._body("DatabaseInput", item)
        if kind == "link":  # its tables are those of its target
            return
        for function in self._pages(self.glue, "get_user_defined_functions",
                                    "UserDefinedFunctions", 100, DatabaseName=name, Pattern="*"):
            key = ("function", self.account, name, function["FunctionName"])
            self.found[key] = self._body("UserDefinedFunctionInput", function)
        answer = self._tags_of({"Database": {"Name": name}})
        self._assigned((name,), answer.get("LFTagOnDatabase"))
        for table in self._pages(self.glue, "get_tables", "TableList", 100,
                                 DatabaseName=name):
            self._table(name, table)

    def _table(self, database: str, item: dict) -> None:
        place = (self.account, database, item["Name"])
        kind = "link" if "TargetTable" in item else "table"
        self.found[kind, *place] = self._body("TableInput", item)
        if kind == "link":
            return
        names = {"DatabaseName": database, "Name": item["Name"]}
        answer = self._tags_of({"Table": names})
        self._assigned(place[1:], answer.get("LFTagsOnTable"))
        for column in answer.get("LFTagsOnColumns") or []:
            self._assigned((*place[1:], column["Name"]), column.get("LFTags"))
        self._statistics(place, item)
        if item.get("Parameters", {}).get("table_type") == "ICEBERG":
            self._optimizers(place)
        if item.get("PartitionKeys"):
            self._partitions(place)

    def _statistics(self, place: tuple[str, str, str], item: dict) -> None:
        names = {"DatabaseName": place[1], "TableName": place[2]}
        columns = [column["Name"] for column in item["StorageDescriptor"]["Columns"]]
        answer = self.glue.get_column_statistics_for_table(**names, ColumnNames=columns)
        for entry in answer["ColumnStatisticsList"]:
            key = ("statistics", *place, entry["ColumnName"])
            self.found[key] = normal.statistic(entry)
        if place not in catalog.PARTITION_STATISTICS:
            return
        for item in self._pages(self.glue, "get_partitions", "Partitions", **names):
            answer = self.glue.get_column_statistics_for_partition(
                **names, PartitionValues=item["Values"], ColumnNames=columns)
            for entry in answer["ColumnStatisticsList"]:
                key = ("statistics", *place, "/".join(item["Values"]), entry["ColumnName"])
                self.found[key] = normal.statistic(entry)

    def _optimizers(self, place: tuple[str, str, str]) -> None:
        for kind in ("compaction", "retention", "orphan_file_deletion"):
            try:
                answer = self.glue.get_table_optimizer(
                    CatalogId=place[0], DatabaseName=place[1], TableName=place[2], Type=kind)
            except self.glue.exceptions.EntityNotFoundException:
                continue
            self.found["optimizer", *place, kind] = answer["TableOptimizer"]["configuration"]

    def _partitions(self, place: tuple[str, str, str]) -> None:
        names = {"DatabaseName": place[1], "TableName": place[2]}
        for item in self._pages(self.glue, "get_partitions", "Partitions", **names):
            key = ("partition", *place, "/".join(item["Values"]))
            self.found[key] = self._body("PartitionInput", item)
        request, more = dict(names), True
        while more:
            answer = self.glue.get_partition_indexes(**request)
            for item in answer.get("PartitionIndexDescriptorList") or []:
                keys = [key["Name"] for key in item["Keys"]]
                self.found["index", *place, item["IndexName"]] = {
                    "keys": keys, "status": item["IndexStatus"]}
            request["NextToken"] = more = answer.get("NextToken")

    # --- Lake Formation ----------------------------------------------------------------

    def _settings(self) -> None:
        answer = self.lake.get_data_lake_settings()
        self.found["settings", self.account] = normal.settings(answer["DataLakeSettings"])

    def _locations(self) -> None:
        for item in self._pages(self.lake, "list_resources", "ResourceInfoList"):
            kept = {key: item.get(key) for key in (
                "RoleArn", "WithFederation", "HybridAccessEnabled", "WithPrivilegedAccess")}
            key = ("location", self.account, item["ResourceArn"].rstrip("/"))
            self.found[key] = normal.pruned(kept)

    def _tags(self) -> None:
        for item in self._pages(self.lake, "list_lf_tags", "LFTags"):
            owner = item.get("CatalogId") or self.account
            self.found["LF-Tag", owner, item["TagKey"]] = sorted(item["TagValues"])

    def _expressions(self) -> None:
        for item in self._pages(self.lake, "list_lf_tag_expressions", "LFTagExpressions"):
            self.found["expression", item["CatalogId"], item["Name"]] = normal.expression(item)

    def _opt_ins(self) -> None:
        listing = "list_lake_formation_opt_ins", "LakeFormationOptInsInfoList"
        for item in self._pages(self.lake, *listing):
            self.found.update(normal.opt_in(self.account, item))

    def _shares(self) -> None:
        """Shares that people made; those of Lake Formation go by their name."""
        for share in self.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]:
            if share["name"].startswith("LakeFormation-"):
                continue
            asked = {"resourceOwner": "SELF", "resourceShareArns": [share["resourceShareArn"]]}
            resources = self.ram.list_resources(**asked)["resources"]
            principals = self.ram.list_principals(**asked)["principals"]
            self.found["share", self.account, share["name"]] = {
                "resources": sorted(each["arn"] for each in resources),
                "principals": sorted(each["id"] for each in principals),
                "external": share["allowExternalPrincipals"],
                "tags": {tag["key"]: tag["value"] for tag in share["tags"]}}

    def _tags_of(self, resource: dict) -> dict:
        return self.lake.get_resource_lf_tags(Resource=resource, ShowAssignedLFTags=True)

    def _assigned(self, place: tuple, tags) -> None:
        if tags:
            self.found["assignment", self.account, *place] = normal.assignment(tags)

    def _filters(self) -> None:
        for item in self._pages(self.lake, "list_data_cells_filter", "DataCellsFilters"):
            key = ("filter", item["TableCatalogId"], item["DatabaseName"],
                   item["TableName"], item["Name"])
            self.found[key] = normal.cells_filter(item)

    def _grants(self):
        """Whole listing, then each filtered table: the first leaves grants on filters out."""
        listing = "list_permissions", "PrincipalResourcePermissions"
        rows = list(self._pages(self.lake, *listing))
        filtered = {key[2:4] for key in self.found
                    if key[0] == "filter" and key[1] == self.account}
        for database, table in sorted(filtered):
            rows += self._pages(
                self.lake, *listing, IncludeRelated="TRUE",
                Resource={"Table": {"DatabaseName": database, "Name": table}})
        for row in rows:
            if not is_administrator(
                    self.account, row["Principal"]["DataLakePrincipalIdentifier"]):
                yield from normal.grant_records(self.account, row)
