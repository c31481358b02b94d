"""The records of what stands beside the catalog: as they must be, and as a region has them.

Connections and the catalogs of Lambda functions are not among them: people put those back.
"""

import json

from . import normal, services

KINDS = ("classifier", "crawler", "registry", "schema", "version", "work group", "catalog",
         "query", "statement")

_TIMES = {"CreationTime", "LastUpdated", "Version"}
_CRAWLER = ("DatabaseName", "Description", "Targets", "Classifiers", "TablePrefix",
            "SchemaChangePolicy", "RecrawlPolicy")


def expected():
    """Every expected record of the primary, by its key."""
    for account, given in services.CLASSIFIERS.items():
        yield _classifier(account, given)
    for account, given in services.CRAWLERS.items():
        yield _crawler(account, {**given, "Schedule": {
            "ScheduleExpression": given.get("Schedule")}})
    yield from _expected_schemas()
    for (account, name), (description, state, configuration) in services.WORK_GROUPS.items():
        yield (("work group", account, name), normal.pruned({
            "Description": description, "State": state, "Configuration": configuration}))
    for account, given in services.DATA_CATALOGS.items():
        if given["Type"] == "GLUE":
            yield ("catalog", account, given["Name"]), given
    for query in services.QUERIES:
        yield (("query", query.account, query.group, query.name, query.database, query.text),
               {"description": query.description})
    for key, (text, description) in services.STATEMENTS.items():
        yield ("statement", *key), {"text": text, "description": description}


def _expected_schemas():
    for account, (name, description) in services.REGISTRIES.items():
        yield ("registry", account, name), {"description": description}
    for account, registry in {(s.account, s.registry) for s in services.SCHEMAS}:
        if registry == "default-registry":
            yield ("registry", account, registry), {"description": ""}
    for schema in services.SCHEMAS:
        place = (schema.account, schema.registry, schema.name)
        yield ("schema", *place), {
            "form": schema.form, "mode": schema.mode, "description": schema.description}
        for number, definition in enumerate(schema.definitions, 1):
            is_last = number == len(schema.definitions)
            yield ("version", *place, f"{number:03}"), {
                "definition": json.loads(definition),
                "metadata": {key: sorted(values) for key, values in schema.metadata.items()}
                if is_last else {}}


def at_rest(key: tuple, body):
    """A record as the secondary must hold it: no crawler may start by itself there."""
    return {**body, "schedule": None} if key[0] == "crawler" else body


def _classifier(account: str, given: dict):
    (form, members), = given.items()
    kept = {name: value for name, value in members.items() if name not in _TIMES}
    return ("classifier", account, members["Name"]), {"form": form, **kept}


def _crawler(account: str, given: dict):
    body = normal.pruned({name: given.get(name) for name in _CRAWLER})
    body["role"] = given["Role"].rpartition(":role/")[2]
    body["schedule"] = (given.get("Schedule") or {}).get("ScheduleExpression")
    return ("crawler", account, given["Name"]), body


class ServiceReading:
    """What one account holds; `pages` walks a listing."""

    def __init__(self, account: str, glue, athena, pages) -> None:
        self.account, self.glue, self.athena, self.pages = account, glue, athena, pages

    def records(self):
        for item in self.pages(self.glue, "get_classifiers", "Classifiers"):
            yield _classifier(self.account, item)
        for item in self.pages(self.glue, "get_crawlers", "Crawlers"):
            yield _crawler(self.account, item)
        for item in self.pages(self.glue, "list_registries", "Registries", 100):
            yield (("registry", self.account, item["RegistryName"]),
                   {"description": item.get("Description", "")})
        for item in self.pages(self.glue, "list_schemas", "Schemas", 100):
            yield from self._schema({"RegistryName": item["RegistryName"],
                                     "SchemaName": item["SchemaName"]})
        for item in self.pages(self.athena, "list_work_groups", "WorkGroups", 50):
            yield from self._work_group(item["Name"])
        for item in self.pages(self.athena, "list_data_catalogs", "DataCatalogsSummary", 50):
            found = self.athena.get_data_catalog(Name=item["CatalogName"])["DataCatalog"]
            if found["Type"] == "GLUE" and found["Name"] != "AwsDataCatalog":
                yield ("catalog", self.account, found["Name"]), found

    def _schema(self, which: dict):
        place = (self.account, *which.values())
        found = self.glue.get_schema(SchemaId=which)
        yield ("schema", *place), {
            "form": found["DataFormat"], "mode": found["Compatibility"],
            "description": found.get("Description", "")}
        listed = sorted(self.pages(self.glue, "list_schema_versions", "Schemas", 100,
                                   SchemaId=which), key=lambda item: item["VersionNumber"])
        for number, item in enumerate(listed, 1):
            named = {"SchemaVersionId": item["SchemaVersionId"]}
            metadata = self.glue.query_schema_version_metadata(**named)["MetadataInfoMap"]
            definition = self.glue.get_schema_version(**named)["SchemaDefinition"]
            yield ("version", *place, f"{number:03}"), {
                "definition": json.loads(definition),
                "metadata": {key: _values(info) for key, info in metadata.items()}}

    def _work_group(self, name: str):
        found = self.athena.get_work_group(WorkGroup=name)["WorkGroup"]
        configuration = dict(found["Configuration"])
        configuration["EngineVersion"] = {
            "SelectedEngineVersion": configuration["EngineVersion"]["SelectedEngineVersion"]}
        yield ("work group", self.account, name), normal.pruned({
            "Description": found["Description"], "State": found["State"],
            "Configuration": configuration})
        for identifier in self.pages(self.athena, "list_named_queries", "NamedQueryIds", 50,
                                     WorkGroup=name):
            query = self.athena.get_named_query(NamedQueryId=identifier)["NamedQuery"]
            yield (("query", self.account, name, query["Name"], query["Database"],
                    query["QueryString"]), {"description": query.get("Description", "")})
        for item in self.pages(self.athena, "list_prepared_statements", "PreparedStatements", 50,
                               WorkGroup=name):
            found = self.athena.get_prepared_statement(
                WorkGroup=name, StatementName=item["StatementName"])["PreparedStatement"]
            yield (("statement", self.account, name, item["StatementName"]),
                   {"text": found["QueryStatement"], "description": found.get("Description", "")})


def _values(info: dict) -> list[str]:
    others = [other["MetadataValue"] for other in info.get("OtherMetadataValueList") or []]
    return sorted([info["MetadataValue"], *others])
