import Access
import CanonicalJSON
import GrantSnapshot
import MeshModel
import SnapshotStore

/// What a drill finds out about access in the rehearsed catalog.
public struct DrillAccess: Sendable {
  public let check: DrillReport.AccessCheck
  /// What should be given, in the names that the region has, but for the prefix.
  let wanted: AccessSet
  /// The tables there that a query can read, but for the prefix.
  let tables: Set<AccessResource>
}

extension RestoreRun {
  /// What the rehearsed catalog gives each principal of the mesh, as if the grants to those who stand
  /// in were its own, beside what the snapshot gives it.
  ///
  /// The region is captured anew for it. Only what the drill makes counts, on both sides.
  /// - Throws: `ArchiveError`, `AWSFailure` where nothing could be captured.
  public func drillAccess(_ drilling: Drilling) async throws -> DrillAccess {
    let secondary = try await captureSecondary()
    let sides = DrillSides(drilling: drilling, mapping: job.mapping)
    let (wanted, copies) = try await sides.wanted(job.reader, accounts: reachable, kinds)
    let found = try await sides.found(secondary.reader, copies: copies)
    var check = accessCheck(wanted, found.access) { $0 }
    check.strangers = found.strangers
    check.unread = secondary.failures.map { "\($0.key): \($0.message)" }
    return DrillAccess(
      check: check, wanted: wanted, tables: try await Self.queryable(secondary.reader, drilling))
  }

  /// The same of drill accounts, where each principal of the mesh has its own that stands for it. Who is
  /// of no drill account and was given something is a stranger.
  /// - Throws: as above.
  public func drillAccess(_ drilling: FullDrilling) async throws -> DrillAccess {
    let secondary = try await captureSecondary()
    let mapper = Mapper(job.mapping)
    var (wanted, found) = (AccessBuilder(), AccessBuilder())
    for kind in kinds where AccessBuilder.needs(kind.kind) {
      for account in reachable {
        let records = try await job.reader.records(account: account, kind: kind.kind)
        while let record = try records.next() {
          mapper.begin(record.key)
          if let own = try drilling.derived(record, of: kind, by: mapper) { try wanted.add(own) }
        }
      }
    }
    var strangers: [String] = []
    let records = try await secondary.reader.records()
    while let record = try records.next() {
      try found.add(record)
      if let stranger = try drilling.stranger(in: record) {
        strangers.append("\(stranger) on \(record.key.name) of \(record.key.account)")
      }
    }
    let (should, does) = (wanted.finished(), found.finished())
    let back = Mapper(job.mapping.inverse)
    var check = accessCheck(should, does) { back.principal($0) }
    check.strangers = strangers.sorted()
    check.unread = secondary.failures.map { "\($0.key): \($0.message)" }
    return DrillAccess(
      check: check, wanted: should, tables: try await Self.queryable(secondary.reader, nil))
  }

  /// - Parameter name: how the mesh calls a principal.
  private func accessCheck(
    _ wanted: AccessSet, _ found: AccessSet, _ name: (String) -> String
  ) -> DrillReport.AccessCheck {
    var check = DrillReport.AccessCheck()
    let restorers = Set(job.mapping.restorers.values)
    let lost = Dictionary(grouping: wanted.beyond(found), by: \.principal)
    let gained = Dictionary(grouping: found.beyond(wanted, ignoring: restorers), by: \.principal)
    for principal in Set(wanted.principals).union(gained.keys).sorted()
    where !restorers.contains(principal) {
      check.principals.append(
        .init(
          principal: name(principal), readable: found.extent(of: principal).readable,
          expected: wanted.extent(of: principal).readable,
          missing: lost[principal, default: []].map(\.line),
          beyond: gained[principal, default: []].map(\.line)))
    }
    return check
  }

