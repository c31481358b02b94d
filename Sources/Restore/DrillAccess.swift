import Access
import CanonicalJSON
import GrantSnapshot
import MeshModel
import SnapshotStore

extension RestoreRun {
  /// What the rehearsed catalog gives each principal of the mesh, as if the grants to those who stand
  /// in were its own, beside what the snapshot gives it.
  ///
  /// The region is captured anew for it. Only what the drill makes counts, on both sides.
  /// - Throws: `ArchiveError`, `AWSFailure` where nothing could be captured.
  public func drillAccess(_ drilling: Drilling) async throws -> DrillReport.AccessCheck {
    let secondary = try await captureSecondary()
    let sides = DrillSides(drilling: drilling, mapping: job.mapping)
    let (wanted, copies) = try await sides.wanted(job.reader, accounts: reachable, kinds)
    let found = try await sides.found(secondary.reader, copies: copies)
    var check = DrillReport.AccessCheck()
    check.strangers = found.strangers
    let restorers = Set(job.mapping.restorers.values)
    let lost = Dictionary(grouping: wanted.beyond(found.access), by: \.principal)
    let gained = Dictionary(
      grouping: found.access.beyond(wanted, ignoring: restorers), by: \.principal)
    for principal in Set(wanted.principals).union(gained.keys).sorted()
    where !restorers.contains(principal) {
      check.principals.append(
        .init(
          principal: principal, readable: found.access.extent(of: principal).readable,
          expected: wanted.extent(of: principal).readable,
          missing: lost[principal, default: []].map(\.line),
          beyond: gained[principal, default: []].map(\.line)))
    }
    check.unread = secondary.failures.map { "\($0.key): \($0.message)" }
    return check
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

extension RestoreRun {
  /// A table of the drill in each account that has some, for queries: the first one that is neither a
  /// link nor a view.
  /// - Throws: `ArchiveError`, `AWSFailure` where nothing could be captured.
  public func drillTables(_ drilling: Drilling) async throws -> [(account: String, table: [String])]
  {
    var found: [String: [String]] = [:]
    let region = try await captureSecondary().reader
    let tables = try await region.records(kind: .table)
    while let record = try tables.next() {
      let body = try record.value()
      guard drilling.owns(record.key), found[record.key.account] == nil,
        body["TargetTable"] == nil, body["ViewOriginalText"] == nil,
        body["StorageDescriptor"]?["Location"]?.string?.isEmpty == false
      else { continue }
      found[record.key.account] = record.key.path
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
