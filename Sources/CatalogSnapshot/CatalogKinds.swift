import Capture
import MeshModel

/// Every kind of Glue that is captured, what others lie on before them.
///
/// - Parameters:
///   - partitionStatistics: the tables whose partitions' column statistics are captured, with a
///     call for each partition; empty for none.
///   - tableVersions: how many former versions of each table are captured; zero for none.
///   - activating: whether what acts by itself comes back at work.
public func catalogKinds(
  partitionStatistics: [Selector] = [], tableVersions: Int = 0, activating: Bool = false
) -> [any CapturedKind] {
  let nested = NestedCatalogs()
  var kinds: [any CapturedKind] = [
    EncryptionSettingsKind(), ResourcePolicyKind(), SharePolicyKind(), DatabaseKind(),
    DatabaseTagsKind(), UserDefinedFunctionKind(), TableKind(), PartitionIndexKind(),
    PartitionKind(), ColumnStatisticsKind(), TableOptimizerKind(activating: activating),
    CatalogKind(),
    CatalogDatabaseKind(nested), CatalogTableKind(nested), CatalogFunctionKind(nested),
    CatalogStatisticsKind(nested),
  ]
  if !partitionStatistics.isEmpty {
    kinds.append(PartitionStatisticsKind(of: partitionStatistics))
  }
  if tableVersions > 0 { kinds.append(TableVersionKind(newest: tableVersions)) }
  return kinds
}
