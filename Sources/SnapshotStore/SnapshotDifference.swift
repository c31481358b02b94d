import MeshModel

extension SnapshotReader {
  /// Calls `body` with every record that is not the same in another snapshot, as it is in either; nil
  /// where one has none. They come group by group, and within a group in the order of their keys.
  ///
  /// Packs and members that both snapshots have are not opened: what is the same costs nothing, and
  /// of the rest only lines that differ are taken apart.
  /// - Parameters:
  ///   - new: the other snapshot, which may be in another store.
  ///   - accounts: the ids of those that are compared.
  /// - Throws: `ArchiveError` (`.damaged` naming pack and member, `.io`), and what `body` throws.
  public func compare(
    to new: SnapshotReader, accounts: Set<String>,
    _ body: (_ old: Record?, _ new: Record?) throws -> Void
  ) async throws {
    let (oldPlan, newPlan) = (differing(from: new, accounts), new.differing(from: self, accounts))
    for group in Set(oldPlan.keys).union(newPlan.keys).sorted() {
      let (left, right) = (oldPlan[group] ?? [], newPlan[group] ?? [])
      let before = SnapshotRecords(left, under: nil, blobs: try await blobs(of: left))
      let after = SnapshotRecords(right, under: nil, blobs: try await new.blobs(of: right))
      try compareLines(before, after, body)
    }
  }

  /// The members that the other snapshot has not got just so, in the order of their keys.
  private func differing(
    from other: SnapshotReader, _ accounts: Set<String>
  ) -> [PackGroup: [PlannedMember]] {
    let packs = Set(other.manifest.packs.map(\.digest))
    var members: Set<[String]> = []
    for pack in other.manifest.packs where accounts.contains(pack.group.account) {
      members.formUnion(pack.members.map { [$0.path, $0.digest] })
    }
    var plan: [PackGroup: [PlannedMember]] = [:]
    for pack in manifest.packs
    where accounts.contains(pack.group.account) && !packs.contains(pack.digest) {
      plan[pack.group, default: []] += pack.members.indices
        .map { PlannedMember(pack: pack, index: $0) }
        .filter { !members.contains([$0.member.path, $0.member.digest]) }
    }
    return plan.mapValues { $0.sorted { $0.member.firstKey < $1.member.firstKey } }
  }
}

private func compareLines(
  _ old: SnapshotRecords, _ new: SnapshotRecords,
  _ body: (_ old: Record?, _ new: Record?) throws -> Void
) throws {
  var (left, right) = (try old.nextLine(), try new.nextLine())
  while left != nil || right != nil {
    if let one = left, let other = right, one.isSame(as: other) {
      try old.skipCommonLines(with: new)
      (left, right) = (try old.nextLine(), try new.nextLine())
      continue
    }
    let order = left.map { one in right.map { one.compareKey(to: $0) } ?? -1 } ?? 1
    // Before a reader goes on, what its line says is taken out of it.
    let removed = order <= 0 ? try left?.record() : nil
    let added = order >= 0 ? try right?.record() : nil
    try body(removed, added)
    if order <= 0 { left = try old.nextLine() }
    if order >= 0 { right = try new.nextLine() }
  }
}
