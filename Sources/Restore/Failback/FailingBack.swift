import CanonicalJSON
import MeshModel
import SnapshotStore

/// What a merge has come to, as it is: its records are in the region's own terms.
public struct FailingBack: Derivation {
  public let source: SnapshotReader?

  /// - Parameter merged: all that the region is to have.
  public init(_ merged: SnapshotReader) {
    source = merged
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    // The restorer stays an administrator while it works.
    kind.kind == Kind("lakeformation", "settings") ? try kind.mapped(record, by: mapper) : record
  }
}
