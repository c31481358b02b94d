import MeshModel

/// What was found of a mesh in its accounts: what a starter mesh file is written from. A value;
/// nothing is called.
public struct MeshSurvey: Sendable, Equatable {
  /// What was found in one account.
  public struct Account: Sendable, Equatable {
    public let account: MeshFile.Account
    /// The id of its unit; empty where Organizations could not be asked.
    public let unit: String
    /// Why it could not be looked into; nil if it could.
    public var refusal: String?
    /// Names of the roles that administer Lake Formation in it, with their paths.
    public var administrators: [String] = []
    /// Whether whoever looked administers Lake Formation there, and so sees everything.
    public var isWhole = false
    /// Databases of its own.
    public var databases = 0
    /// Resource links to databases of others.
    public var links = 0
    /// Buckets of its registered locations, each once.
    public var locations: [String] = []
    /// How many grants go to each other account, organization or unit. None for what only RAM
    /// tells of.
    public var shares: [String: Int] = [:]

    public init(_ account: MeshFile.Account, unit: String) {
      self.account = account
      self.unit = unit
    }

    /// Whether it has something that a mesh consists of.
    public var isPart: Bool {
      databases + links > 0 || !locations.isEmpty || !shares.isEmpty
    }
  }

  /// A bucket of the primary region.
  public struct Bucket: Sendable, Hashable {
    public let name: String
    /// Where its rules send it; nil where nothing replicates it.
    public let replica: String?
    /// The region of the replica; nil where it is not known.
    public let region: String?

    public init(name: String, replica: String?, region: String?) {
      self.name = name
      self.replica = replica
      self.region = region
    }
  }

  public let primary: String
  /// Nil for an organization that could not be asked.
  public let organization: Organization?
  /// The accounts that can be used, by id.
  public var accounts: [Account] = []
  /// Replicated ones, and those of registered locations.
  public var buckets: [Bucket] = []
  /// The secondary region, if the caller chose one.
  public var chosenSecondary: String?

  public init(primary: String, organization: Organization?) {
    self.primary = primary
    self.organization = organization
  }
}

// MARK: - What follows from it

extension MeshSurvey {
  /// The region that was chosen, or the one to which most buckets are replicated.
  public var secondary: String? {
    if let chosenSecondary { return chosenSecondary }
    let regions = buckets.compactMap(\.region).filter { $0 != primary }
    let counts = Dictionary(grouping: regions) { $0 }.mapValues(\.count)
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }

  /// The accounts that hold something of the mesh; all where none was seen to.
  public var parts: [Account] {
    let parts = accounts.filter(\.isPart)
    return parts.isEmpty ? accounts : parts
  }

  /// How the mesh file names the units that hold the mesh's accounts, the outermost only. Nil
  /// where that is the whole organization, or there is none.
  public var units: [String]? {
    guard let organization else { return nil }
    let ids = Set(parts.map(\.unit))
    let held = organization.units.filter { ids.contains($0.id) }
    let outermost = held.filter { unit in
      !held.contains {
        organization.path(of: unit).hasPrefix(organization.path(of: $0) + "/")
      }
    }
    guard !outermost.isEmpty, outermost.allSatisfy({ $0.parent != nil }) else { return nil }
    return outermost.map { unit in
      let isUnique = organization.units.count { $0.name == unit.name } == 1
      return isUnique ? unit.name : organization.path(of: unit)
    }
  }

  /// A role that administers Lake Formation in accounts of the mesh, and in how many of those that
  /// could be looked into.
  public struct Role: Sendable, Equatable {
    public let name: String
    public let accounts: Int
  }

  /// The role that captures, as its name tells; nil where none does.
  public var reader: Role? { role(named: ["read"]) }

  /// The role that restores, as its name tells; nil where none does.
  public var restorer: Role? { role(named: ["restor", "recover"]) }

  /// How many accounts of the mesh could be looked into.
  public var entered: Int { parts.count { $0.refusal == nil } }

  private func role(named words: [String]) -> Role? {
    var counts: [String: Int] = [:]
    for account in parts {
      for name in Set(account.administrators) { counts[name, default: 0] += 1 }
    }
    let fitting = counts.filter { name, _ in
      words.contains { name.lowercased().contains($0) } && name.allSatisfy(\.isRoleCharacter)
    }
    return fitting.min { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { Role(name: $0.key, accounts: $0.value) }
  }

  /// Buckets of registered locations that nothing replicates.
  public var unreplicated: [String] {
    let locations = Set(accounts.flatMap(\.locations))
    return buckets.filter { $0.replica == nil && locations.contains($0.name) }.map(\.name).sorted()
  }

  /// What an account or an ARN is called.
  public func name(of principal: String) -> String {
    accounts.first { $0.account.id == principal }?.account.name ?? principal
  }
}

extension Character {
  /// Whether the mesh file takes it in the name of a role.
  fileprivate var isRoleCharacter: Bool {
    isASCII && (isLetter || isNumber || "+=,.@_-/".contains(self))
  }
}
