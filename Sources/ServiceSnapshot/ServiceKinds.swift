import Capture

/// Every kind that stands beside the catalog: connections, crawlers and their classifiers, schema
/// registries, and what analysts keep in Athena.
public let serviceKinds: [any CapturedKind] = [
  ConnectionKind(), ClassifierKind(), CrawlerKind(), RegistryKind(), SchemaKind(),
  SchemaVersionKind(), WorkGroupKind(), DataCatalogKind(), NamedQueryKind(),
  PreparedStatementKind(),
]
