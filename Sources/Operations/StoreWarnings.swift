import Audit
import S3Store
import SnapshotStore

/// What is doubtful about the stores of a mesh: for snapshots and for the audit.
public enum StoreWarnings {
  /// A sentence for each store that is lost with the region that is backed up.
  /// - Throws: `ArchiveError` (`.io`) where a bucket can't be found.
  public static func stores(of archive: Archive, in primary: String) async throws -> [String] {
    var warnings: [String] = []
    for store in archive.store.copies.compactMap({ $0 as? S3Store })
    where try await store.region().name == primary {
      warnings.append(
        "the store \(store.url) is in \(primary), the region that is backed up: it is lost with it")
    }
    return warnings
  }

  /// What is to be known of each store, asked now. What can't be asked stays unknown.
  static func facts(of archive: Archive) async -> [StoreFacts] {
    var facts: [StoreFacts] = []
    for store in archive.store.copies {
      guard let store = store as? S3Store else {
        facts.append(StoreFacts(place: store.place))
        continue
      }
      var bucket = StoreFacts.Bucket()
      bucket.region = await answer { try await store.region().name }
      bucket.isVersioned = await answer { try await store.isVersioned() }
      bucket.locking = await answer {
        switch try await store.objectLock() {
        case .off: .off
        case .on: .possible
        case .byDefault: .byDefault
        }
      }
      bucket.isToLock = store.isLocking
      facts.append(StoreFacts(place: store.place, bucket: bucket))
    }
    return facts
  }

  private static func answer<Value: Sendable>(
    _ ask: () async throws -> Value
  ) async -> Answer<Value> {
    do { return .known(try await ask()) } catch { return .unknown(String(describing: error)) }
  }
}
