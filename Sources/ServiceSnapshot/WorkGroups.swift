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

extension Array {
  /// The elements in arrays of at most `size`.
  func inBatches(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
