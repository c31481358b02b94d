import AWSAccess
import Capture
import MeshModel
import Replication
import Restore
import SnapshotStore
import TableFormats

/// Looks at the files of restored tables where their replicas are.
struct RestoredTables: TableFiles {
  /// Replicas by the bucket that they replicate, and by their own names.
  private let replicas: [String: String]
  /// The accounts of buckets, as they are in the secondary.
  private let owners: [String: String]
  private let clients: ClientBook

  /// - Parameter clients: enters the owners of buckets, whether they are restored or not.
  /// - Throws: `ArchiveError`, `JSONError`.
  init(_ reader: SnapshotReader, _ mapping: Mapping, _ clients: ClientBook) async throws {
    var replicas = mapping.buckets.mapValues(\.bucket)
    for name in mapping.buckets.values.map(\.bucket) { replicas[name] = replicas[name] ?? name }
    var owners: [String: String] = [:]
    let records = try await reader.records(kind: .bucket)
    while let record = try records.next() {
      guard let name = record.key.path.last else { continue }
      owners[name] = mapping.accounts[record.key.account] ?? record.key.account
    }
    self.replicas = replicas
    self.owners = owners
    self.clients = clients
  }

  func concerns(_ table: Record) throws -> Bool {
    FormatTable(table.key, try table.value()) != nil
  }

  func doubt(about table: Record, at site: Site) async throws -> TableDoubt? {
    guard let table = FormatTable(table.key, try table.value()) else { return nil }
    let state = try await table.state { bucket, _ in
      guard let replica = replicas[bucket] else { return nil }
      return BucketSite(await client(of: replica, at: site), bucket: replica)
    }
    return state.flatMap { Self.doubt($0) }
  }

  /// Enters the bucket's owner; where that is not known or can't be entered, the table's own account
  /// asks.
  private func client(of bucket: String, at site: Site) async -> AWSClient {
    guard let owner = owners[bucket], owner != site.account,
      let client = try? await clients.client(owner, site.region)
    else { return site.client }
    return client
  }

  /// Only a table whose newest state is there with all of its files is called restored: it is the one
  /// that the catalog leads readers to.
  static func doubt(_ state: TableState) -> TableDoubt? {
    guard state.standing != .current else { return nil }
    let format = state.format.rawValue.capitalized
    var message: String
    if let first = state.missing.first.first {
      let count = state.missing.count == 1 ? "a file" : "\(state.missing.count) files"
      message = "its newest \(format) state lacks \(count) in the replica: \(first)"
      if state.missing.count > 1 { message += " and others" }
    } else {
      message = "whether its \(format) files are all in the replica is not known"
      if let reason = state.reasons.first { message += ": \(reason)" }
    }
    if let whole = state.recoveryPoint {
      let time = whole.time.map { " of \(UTCTime(milliseconds: $0))" } ?? ""
      message += "; the state\(time) is whole: \(whole.name)"
    } else if state.standing == .lost {
      message += "; no older state is whole"
    }
    return TableDoubt(
      code: state.missing.count > 0 ? "TableNotWhole" : "TableUnknown", message: message)
  }
}
