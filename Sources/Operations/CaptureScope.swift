import AWSAccess
import Capture
import MeshFile
import MeshModel
import SnapshotStore

/// Which accounts a capture is about.
struct CaptureScope: Sendable {
  let mesh: MeshFile
  /// All accounts of the mesh.
  let accounts: [MeshFile.Account]
  /// Those that are captured: all, or what `--account` names.
  let selected: [MeshFile.Account]
  /// What whoever reads the snapshot should know about its accounts.
  let warnings: [String]

  /// Names by id.
  var names: [String: String] {
    Dictionary(accounts.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}

extension MeshContext {
  /// The accounts of the mesh, from the mesh file or from Organizations.
  /// - Parameter previous: the snapshot before, if there is one. Where Organizations does not
  ///   answer, the mesh has the accounts that it had then.
  /// - Throws: `CommandFailure` and `MeshFileError`.
  func captureScope(
    _ mesh: MeshFile, _ session: AWSSession, previous: Manifest?
  ) async throws -> CaptureScope {
    guard mesh.accounts.from == .organization else {
      return try scope(mesh, MeshAccounts(listedIn: mesh), [], previous)
    }
    do {
      let listing = try await OrganizationListing(session, region: mesh.primary)
      return try scope(mesh, await listing.accounts(of: mesh), [], previous)
    } catch let failure as AWSFailure {
      guard let previous, let known = try accounts(of: mesh, asIn: previous) else {
        throw CommandFailure(
          .failed, "Organizations does not say which accounts the mesh has: \(failure)")
      }
      let warning =
        "Organizations does not answer (\(failure.code): \(failure.message)): the accounts are "
        + "those of snapshot \(previous.id), and one that has come since is missing"
      tell("warning: \(warning)")
      return try scope(mesh, known, [warning], previous)
    }
  }

  private func scope(
    _ mesh: MeshFile, _ found: MeshAccounts, _ warnings: [String], _ previous: Manifest?
  ) throws -> CaptureScope {
    for account in found.leftOut {
      explain("left out: \(account.account.id) \(account.account.name): \(account.reason)")
    }
    return CaptureScope(
      mesh: mesh, accounts: found.accounts, selected: try selected(found.accounts),
      warnings: warnings + departed(found, since: previous))
  }

  /// Nil where the mesh file chose its accounts otherwise then.
  private func accounts(of mesh: MeshFile, asIn previous: Manifest) throws -> MeshAccounts? {
    let then = try MeshFile(text: previous.details.meshFile, path: "snapshot \(previous.id)")
    guard then.accounts.from == .organization, then.accounts.units == mesh.accounts.units else {
      return nil
    }
    let members = previous.details.accounts.map {
      Organization.Member(account: .init(id: $0.id, name: $0.name), state: "ACTIVE", unit: "")
    }
    return try MeshAccounts(members, of: mesh)
  }

  /// An account that leaves the mesh takes its metadata out of all later snapshots.
  private func departed(_ found: MeshAccounts, since previous: Manifest?) -> [String] {
    guard let previous else { return [] }
    let here = Set(found.accounts.map(\.id))
    let reasons = Dictionary(
      found.leftOut.map { ($0.account.id, $0.reason) }, uniquingKeysWith: { first, _ in first })
    return previous.details.accounts.filter { !here.contains($0.id) }.map { account in
      "account \(account.id) \(account.name) is no longer captured, but is in snapshot "
        + "\(previous.id): \(reasons[account.id] ?? "it is not among the accounts of the mesh")"
    }
  }
}
