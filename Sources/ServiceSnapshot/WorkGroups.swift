import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// What the kinds of Athena have in common: nearly all of it lies in a work group.
enum WorkGroups {
  /// The names of all work groups of the account. Every account has one called `primary`.
  static func names(at site: Site) async throws -> [String] {
    try await site.client.all(.athenaListWorkGroups).map {
      try WorkGroupKind().required("Name", of: $0)
    }
  }

  /// The work group of what lies in one.
  static func group(of key: RecordKey) -> RecordKey {
    RecordKey(account: key.account, kind: .workGroup, path: Array(key.path.prefix(1)))
  }

  /// Fails where a batch call left something out that is still there.
  /// - Parameters:
  ///   - unprocessed: what the answer says of each such name.
  ///   - name: the member with the name.
  static func refuse(
    _ unprocessed: [JSON], name: String, _ operation: AWSOperation, at site: Site
  ) throws {
    for entry in unprocessed {
      let failure = AWSFailure(
        code: entry["ErrorCode"]?.string ?? "UnknownError",
        message: "\(entry[name]?.string ?? "?"): \(entry["ErrorMessage"]?.string ?? "")",
        operation: operation.name, account: site.account, region: site.region)
      let words = (failure.code + failure.message).lowercased()
      guard !words.contains("not found"), !words.contains("notfound"),
        !words.contains("not_found")
      else { continue }
      throw failure
    }
  }
}

/// What lies in a work group: its key begins with the group's name.
public protocol WorkGroupMemberKind: RestorableKind {
  /// All records of one work group.
  /// - Throws: `AWSFailure`, `MalformedRecord`.
  func records(of group: String, at site: Site) async throws -> [Record]
}

extension WorkGroupMemberKind {
  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    guard let group = path.first else { return path }
    return [mapper.name(group)] + path.dropFirst()
  }

  public func requirements(of key: RecordKey, body: JSON) -> [Requirement] {
    [.record(WorkGroups.group(of: key))]
  }

  public func parent(of key: RecordKey) -> RecordKey? { WorkGroups.group(of: key) }

  /// Every work group's, several groups at once. One that is gone meanwhile has none.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    let found = try await gather(WorkGroups.names(at: site)) { group in
      try await unlessGone { try await records(of: group, at: site) }
    }
    for record in found.joined() { try sink.add(record) }
  }
}

extension Array {
  /// The elements in arrays of at most `size`.
  func inBatches(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
