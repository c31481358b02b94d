import Capture

/// Every kind that stands beside the catalog: connections, crawlers and their classifiers, schema
/// registries, and what analysts keep in Athena.
///
/// - Parameter activating: whether what acts by itself comes back at work.
public func makeServiceKinds(activating: Bool) -> [any CapturedKind] {
  [
    ConnectionKind(), ClassifierKind(), CrawlerKind(activating: activating), RegistryKind(),
    SchemaKind(), SchemaVersionKind(), WorkGroupKind(), DataCatalogKind(), NamedQueryKind(),
    PreparedStatementKind(),
  ]
}

/// Every kind that stands beside the catalog, at rest.
public let serviceKinds = makeServiceKinds(activating: false)
