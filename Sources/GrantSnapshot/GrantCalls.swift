import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Granting and revoking, in batches whose entries fail one by one.
extension GrantKind {
  /// BatchGrantPermissions and BatchRevokePermissions. `prepare` takes away what is held beyond the
  /// desired grant; what is missing comes with `update`.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    var revoked: [(Change, JSON)] = []
    var granted: [(Change, JSON)] = []
    for change in changes {
      guard let body = change.desired ?? change.live else { continue }
      let excess = Self.difference(
        change.live, minus: change.step == .remove ? nil : change.desired)
      if change.step != .create, let excess {
        revoked += excess.revocations.map {
          (change, entry(body, $0, all: change.step == .remove))
        }
      }
      let missing = Self.difference(
        change.desired, minus: change.step == .create ? nil : change.live)
      if [.create, .update].contains(change.step), let missing {
        granted.append((change, entry(body, missing, all: true)))
      }
    }
    let refused = try await send(.lakeFormationBatchRevokePermissions, revoked, at: site)
    return refused + (try await send(.lakeFormationBatchGrantPermissions, granted, at: site))
  }

  private struct Permissions {
    var plain: Set<String>
    var grantable: Set<String>

    /// An option that goes while its permission stays is revoked by itself: along with permissions,
    /// its own would go, too.
    var revocations: [Permissions] {
      let alone = grantable.subtracting(plain)
      guard !alone.isEmpty, !plain.isEmpty else { return [self] }
      return [
        Permissions(plain: plain, grantable: grantable.intersection(plain)),
        Permissions(plain: [], grantable: alone),
      ]
    }
  }

  /// What the first grant gives and the second does not; nil if nothing.
  private static func difference(_ body: JSON?, minus other: JSON?) -> Permissions? {
    guard let body else { return nil }
    let grantable = permissions(body, "PermissionsWithGrantOption")
      .subtracting(other.map { permissions($0, "PermissionsWithGrantOption") } ?? [])
    // A grant option is given along with its permission, and taken back along with it.
    let plain = permissions(body, "Permissions")
      .subtracting(other.map { permissions($0, "Permissions") } ?? [])
      .union(other == nil ? grantable : [])
    return plain.isEmpty && grantable.isEmpty
      ? nil : Permissions(plain: plain, grantable: grantable)
  }

  private func entry(_ body: JSON, _ permissions: Permissions, all: Bool = false) -> JSON {
    let resource = GrantResource(body["Resource"] ?? nil, account: "")
    var entry: JSON = ["Principal": body["Principal"] ?? nil, "Resource": resource?.request ?? nil]
    for (member, wanted) in [
      ("Permissions", permissions.plain), ("PermissionsWithGrantOption", permissions.grantable),
    ] where !wanted.isEmpty {
      let isAll = all && (body[member]?.strings ?? []).contains("ALL")
      entry[member] = JSON(isAll ? ["ALL"] : wanted.sorted())
    }
    entry["Condition"] = body["Condition"]
    return entry
  }

  private func send(
    _ operation: AWSOperation, _ changes: [(Change, JSON)], at site: Site
  ) async throws -> [ChangeFailure] {
    guard !changes.isEmpty else { return [] }
    let entries = changes.enumerated().map { index, change in
      var entry = change.1
      entry["Id"] = .string(String(index))
      return entry
    }
    let failures = try await site.client.batch(operation, [:], entries: entries)
    return failures.filter { !Self.wasGone($0) }.map { failure in
      ChangeFailure(
        key: changes[failure.index].0.key, code: failure.code, message: failure.message,
        holdsBack: !Self.namesNobody(failure))
    }
  }

  /// Whose grant it is does not exist any more: it can be neither given nor revoked, and gives nobody
  /// anything.
  private static func namesNobody(_ failure: AWSBatchFailure) -> Bool {
    failure.code == "InvalidInputException" && failure.message.hasPrefix("Invalid principal")
  }

  /// What is to be revoked is gone: our own try, whose answer was lost, or somebody else did it.
  private static func wasGone(_ failure: AWSBatchFailure) -> Bool {
    failure.code == "InvalidInputException" && failure.message.hasPrefix("No permissions revoked")
  }
}
