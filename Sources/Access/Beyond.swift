/// What a principal may do with a resource on one side and not on the other.
public struct Excess: Sendable, Hashable {
  public let principal: String
  public let resource: AccessResource
  public let access: Access

  public init(principal: String, resource: AccessResource, access: Access) {
    self.principal = principal
    self.resource = resource
    self.access = access
  }
}

extension AccessSet {
  /// The access that this set gives and the other does not, by principal and resource; empty
  /// exactly where this set is a part of the other.
  ///
  /// What the other gives a principal includes what it gives the groups that certainly hold it.
  /// Where access depends on what no record tells, it only counts as the same where it is given in
  /// the same words.
  /// - Parameter ignored: principals that are left out.
  public func beyond(_ other: AccessSet, ignoring ignored: Set<String> = []) -> [Excess] {
    Comparison(self, other).excess(of: principals.filter { !ignored.contains($0) })
  }
}

/// Two access sets side by side.
private struct Comparison {
  let left: AccessSet
  let right: AccessSet
  let groups: [String: [ResourceGroup]]

  init(_ left: AccessSet, _ right: AccessSet) {
    self.left = left
    self.right = right
    groups = Dictionary(
      grouping: ResourceGroup.all(of: left.lake, beside: right.lake), by: \.account)
  }

  func excess(of principals: [String]) -> [Excess] {
    principals.flatMap { principal in
      excess(of: principal).sorted { $0.resource < $1.resource }
    }
  }

  private func excess(of principal: String) -> [Excess] {
    let others = [principal] + Principal.groups(of: principal)
    let named = others.reduce(into: left.namedResources(for: principal)) {
      $0.formUnion(right.namedResources(for: $1))
    }
    var found = named.compactMap { excess(of: principal, others, on: $0) }
    let accounts = left.broadAccounts(for: principal).map { Array($0) } ?? Array(groups.keys)
    for group in accounts.flatMap({ groups[$0] ?? [] }) {
      found += excess(of: principal, others, in: group, named: named)
    }
    return found
  }

  /// One member that nobody named stands for all others of its group.
  private func excess(
    of principal: String, _ others: [String], in group: ResourceGroup,
    named: Set<AccessResource>
  ) -> [Excess] {
    guard let first = group.members.firstIndex(where: { !named.contains($0) }),
      let excess = excess(of: principal, others, on: group.members[first])
    else { return [] }
    let rest = group.members[(first + 1)...].filter { !named.contains($0) }
    return [excess] + rest.compactMap { self.excess(of: principal, others, on: $0) }
  }

  private func excess(
    of principal: String, _ others: [String], on resource: AccessResource
  ) -> Excess? {
    let access = left.access(of: principal, to: resource)
    guard !access.isEmpty else { return nil }
    let given = others.reduce(into: Access()) {
      $0.formUnion(right.access(of: $1, to: resource))
    }
    let rest = access.beyond(given).resolved(in: left.lake.tables[resource]?.columns)
    return rest.isEmpty ? nil : Excess(principal: principal, resource: resource, access: rest)
  }
}

extension AccessSet {
  /// How much one principal has, without the groups that it is in.
  public struct Extent: Sendable, Hashable {
    public var databases = 0
    public var tables = 0
    /// Tables of which it may read at least a column of a row.
    public var readable = 0
    /// Anything else: catalogs, locations, LF-Tags, what is to be created.
    public var others = 0

    public init() {}
  }

  public func extent(of principal: String) -> Extent {
    let named = namedResources(for: principal)
    var extent = Extent()
    for resource in named { extent.count(resource, access(of: principal, to: resource), times: 1) }
    let accounts = broadAccounts(for: principal)
    for group in groups where accounts?.contains(group.account) ?? true {
      let ordinary = group.members.filter { !named.contains($0) }
      guard let one = ordinary.first else { continue }
      extent.count(one, access(of: principal, to: one), times: ordinary.count)
    }
    return extent
  }

  /// Everything that a principal has by itself, in order.
  public func everything(of principal: String) -> [Excess] {
    let named = namedResources(for: principal)
    let accounts = broadAccounts(for: principal)
    let broad = groups.filter { accounts?.contains($0.account) ?? true }.flatMap(\.members)
    return named.union(broad).sorted().compactMap { resource in
      let access = access(of: principal, to: resource)
      return access.isEmpty
        ? nil : Excess(principal: principal, resource: resource, access: access)
    }
  }
}

extension AccessSet.Extent {
  fileprivate mutating func count(_ resource: AccessResource, _ access: Access, times: Int) {
    guard !access.isEmpty else { return }
    switch resource {
    case .database: databases += times
    case .table:
      tables += times
      if !access.reading.isEmpty { readable += times }
    case .catalog, .newDatabases, .newTables, .other: others += times
    }
  }
}
