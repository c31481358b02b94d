import CanonicalJSON
import CatalogSnapshot
import Foundation
import GrantSnapshot
import MeshModel
import Replication
import SnapshotStore

/// The places of a snapshot's data: registered locations, tables and partitions.
struct CatalogLocations {
  private let reader: SnapshotReader
  /// Ids of the accounts that are looked at.
  private let accounts: Set<String>
  private let only: [Selector]

  init(_ reader: SnapshotReader, accounts: Set<String>, only: [Selector]) {
    self.reader = reader
    self.accounts = accounts
    self.only = only
  }

  /// The buckets that registered locations and tables name, with an account whose catalog names them.
  /// - Throws: `ArchiveError`, `JSONError`.
  func bucketNames() async throws -> [String: String] {
    var names: [String: String] = [:]
    func note(_ location: String, _ account: String) {
      guard case .objects(let bucket, _) = DataPlace(location) else { return }
      names[bucket] = names[bucket] ?? account
    }
    try await forEachRegistered(note)
    try await forEachTable { table in note(table.location, table.account) }
    return names
  }

  /// Folds all of it into products.
  /// - Throws: `ArchiveError`, `JSONError`.
  func folded(into fold: ProductFold) async throws -> ProductFold {
    var fold = fold
    var tables: [String: String] = [:]
    try await forEachRegistered { location, account in
      fold.add(registered: location, account: account)
    }
    try await forEachTable { table in
      if let reason = table.otherwise {
        fold.add(table: table.name, at: table.location, otherwise: reason, hasData: false)
      } else {
        fold.add(table: table.name, at: table.location, account: table.account)
        tables["\(table.account)/\(table.name)"] = table.location
      }
    }
    try await forEachNestedTable { name, location, reason, hasData in
      fold.add(table: name, at: location, otherwise: reason, hasData: hasData)
    }
    try await addPartitions(of: tables, to: &fold)
    return fold
  }

  /// A table with data of its own.
  private struct Table {
    let name: String
    let account: String
    let location: String
    /// Why its data is no matter of S3.
    let otherwise: String?
  }

  private func isSelected(_ key: RecordKey, path: [String]) -> Bool {
    accounts.contains(key.account)
      && (only.isEmpty || only.contains { $0.matches(key, scope: path) })
  }

  /// Registered locations belong to no database: what is limited to some leaves them out.
  private func forEachRegistered(_ body: (String, String) -> Void) async throws {
    guard only.isEmpty else { return }
    let records = try await reader.records(kind: .location)
    while let record = try records.next() {
      guard accounts.contains(record.key.account),
        let location = try record.value()["ResourceArn"]?.string
      else { continue }
      body(location, record.key.account)
    }
  }

  private func forEachTable(_ body: (Table) -> Void) async throws {
    let records = try await reader.records(kind: .table)
    while let record = try records.next() {
      let path = record.key.path
      guard path.count == 2, isSelected(record.key, path: path) else { continue }
      let value = try record.value()
      // Links are their targets, and views have no data.
      if value["TargetTable"] != nil || value["TableType"]?.string == "VIRTUAL_VIEW" { continue }
      let location = value["StorageDescriptor"]?["Location"]?.string ?? ""
      let isFederated = value["FederatedTable"] != nil
      body(
        Table(
          name: path.joined(separator: "."), account: record.key.account, location: location,
          otherwise: isFederated ? "the table is federated: its data is in another system" : nil))
    }
  }

  /// The tables whose formats name their files.
  /// - Throws: `ArchiveError`, `JSONError`.
  func formatTables() async throws -> [FormatTable] {
    var found: [FormatTable] = []
    let records = try await reader.records(kind: .table)
    while let record = try records.next() {
      let path = record.key.path
      guard path.count == 2, isSelected(record.key, path: path) else { continue }
      if let table = FormatTable(record.key, try record.value()) { found.append(table) }
    }
    return found
  }

  private func forEachNestedTable(
    _ body: (String, String, String, Bool) -> Void
  ) async throws {
    let records = try await reader.records(kind: .catalogTable)
    while let record = try records.next() {
      let path = record.key.path
      guard path.count > 2, isSelected(record.key, path: Array(path.suffix(2))) else { continue }
      let isTableBucket = path.first == "s3tablescatalog"
      let location = try record.value()["StorageDescriptor"]?["Location"]?.string ?? ""
      body(
        path.suffix(2).joined(separator: "."),
        location.isEmpty ? path.dropLast(2).joined(separator: "/") : location,
        isTableBucket
          ? "it is in a table bucket, which replication rules do not cover"
          : "its data is in the source of catalog \(path.dropLast(2).joined(separator: "/"))",
        isTableBucket)
    }
  }

  private func addPartitions(of tables: [String: String], to fold: inout ProductFold) async throws {
    let records = try await reader.records(kind: .partition)
    while let record = try records.next() {
      let path = record.key.path
      guard path.count >= 2, isSelected(record.key, path: path) else { continue }
      let name = path.prefix(2).joined(separator: ".")
      let account = record.key.account
      guard let table = tables["\(account)/\(name)"] else { continue }
      guard let partition = try PartitionPlace(record.body, default: table) else { continue }
      fold.add(
        partitionOf: name, at: partition.location, created: partition.created, account: account)
    }
  }
}

/// Where a partition is and when it was made: read from its record without building a tree, as there
/// may be millions.
struct PartitionPlace {
  let location: String
  /// Seconds since 1970; 0 where it is not said.
  let created: Double

  /// Nil for a partition without a location.
  init?(_ body: [UInt8], default table: String) throws {
    if let location = Self.value(of: "\"Location\":\"", in: body, until: UInt8(ascii: "\"")),
      let created = Self.value(of: "\"CreationTime\":", in: body, until: UInt8(ascii: ",")),
      let time = Double(created), !location.contains("\\"), location.hasPrefix(table)
    {
      (self.location, self.created) = (location, time)
      return
    }
    let value = try JSON(parsing: body)
    guard let location = value["StorageDescriptor"]?["Location"]?.string, !location.isEmpty else {
      return nil
    }
    self.location = location
    created = value["CreationTime"]?.double ?? 0
  }

  /// What stands behind a member's name, where that stands there once only. In a string the name
  /// could not stand: its quotes would be escaped.
  private static func value(of name: StaticString, in body: [UInt8], until end: UInt8) -> String? {
    body.withUnsafeBytes { bytes -> String? in
      guard let place = Self.place(of: name, in: bytes, from: 0) else { return nil }
      let begin = place + name.utf8CodeUnitCount
      guard Self.place(of: name, in: bytes, from: begin) == nil,
        let stop = bytes[begin...].firstIndex(of: end)
      else { return nil }
      return String(decoding: bytes[begin..<stop], as: UTF8.self)
    }
  }

  /// The first place of a text of two bytes or more, looked for by its second byte.
  private static func place(
    of text: StaticString, in bytes: UnsafeRawBufferPointer, from begin: Int
  ) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let length = text.utf8CodeUnitCount
    var at = begin + 1
    while at + length - 1 <= bytes.count,
      let found = memchr(base + at, Int32(text.utf8Start[1]), bytes.count - at)
    {
      let place = UnsafeRawPointer(found) - base - 1
      if place + length <= bytes.count, memcmp(base + place, text.utf8Start, length) == 0 {
        return place
      }
      at = place + 2
    }
    return nil
  }
}
