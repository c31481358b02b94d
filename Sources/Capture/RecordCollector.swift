import MeshModel

/// Keeps the records of a short listing in memory.
public final class RecordCollector: RecordSink {
  private let kept = Guarded<[Record]>([])
  private let parts = Guarded<[RecordCollector]>([])

  public init() {}

  /// In the order in which they came, those of parts behind the others.
  public var records: [Record] {
    kept.withLock(\.self) + parts.withLock(\.self).flatMap(\.records)
  }

  public func add(_ record: Record) { kept.withLock { $0.append(record.unread) } }

  public func add(_ batch: RecordBatch) throws {
    let records = try batch.records()
    kept.withLock { $0 += records }
  }

  public func restart() {
    kept.withLock { $0.removeAll() }
    parts.withLock { $0.removeAll() }
  }

  public func part() -> any RecordSink {
    let part = RecordCollector()
    parts.withLock { $0.append(part) }
    return part
  }
}
