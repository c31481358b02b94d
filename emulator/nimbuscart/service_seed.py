"""Builds what stands beside the catalog, by the calls that a platform team's pipeline makes."""

from . import services


class ServiceSeeding:
    """One seeding of the services; `client` gives a client of an account's platform role."""

    def __init__(self, client) -> None:
        self.client = client

    def connections(self) -> int:
        for account, connection in services.CONNECTIONS.items():
            self.client(account, "glue").create_connection(ConnectionInput=connection)
        return len(services.CONNECTIONS)

    def crawlers(self) -> int:
        """Crawlers, after the classifiers that they use."""
        for account, classifier in services.CLASSIFIERS.items():
            self.client(account, "glue").create_classifier(**classifier)
        for account, crawler in services.CRAWLERS.items():
            self.client(account, "glue").create_crawler(**crawler)
        return len(services.CLASSIFIERS) + len(services.CRAWLERS)

    def schemas(self) -> int:
        """Histories of schemas. Each got its mode when its last definition was in."""
        for account, (name, description) in services.REGISTRIES.items():
            self.client(account, "glue").create_registry(
                RegistryName=name, Description=description)
        return len(services.REGISTRIES) + sum(map(self._schema, services.SCHEMAS))

    def _schema(self, schema: services.Schema) -> int:
        client = self.client(schema.account, "glue")
        first, *others = schema.definitions
        named = {"RegistryId": {"RegistryName": schema.registry}}
        client.create_schema(
            **(named if schema.registry != "default-registry" else {}), SchemaName=schema.name,
            DataFormat=schema.form, Compatibility="NONE", Description=schema.description,
            SchemaDefinition=first)
        which = {"SchemaId": {"RegistryName": schema.registry, "SchemaName": schema.name}}
        for definition in others:
            client.register_schema_version(**which, SchemaDefinition=definition)
        latest = {"SchemaVersionNumber": {"LatestVersion": True}}
        client.update_schema(**which, **latest, Compatibility=schema.mode)
        for key, values in schema.metadata.items():
            for value in values:
                client.put_schema_version_metadata(
                    **which, **latest, MetadataKeyValue={"MetadataKey": key, "MetadataValue": value})
        return 1 + len(schema.definitions)

    def work_groups(self) -> int:
        for (account, name), (description, state, configuration) in services.WORK_GROUPS.items():
            self._work_group(self.client(account, "athena"), name, description, state,
                             configuration)
        for account, catalog in services.DATA_CATALOGS.items():
            self.client(account, "athena").create_data_catalog(**catalog)
        return len(services.WORK_GROUPS) + len(services.DATA_CATALOGS)

    def _work_group(self, client, name, description, state, configuration) -> None:
        """`primary` is there in every account, and can only be changed."""
        if name == "primary":
            updates = dict(configuration)
            if "ResultConfiguration" in updates:
                updates["ResultConfigurationUpdates"] = updates.pop("ResultConfiguration")
            client.update_work_group(
                WorkGroup=name, Description=description, ConfigurationUpdates=updates)
            return
        client.create_work_group(
            Name=name, Description=description,
            Configuration={"EnforceWorkGroupConfiguration": False, **configuration})
        if state != "ENABLED":
            client.update_work_group(WorkGroup=name, State=state)

    def queries(self) -> int:
        for query in services.QUERIES:
            self.client(query.account, "athena").create_named_query(
                Name=query.name, Database=query.database, QueryString=query.text,
                WorkGroup=query.group,
                **({"Description": query.description} if query.description else {}))
        for (account, group, name), (text, description) in services.STATEMENTS.items():
            self.client(account, "athena").create_prepared_statement(
                WorkGroup=group, StatementName=name, QueryStatement=text,
                **({"Description": description} if description else {}))
        return len(services.QUERIES) + len(services.STATEMENTS)
