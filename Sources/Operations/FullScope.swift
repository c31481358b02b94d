import Access
import CanonicalJSON
import MeshFile
import MeshModel
import Restore
import SnapshotStore

/// Which accounts and principals stand for those of the mesh in a full drill.
struct FullScope: Sendable, Hashable {
  /// Drill accounts, by the accounts of the mesh.
  let accounts: [String: String]
  /// Who stands in, by the principal of the mesh.
  let principals: [String: String]
  let kms: [String: String]
  /// The role in each account that stands in for whom nobody else does.
  let standIn: String?
  /// The role that is assumed in each; nil for the one that restores.
  let role: String?

  /// Nobody waits for a full drill: a real restore into the region can begin meanwhile.
  static func hold(_ region: String, isFull: Bool) -> String {
    isFull ? "\(region)-drill-accounts" : region
  }

  var drilling: FullDrilling { FullDrilling(accounts: Set(accounts.values), role: standIn) }

  /// Only drill accounts and their principals are in the mapping then.
  func apply(to mapping: inout Mapping) {
    mapping.accounts = accounts
    mapping.principals = principals
    mapping.keys.merge(kms) { $1 }
  }
}

extension DrillOperation {
  /// The stand-ins that the mesh file names.
  /// - Throws: `MeshFileError` with its place where an account has none, or one of the mesh's;
  ///   `CommandFailure` (`.usage`) for a stand-in elsewhere.
  func fullScope(_ mesh: MeshFile, _ manifest: Manifest) throws -> FullScope {
    let drill = mesh.drill
    let all = manifest.details.accounts.map(\.id)
    let own = Set(all).union(mesh.mapping.accounts.values)
    for account in try recovery.selected(manifest) where drill.accounts[account.id] == nil {
      throw mesh.refusal(
        ofDrillAccount: account.id,
        "a full drill needs an account that stands for \(account.id) \(account.name) (drill: "
          + "accounts:)")
    }
    for (account, standIn) in drill.accounts.sorted(by: { $0.key < $1.key })
    where own.contains(standIn) {
      throw mesh.refusal(
        ofDrillAccount: account,
        "\(standIn) is an account of the mesh: a drill in it would meet what lives there")
    }
    let named = mesh.mapping.principals.merging(drill.principals) { $1 }
    var principals: [String: String] = [:]
    let byRealID = Dictionary(
      drill.accounts.map { (mesh.mapping.accounts[$0.key] ?? $0.key, $0.value) }
    ) { first, _ in first }.merging(drill.accounts) { $1 }
    for (principal, standIn) in named {
      let moved = Self.moved(standIn, byRealID)
      guard Principal.account(of: moved).map(Set(drill.accounts.values).contains) == true else {
        throw CommandFailure(
          .usage,
          "\(standIn) can't stand in for \(principal) in a full drill, for it is of no drill account "
            + "(drill: principals:)")
      }
      principals[principal] = moved
    }
    return FullScope(
      accounts: drill.accounts, principals: principals, kms: drill.kms, standIn: drill.role,
      role: drill.restorerRole)
  }

  /// A stand-in of an account of the mesh is meant in the drill account.
  private static func moved(_ principal: String, _ accounts: [String: String]) -> String {
    var mapping = Mapping(from: "", to: "")
    mapping.accounts = accounts
    return Mapper(mapping).principal(principal)
  }
}

// MARK: - In a journal

extension FullScope {
  var json: JSON {
    [
      "accounts": .object(accounts.mapValues(JSON.string)),
      "principals": .object(principals.mapValues(JSON.string)),
      "kms": .object(kms.mapValues(JSON.string)),
      "standIn": standIn.map(JSON.string) ?? .null, "role": role.map(JSON.string) ?? .null,
    ]
  }

  init?(json: JSON?) {
    guard let json, let accounts = json["accounts"]?.object, !accounts.isEmpty else { return nil }
    func texts(_ name: String) -> [String: String] {
      (json[name]?.object ?? [:]).compactMapValues(\.string)
    }
    self.accounts = texts("accounts")
    principals = texts("principals")
    kms = texts("kms")
    standIn = json["standIn"]?.string
    role = json["role"]?.string
  }
}
