/// Tables, or databases, that no policy on LF-Tags and no grant on all tables can tell apart.
struct ResourceGroup: Sendable {
  let account: String
  /// Sorted, and never empty.
  var members: [AccessResource]

  private struct Likeness: Hashable {
    let account: String
    /// Nil for databases.
    var database: String?
    /// The tags of the resource itself on either side, nil where the other has none like it.
    let tags: [Int?]
    /// The tags of its columns on either side, where they are not the table's.
    var columnTags: Set<[Int]> = []
    /// Whether it has a column with no tags of its own.
    var hasPlainColumn = true
    /// The table itself where its columns are not the same on both sides: it is like no other.
    var itself: AccessResource?
  }

  /// The groups of one catalog.
  static func all(of lake: LakeModel) -> [ResourceGroup] { all(of: lake, beside: nil) }

  /// The groups in which resources are alike in both catalogs. What only the first holds is in
  /// groups of its own.
  static func all(of lake: LakeModel, beside other: LakeModel?) -> [ResourceGroup] {
    var groups: [Likeness: [AccessResource]] = [:]
    for (resource, database) in lake.databases {
      let tags = [database.tags, other?.databases[resource]?.tags]
      groups[Likeness(account: resource.account, tags: tags), default: []].append(resource)
    }
    for (resource, table) in lake.tables {
      groups[likeness(of: resource, table, other?.tables[resource]), default: []].append(resource)
    }
    return groups.map { ResourceGroup(account: $0.key.account, members: $0.value.sorted()) }
      .sorted { $0.members[0] < $1.members[0] }
  }

  private static func likeness(
    of resource: AccessResource, _ table: LakeTable, _ twin: LakeTable?
  ) -> Likeness {
    var likeness = Likeness(account: resource.account, tags: [table.tags, twin?.tags])
    likeness.database = resource.scope?.first
    let unlike = Set(table.columnTags.keys).union((twin?.columnTags ?? [:]).keys)
    likeness.columnTags = Set(
      unlike.map { column in
        [table.columnTags[column] ?? table.tags, twin?.columnTags[column] ?? twin?.tags ?? 0]
      })
    likeness.hasPlainColumn = table.columns.map { !$0.isSubset(of: unlike) } ?? true
    if let twin, table.columns != twin.columns { likeness.itself = resource }
    return likeness
  }
}

extension AccessSet {
  /// The resources on which what a principal holds may differ from what it holds on others alike,
  /// because somebody named them.
  func namedResources(for principal: String) -> Set<AccessResource> {
    var named = Set((own[principal]?.named ?? [:]).keys)
    for (account, holdings) in handedOn[principal] ?? [:] {
      named.formUnion(holdings.named.keys)
      for name in sharing(with: account) { named.formUnion((own[name]?.named ?? [:]).keys) }
    }
    for account in administered[principal] ?? [] {
      for name in sharing(with: account) { named.formUnion((own[name]?.named ?? [:]).keys) }
    }
    return named
  }

  /// The accounts in which a principal holds something that is not on one named resource; nil for
  /// all accounts.
  func broadAccounts(for principal: String) -> Set<String>? {
    // An administrator sees what any other account shares with its own.
    if administered[principal] != nil { return nil }
    let holdings = [own[principal]].compactMap(\.self) + (handedOn[principal] ?? [:]).values
    return holdings.reduce(into: []) { $0.formUnion($1.broadAccounts) }
  }
}
