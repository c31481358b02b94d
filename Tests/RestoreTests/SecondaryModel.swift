import Access
import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel

@testable import Restore

/// A secondary region in memory: what each call of a restore would leave in it, after every call.
///
/// It follows AWS, not the plan: a new database or table is open as the settings in force say, a
/// table that goes takes its tags and filters along, and tags change call by call.
struct SecondaryModel {
  private(set) var records: [RecordKey: JSON]
  /// Called after every change.
  var changed: ([RecordKey: JSON]) throws -> Void = { _ in }

  init(_ records: [Record]) throws {
    self.records = Dictionary(
      uniqueKeysWithValues: try records.map { ($0.key, try $0.value()) })
  }

  var list: [Record] { records.map { Record(key: $0.key, value: $0.value) } }

  mutating func apply(_ action: Action, _ desired: JSON?, _ live: JSON?) throws {
    let key = action.key
    switch Kind(key.service, key.kindName) {
    case .settings, .database: try put(action, desired)
    case .tagAssignment: try assign(key, desired: action.step == .remove ? nil : desired)
    case .grant: try grant(action, desired, live)
    default:
      try set(key, action.step == .remove ? nil : desired)
      if action.step == .create, key.kindName == "table" { try openTable(key) }
    }
  }

  private mutating func set(_ key: RecordKey, _ body: JSON?) throws {
    records[key] = body
    if body == nil, ["database", "table"].contains(key.kindName) {
      for below in records.keys where below.account == key.account && below.lies(in: key) {
        records[below] = nil
      }
    }
    // Deleting an expression deletes the policies that name it.
    if body == nil, key.kindName == "lf-tag-expression" {
      for (policy, body) in records where policy.account == key.account {
        let name = body["Resource"]?["LFTagPolicy"]?["ExpressionName"]?.string
        if name != nil, name == key.path.first { records[policy] = nil }
      }
    }
    try changed(records)
  }

  /// Only the last step leaves the defaults open.
  private mutating func put(_ action: Action, _ desired: JSON?) throws {
    guard action.step != .remove, var body = desired else { return try set(action.key, nil) }
    // A database that could not be created can't be updated.
    guard action.step == .create || records[action.key] != nil else { return }
    if action.step != .settle {
      for list in ["CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"]
      where body[list] != nil { body[list] = [] }
      // Administrators but the restorer become so at the end.
      for list in ["DataLakeAdmins", "ReadOnlyAdmins"] where body[list] != nil {
        let present = records[action.key]?[list]?.array ?? []
        body[list] = .array(body[list]?.array?.filter { present.contains($0) } ?? [])
      }
    }
    try set(action.key, body)
    guard action.step == .create, action.key.kindName == "database" else { return }
    let settings = records[RecordKey(account: action.key.account, kind: .settings, path: [])]
    try open(
      ["Database": ["Name": .string(action.key.path[0])]], in: action.key.account,
      settings?["CreateDatabaseDefaultPermissions"])
  }

  private mutating func openTable(_ key: RecordKey) throws {
    let database = records[
      RecordKey(account: key.account, kind: .database, path: [key.path[0]])]
    let table: JSON = [
      "Table": ["DatabaseName": .string(key.path[0]), "Name": .string(key.path[1])]
    ]
    try open(table, in: key.account, database?["CreateTableDefaultPermissions"])
  }

  private mutating func open(_ resource: JSON, in account: String, _ defaults: JSON?) throws {
    for entry in defaults?.array ?? [] {
      guard let principal = GrantKind().principal(of: entry),
        let path = GrantResource(resource, account: account)?
          .path(principal: principal, condition: nil)
      else { continue }
      let body: JSON = [
        "Principal": entry["Principal"] ?? [:], "Resource": resource,
        "Permissions": entry["Permissions"] ?? [], "PermissionsWithGrantOption": [],
      ]
      try set(RecordKey(account: account, kind: .grant, path: path), body)
    }
  }

  /// RemoveLFTagsFromResource, then AddLFTagsToResource.
  private mutating func assign(_ key: RecordKey, desired: JSON?) throws {
    let wanted = desired?["LFTags"]?.array ?? []
    let keys = Set(wanted.compactMap { $0["TagKey"]?.string })
    let kept = (records[key]?["LFTags"]?.array ?? []).filter {
      keys.contains($0["TagKey"]?.string ?? "")
    }
    try set(key, kept.isEmpty ? nil : ["LFTags": .array(kept)])
    if !wanted.isEmpty { try set(key, ["LFTags": .array(wanted)]) }
  }

  /// Revoking what is beyond, then granting what is missing, each in a call of its own.
  private mutating func grant(_ action: Action, _ desired: JSON?, _ live: JSON?) throws {
    guard action.step != .remove else { return try set(action.key, nil) }
    guard let desired else { return }
    if action.step != .create, let held = records[action.key] {
      var less = held
      for list in ["Permissions", "PermissionsWithGrantOption"] {
        let wanted = Set(desired[list]?.strings ?? [])
        less[list] = JSON((held[list]?.strings ?? []).filter(wanted.contains))
      }
      try set(action.key, less)
    }
    if [.create, .update].contains(action.step) { try set(action.key, desired) }
  }
}

extension RecordKey {
  /// Whether a record goes when a database or table goes.
  fileprivate func lies(in parent: RecordKey) -> Bool {
    guard kindName != "grant", !["settings", "lf-tag", "location"].contains(kindName) else {
      return false
    }
    return path.count > parent.path.count && Array(path.prefix(parent.path.count)) == parent.path
      || kindName == "tag-assignment" && path == parent.path
  }
}
