import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// Which account shares what with whom. A directed graph: from owners to users.
///
/// Sharing does not carry on: what an account was given it can't give to a third.
public struct SharingGraph: Sendable {
  /// What one account shares with one user.
  public struct Edge: Sendable, Hashable {
    /// The account whose catalog it is in.
    public let owner: String
    /// An account, or an organization or unit of one by its ARN.
    public let user: String
    /// What the owner granted, and to whom where that is not the account as such.
    public fileprivate(set) var grants: Set<Grant> = []
    /// The user's resource links to it.
    public fileprivate(set) var links: Set<String> = []
    /// ARNs of the shares of the Resource Access Manager: those that carry the grants, and those that
    /// people made.
    public fileprivate(set) var shares: Set<String> = []
    /// What people share in the Resource Access Manager itself, a share a line.
    public fileprivate(set) var madeByHand: Set<String> = []
    /// What the resource policy of the owner's catalog allows, a statement a line.
    public fileprivate(set) var policies: Set<String> = []
  }

  public struct Grant: Sendable, Hashable, Comparable {
    public let resource: String
    public let principal: String

    public static func < (left: Grant, right: Grant) -> Bool {
      (left.resource, left.principal) < (right.resource, right.principal)
    }
  }

  private struct Ends: Hashable {
    let owner: String
    let user: String
  }

  private var found: [Ends: Edge] = [:]
  private var captured: Set<String> = []

  public init() {}

  /// - Throws: `JSONError` where a record can't be read.
  public init(_ records: some Sequence<Record>) throws(JSONError) {
    for record in records { try add(record) }
  }

  /// Every edge, by owner and user.
  public var edges: [Edge] {
    found.values.sorted { ($0.owner, $0.user) < ($1.owner, $1.user) }
  }

  /// Everyone at an end of an edge, and every account of which there are records.
  public var nodes: [String] {
    captured.union(found.keys.flatMap { [$0.owner, $0.user] }).sorted()
  }

  /// Whether records of a kind tell anything about sharing.
  public static func needs(_ kind: Kind) -> Bool {
    [.grant, .database, .table, .resourceShare, .resourcePolicy].contains(kind)
  }

  /// Takes over what a record tells about sharing: grants, resource links, the shares that people
  /// made, and the catalog's resource policy.
  /// - Throws: `JSONError` where its body can't be read.
  public mutating func add(_ record: Record) throws(JSONError) {
    switch Kind(record.key.service, record.key.kindName) {
    case .grant: addGrant(record.key.account, try record.value())
    case .database: addLink(record.key, try record.value()["TargetDatabase"])
    case .table: addLink(record.key, try record.value()["TargetTable"])
    case .resourceShare: addShare(record.key.account, try record.value())
    case .resourcePolicy: addPolicy(record.key.account, try record.value())
    default: return
    }
    captured.insert(record.key.account)
  }

  private mutating func change(_ owner: String, _ user: String, _ body: (inout Edge) -> Void) {
    let ends = Ends(owner: owner, user: user)
    var edge = found.removeValue(forKey: ends) ?? Edge(owner: owner, user: user)
    body(&edge)
    found[ends] = edge
  }

  private mutating func addGrant(_ account: String, _ body: JSON) {
    guard let principal = body["Principal"]?.principal,
      let resource = GrantResource(body["Resource"] ?? nil, account: account),
      resource.catalog == account,
      let user = Self.user(principal), user != account
    else { return }
    let shares = body["AdditionalDetails"]?["ResourceShare"]?.strings ?? []
    change(account, user) { edge in
      edge.grants.insert(Grant(resource: resource.title, principal: principal))
      edge.shares.formUnion(shares)
    }
  }

  private mutating func addShare(_ account: String, _ body: JSON) {
    guard ResourceShareKind().restorability(of: body) == .manual else { return }
    let resources = (body["resources"]?.array ?? []).compactMap {
      $0["arn"]?.string.flatMap(ARN.init)
    }
    let name = body["name"]?.string ?? ""
    for principal in (body["principals"]?.array ?? []).compactMap({ $0["id"]?.string }) {
      guard let user = Self.user(principal), user != account else { continue }
      change(account, user) { edge in
        edge.madeByHand.insert(
          "\(name): \(resources.map(\.resource).sorted().joined(separator: ", "))"
            + (principal == user ? "" : " to \(principal)"))
        if let arn = body["resourceShareArn"]?.string { edge.shares.insert(arn) }
      }
    }
  }

  private mutating func addPolicy(_ account: String, _ body: JSON) {
    for allowance in ResourcePolicyKind.allowances(of: body) ?? [] {
      let resources = allowance.resources.map { ARN($0)?.resource ?? $0 }
      let what =
        "\(allowance.actions.joined(separator: ", ")) on \(resources.joined(separator: ", "))"
        + (allowance.isConditional ? " under a condition" : "")
      for principal in allowance.principals {
        guard let user = Self.user(principal), user != account else { continue }
        change(account, user) { $0.policies.insert(what) }
      }
    }
  }

  /// Whom something is shared with by naming a principal: its account, an organization, or `*`.
  private static func user(_ principal: String) -> String? {
    principal == "*" || Principal.isOrganization(principal)
      ? principal : Principal.account(of: principal)
  }

  private mutating func addLink(_ key: RecordKey, _ target: JSON?) {
    guard let owner = target?["CatalogId"]?.string, owner != key.account else { return }
    let name = [target?["DatabaseName"], target?["Name"]].compactMap { $0?.string }
    change(owner, key.account) { edge in
      edge.links.insert("\(key.name) → \(name.joined(separator: "."))")
    }
  }
}

// MARK: - Order

extension SharingGraph {
  private var users: [String: [String]] {
    Dictionary(grouping: found.keys, by: \.owner).mapValues { $0.map(\.user) }
  }

  /// Everything that can be come to from each node.
  private var reachable: [String: Set<String>] {
    let users = users
    return nodes.reduce(into: [:]) { result, start in
      var seen: Set<String> = []
      var next = users[start] ?? []
      while let node = next.popLast() {
        if seen.insert(node).inserted { next += users[node] ?? [] }
      }
      result[start] = seen
    }
  }

  /// Nodes in an order in which owners come before their users. Those that share in a circle stand
  /// together.
  public var order: [[String]] {
    let reachable = reachable
    func reaches(_ from: String, _ to: String) -> Bool { reachable[from]?.contains(to) ?? false }
    var components: [[String]] = []
    var placed: Set<String> = []
    for node in nodes where !placed.contains(node) {
      let circle = nodes.filter { $0 == node || (reaches(node, $0) && reaches($0, node)) }
      placed.formUnion(circle)
      components.append(circle)
    }
    var order: [[String]] = []
    while !components.isEmpty {
      let free = components.firstIndex { component in
        components.allSatisfy { other in
          other == component || !reaches(other[0], component[0])
        }
      }
      order.append(components.remove(at: free ?? 0))
    }
    return order
  }

  /// Accounts that share with one another in a circle.
  public var cycles: [[String]] { order.filter { $0.count > 1 } }
}
