import Access
import GrantSnapshot
import MeshFile
import MeshModel
import SnapshotStore

/// Everybody who has anything in a snapshot: nobody of them may stand in for another.
struct DrillRoster: Sendable {
  private(set) var principals: Set<String> = []

  /// - Throws: `ArchiveError`, `JSONError` where the snapshot can't be read.
  init(_ snapshot: SnapshotReader) async throws {
    let grants = try await snapshot.records(kind: .grant)
    while let record = try grants.next() {
      if let principal = GrantKind().principal(of: try record.value()) {
        principals.insert(principal)
      }
    }
  }
}

extension MeshFile.Drill {
  /// Who stands in where a drill has no accounts of its own: those of drill accounts have nothing to do
  /// with copies beside what lives in the mesh.
  var standInsBeside: [String: String] {
    let apart = Set(accounts.values)
    return principals.filter { !(Principal.account(of: $0.value).map(apart.contains) ?? false) }
  }

  /// - Throws: `CommandFailure` (`.usage`) where somebody would stand in who has access of its own.
  func check(against roster: DrillRoster) throws {
    for standIn in principals.values.sorted() where roster.principals.contains(standIn) {
      throw CommandFailure(
        .usage,
        "\(standIn) can't stand in for others in a drill (drill: principals:), for it has access of "
          + "its own in the mesh, and would gain some")
    }
    guard let role else { return }
    let taken = roster.principals.first { $0.hasSuffix(":role/\(role)") }
    if let taken {
      throw CommandFailure(
        .usage,
        "\(taken) can't stand in for others in a drill (drill: role:), for it has access of its own "
          + "in the mesh, and would gain some")
    }
  }
}