  /// Tables with files that are neither links nor views.
  private static func queryable(
    _ region: SnapshotReader, _ drilling: Drilling?
  ) async throws -> Set<AccessResource> {
    var found: Set<AccessResource> = []
    let tables = try await region.records(kind: .table)
    while let record = try tables.next() {
      let path = record.key.path.map { $0.lowercased() }
      guard path.count == 2, drilling?.owns(record.key) ?? true,
        DrillProbe.isQueryable(try record.value())
      else { continue }
      let database = String(path[0].dropFirst(drilling?.prefix.count ?? 0))
      found.insert(.table(account: record.key.account, database: database, path[1]))
    }
    return found
  }
}

/// Both sides of a drill in the names of the mesh.
private struct DrillSides {
  let drilling: Drilling
  let mapping: Mapping

  /// What the snapshot gives of what is rehearsed, and which of its grants each grant of the drill is
  /// a copy of.
  func wanted(
    _ snapshot: SnapshotReader, accounts: [String], _ kinds: [any ResourceKind]
  ) async throws -> (AccessSet, copies: [RecordKey: [Record]]) {
    var builder = AccessBuilder()
    var copies: [RecordKey: [Record]] = [:]
    let drilled = Mapper(mapping)
    var plainMapping = mapping
    plainMapping.prefix = ""
    let plain = Mapper(plainMapping)
    for kind in kinds where AccessBuilder.needs(kind.kind) {
      for account in accounts {
        let records = try await snapshot.records(account: account, kind: kind.kind)
        while let record = try records.next() {
          drilled.begin(record.key)
          guard let copy = try drilling.derived(record, of: kind, by: drilled) else { continue }
          var own = try kind.mapped(record, by: plain)
          if kind.kind == .grant {
            // In the same form as what is found: SELECT on a table stands in a row of its own, which a
            // condition tells from the table's.
            own = try own.limited(to: own.value())
            copies[copy.key, default: []].append(own)
          } else if kind.kind == .database {
            own = try own.changed { $0["CreateTableDefaultPermissions"] = [] }
          }
          try builder.add(own)
        }
      }
    }
    return (builder.finished(), copies)
  }

  /// What the region gives of it. A grant to somebody who stands in counts for whomever it is a copy
  /// of, as far as it goes; one that is no copy is a stranger's.
  func found(
    _ region: SnapshotReader, copies: [RecordKey: [Record]]
  ) async throws -> (access: AccessSet, strangers: [String]) {
    var builder = AccessBuilder()
    var strangers: [String] = []
    let restorers = Set(mapping.restorers.values)
    let records = try await region.records()
    while let record = try records.next() {
      guard drilling.owns(record.key) else { continue }
      guard record.key.kindName == Kind.grant.name else {
        try builder.add(unprefixed(record))
        continue
      }
      let body = try record.value()
      guard let originals = copies[record.key] else {
        let principal = GrantKind().principal(of: body) ?? ""
        if !restorers.contains(principal) {
          strangers.append("\(principal) on \(record.key.name) of \(record.key.account)")
        }
        continue
      }
      for original in originals { try builder.add(original.limited(to: body)) }
    }
    return (builder.finished(), strangers.sorted())
  }

  private func unprefixed(_ record: Record) throws -> Record {
    let path = record.key.path.map(withoutPrefix)
    let kind = Kind(record.key.service, record.key.kindName)
    return Record(
      key: RecordKey(account: record.key.account, kind: kind, path: path),
      value: try record.value().mapStrings(withoutPrefix))
  }

  private func withoutPrefix(_ text: String) -> String {
    text.hasPrefix(drilling.prefix) ? String(text.dropFirst(drilling.prefix.count)) : text
  }
}

extension Record {
  fileprivate func changed(_ change: (inout JSON) -> Void) throws -> Record {
    var body = try value()
    change(&body)
    return Record(key: key, value: body)
  }

  /// The grant, as far as another one on the same goes.
  fileprivate func limited(to other: JSON) throws -> Record {
    try changed { body in
      for member in ["Permissions", "PermissionsWithGrantOption"] {
        let theirs = Set(GrantKind().comparable(other)[member]?.strings ?? [])
        let ours = GrantKind().comparable(body)[member]?.strings ?? []
        body[member] = JSON(ours.filter(theirs.contains))
      }
    }
  }
}
