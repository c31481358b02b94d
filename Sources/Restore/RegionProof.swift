import AWSAccess
import CanonicalJSON
import Capture
import GrantSnapshot
import MeshModel
import SnapshotStore

/// Whether a region is as it was: two captures of it side by side.
public enum RegionProof {
  /// The keys of everything that is not the same in both, byte for byte.
  /// - Throws: `ArchiveError` where a capture can't be read.
  public static func differences(
    _ before: SnapshotReader, _ after: SnapshotReader
  ) async throws -> [RecordKey] {
    var pairs = RecordPairs(old: try await before.records(), new: try await after.records())
    var found: [RecordKey] = []
    while let (old, new) = try pairs.next() {
      if old?.body != new?.body, let key = (old ?? new)?.key { found.append(key) }
    }
    return found
  }

  /// The packs of a capture, by what they hold: the same only where every record is. Small enough for
  /// a journal.
  public static func digests(_ capture: SnapshotReader) -> JSON {
    let groups = Dictionary(grouping: capture.manifest.packs) { "\($0.group)" }
    return .object(groups.mapValues { JSON($0.map(\.digest).sorted()) })
  }

  /// What of a region is not as its digests say: accounts' own records, or databases.
  public static func differences(_ before: JSON, _ after: SnapshotReader) -> [String] {
    let (old, new) = (before.object ?? [:], digests(after).object ?? [:])
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
  }
}

/// A region as it was captured.
public struct RegionCapture: Sendable {
  public let reader: SnapshotReader
  /// Accounts that could not be read whole.
  public let failures: [RestoreResult.Failure]
}

extension RestoreRun {
  /// Captures the region.
  /// - Throws: `ArchiveError`, and `AWSFailure` where nothing could be captured.
  public func capture() async throws -> RegionCapture {
    let secondary = try await captureSecondary()
    return RegionCapture(
      reader: secondary.reader, failures: notEnteredFailures + secondary.failures)
  }

  /// Puts the settings of accounts back as they were, where they are not: GetDataLakeSettings,
  /// PutDataLakeSettings. Can be repeated.
  /// - Returns: the accounts in which that was refused.
  public func putBack(
    settings: [RecordKey: JSON], as undoing: SettingsUndoing
  ) async -> [RestoreResult.Failure] {
    var failures: [RestoreResult.Failure] = []
    for (key, wanted) in settings.sorted(by: { $0.key < $1.key }) {
      guard let site = job.sites[key.account] else { continue }
      do {
        let live = RecordCollector()
        try await SettingsKind().list(at: site, below: nil, into: live)
        guard let body = try live.records.first?.value() else { continue }
        let former = undoing.body(body, before: wanted, restorer: site.principal)
        guard former != body else { continue }
        let change = Change(step: .settle, key: key, desired: former, live: body)
        failures += try await SettingsKind().apply([change], at: site).map {
          .init(kind: key.kindName, key: key.text, code: $0.code, message: $0.message)
        }
      } catch {
        failures.append(Self.failure(key, error))
      }
    }
    return failures
  }

  /// Takes back what a run that was killed has left to the restorer: ListPermissions,
  /// BatchRevokePermissions. Can be repeated; what is gone already is no failure.
  /// - Parameter grants: their keys. No other grant is touched.
  /// - Returns: the grants that could not be taken back.
  public func giveBack(_ grants: Set<RecordKey>) async -> [RestoreResult.Failure] {
    var failures: [RestoreResult.Failure] = []
    for (account, keys) in Dictionary(grouping: grants, by: \.account).sorted(by: {
      $0.key < $1.key
    }) {
      guard let site = job.sites[account] else { continue }
      let own = Set(keys)
      do {
        let (_, refused) = try await GrantKind().giveBackAccess(at: site) { !own.contains($0) }
        failures += refused.map {
          .init(kind: $0.key.kindName, key: $0.key.text, code: $0.code, message: $0.message)
        }
      } catch {
        failures += keys.map { Self.failure($0, error) }
      }
    }
    return failures
  }

  private static func failure(_ key: RecordKey, _ error: any Error) -> RestoreResult.Failure {
    let failure = error as? AWSFailure
    return .init(
      kind: key.kindName, key: key.text, code: failure?.code ?? "UnknownError",
      message: failure?.message ?? String(describing: error))
  }
}
