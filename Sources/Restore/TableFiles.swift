import CanonicalJSON
import Capture
import MeshModel

/// Looks whether the files that a table's own metadata names have arrived.
public protocol TableFiles: Sendable {
  /// Whether a table's own metadata names its files.
  /// - Throws: `JSONError` for a record that can't be read.
  func concerns(_ table: Record) throws -> Bool

  /// Why a table must not be called restored; nil for one whose files are all there, and for one whose
  /// format does not name them.
  /// - Parameters:
  ///   - table: as it is wanted in the secondary.
  ///   - site: its account there.
  /// - Throws: `JSONError` for a record that can't be read, `CancellationError`.
  func doubt(about table: Record, at site: Site) async throws -> TableDoubt?
}

/// Why a table is not called restored, though the catalog has it.
public struct TableDoubt: Sendable, Hashable {
  /// `TableNotWhole`, `TableUnknown`.
  public let code: String
  public let message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

extension RestoreRun {
  /// Tables looked at at once: the metadata of each is held.
  private static let tablesAtOnce = 4

  /// The tables among those that were asked for whose files are not known to be all there. Nothing is
  /// asked of the catalog, so this can go on while it is restored.
  func tablesInDoubt(_ wanted: DesiredState) async throws -> [RestoreResult.Failure] {
    guard let files = tools.tableFiles, wanted.derivation.leadsToReplicas,
      let kind = kinds.first(where: { $0.kind == .table })
    else { return [] }
    var tables: [Record] = []
    var records = try await wanted.records(of: kind, mapper: Mapper(wanted.mapping))
    while let record = records.next() {
      guard job.policy.includes(record.key, scope: record.key.path, anyKind: true),
        try isInReplica(record, wanted), try files.concerns(record)
      else { continue }
      tables.append(record)
    }
    let found = Guarded<[RestoreResult.Failure]>([])
    try await forEachConcurrently(tables, limit: Self.tablesAtOnce) { table in
      guard let site = job.sites[table.key.account],
        let doubt = try await files.doubt(about: table, at: site)
      else { return }
      let failure = RestoreResult.Failure(
        kind: Kind.table.name, key: table.key.text, code: doubt.code, message: doubt.message)
      found.withLock { $0.append(failure) }
    }
    return found.withLock { $0.sorted { $0.key < $1.key } }
  }

  /// What a region holds of its own is no replica of anything. What a snapshot holds should be in one.
  private func isInReplica(_ table: Record, _ wanted: DesiredState) throws -> Bool {
    guard wanted.derivation.startsFromRegion else { return true }
    let location = try table.value()["StorageDescriptor"]?["Location"]?.string ?? ""
    guard let bucket = S3Location(location)?.bucket else { return false }
    return wanted.mapping.buckets.values.contains { $0.bucket == bucket }
  }

  /// Iceberg metadata names its files by absolute paths: a mapped table still leads readers to the
  /// lost bucket. Whether the files have arrived is found out while the plan is carried out.
  func icebergWarnings(
    _ desired: RecordBodies, of isMeant: (RecordKey) -> Bool
  ) -> [String] {
    desired.sorted(of: .table).filter {
      isMeant($0.key) && $0.value["Parameters"]?["metadata_location"] != nil
    }.map {
      "\($0.key.name) is an Iceberg table, reachable only through the lost bucket's name: its metadata "
        + "has it in every path, so the table can be found but not read until they are rewritten"
    }
  }
}
