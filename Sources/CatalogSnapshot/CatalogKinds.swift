import Capture

/// Every kind of Glue that is captured.
public let catalogKinds: [any CapturedKind] = [
  DatabaseKind(), TableKind(), PartitionIndexKind(), PartitionKind(),
]
