import AWSAccess
import CanonicalJSON
import Capture
import MeshFile

/// Asks AWS Organizations which accounts there are, with the caller's own credentials.
///
/// Only the management account and delegated administrators may ask. A restore never does: its
/// accounts are those of the snapshot's manifest.
struct OrganizationListing: Sendable {
  private let client: AWSClient
  /// Who asks, for messages.
  private let caller: String
  /// Organizations allows few calls a second, however many accounts there are.
  private static let concurrency = 4

  /// - Parameter region: decides the partition; Organizations has one endpoint in each.
  /// - Throws: `CommandFailure` where there are no credentials.
  init(_ session: AWSSession, region: String) async throws {
    let region = AWSRegion(region)
    do {
      let identity = try await session.callerIdentity(region: region)
      caller = identity.arn
      client = try await session.client(account: identity.account, role: nil, region: region)
    } catch let failure as AWSFailure {
      throw CommandFailure(.failed, failure.message)
    }
  }

  /// All roots and units: ListRoots, and ListOrganizationalUnitsForParent of each.
  /// - Throws: `AWSFailure`.
  func organization() async throws -> Organization {
    var level = try await client.all(.organizationsListRoots, [:]).map {
      try self.unit($0, in: nil)
    }
    var units = level
    while !level.isEmpty {
      let below = Guarded<[Organization.Unit]>([])
      try await forEachConcurrently(level, limit: Self.concurrency) { parent in
        let listed = try await client.all(
          .organizationsListOrganizationalUnitsForParent, ["ParentId": .string(parent.id)])
        try below.withLock { $0 += try listed.map { try unit($0, in: parent.id) } }
      }
      level = below.withLock(\.self)
      units += level
    }
    return Organization(units: units)
  }

  /// The accounts that are in these units themselves: ListAccountsForParent of each.
  /// - Throws: `AWSFailure`.
  func members(of units: [Organization.Unit]) async throws -> [Organization.Member] {
    let members = Guarded<[Organization.Member]>([])
    try await forEachConcurrently(units, limit: Self.concurrency) { unit in
      let listed = try await client.all(
        .organizationsListAccountsForParent, ["ParentId": .string(unit.id)])
      try members.withLock { $0 += try listed.map { try member($0, in: unit.id) } }
    }
    return members.withLock(\.self).sorted { $0.account.id < $1.account.id }
  }

  /// The accounts of the mesh that the file describes.
  /// - Throws: `MeshFileError` for units that are not there; `CommandFailure` where the caller may
  ///   not ask; `AWSFailure` where Organizations does not answer.
  func accounts(of mesh: MeshFile) async throws -> MeshAccounts {
    do {
      let units = try await organization().units(of: mesh)
      return try MeshAccounts(await members(of: units), of: mesh)
    } catch let failure as AWSFailure {
      guard let reason = refusal(failure) else { throw failure }
      if failure.code == Self.notInUse { throw mesh.refusal(ofAccounts: reason) }
      throw CommandFailure(.failed, reason)
    }
  }

  private static let notInUse = "AWSOrganizationsNotInUseException"

  /// Why Organizations will not say which accounts there are; nil where it may answer later.
  func refusal(_ failure: AWSFailure) -> String? {
    if failure.code == Self.notInUse {
      return "account \(client.account) is in no organization: list the accounts (from: list)"
    }
    guard failure.isAccessDenied else { return nil }
    return
      "\(caller) may not ask Organizations for the accounts of the mesh (\(failure.operation): "
      + "\(failure.message)). Use the management account or a delegated administrator, with "
      + "organizations:ListRoots, ListOrganizationalUnitsForParent and ListAccountsForParent; or "
      + "list the accounts in the mesh file (from: list)"
  }

  private func unit(_ listed: JSON, in parent: String?) throws -> Organization.Unit {
    let id = try id(of: listed)
    return .init(id: id, name: listed["Name"]?.string ?? id, parent: parent)
  }

  /// `State` has replaced `Status`; older endpoints have only that.
  private func member(_ listed: JSON, in unit: String) throws -> Organization.Member {
    let id = try id(of: listed)
    let state = listed["State"]?.string ?? listed["Status"]?.string ?? "ACTIVE"
    return .init(
      account: .init(id: id, name: listed["Name"]?.string ?? id), state: state, unit: unit)
  }

  private func id(of listed: JSON) throws -> String {
    if let id = listed["Id"]?.string { return id }
    throw AWSFailure(
      code: AWSFailure.Code.damagedAnswer, message: "Organizations listed something without an id")
  }
}
