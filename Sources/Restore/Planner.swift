import CanonicalJSON
import Capture
import GrantSnapshot
import MeshModel
import SnapshotStore

/// A plan, with the bodies that carrying it out needs.
struct PreparedPlan {
  var plan: Plan
  var desired: RecordBodies
  var live: RecordBodies
  /// A digest of all that was compared; empty where none was asked for.
  var basis = ""
}

/// What was asked for is neither in the snapshot nor in the secondary.
public struct UnmatchedSelectors: Error, CustomStringConvertible {
  public let selectors: [Selector]

  init(_ selectors: [Selector]) {
    self.selectors = selectors
  }

  public var description: String {
    "neither the snapshot nor the region has anything that fits "
      + selectors.map { "“\($0)”" }.joined(separator: " or ") + "; nothing was changed"
  }
}

/// Compares a snapshot, seen through a mapping, with the secondary as it was captured.
struct Planner {
  /// All but descriptive ones.
  let kinds: [any CapturedKind]
  let desired: DesiredState
  let live: SnapshotReader
  let policy: PlanPolicy
  /// Accounts of the secondary of which the snapshot or the capture is not whole.
  let incomplete: Set<String>
  /// Those among them of which something is unknown that access depends on.
  let hiding: Set<String>
  /// Accounts of the secondary that could not be read: nothing is decided about them.
  let unread: Set<String>
  /// Accounts of the secondary of which everything is known that access depends on.
  let read: Set<String>
  /// Accounts of which the snapshot may lack tags.
  let withoutTags: Set<String>

  /// - Throws: `ArchiveError` where either side can't be read, `UnmatchedSelectors`.
  func prepare() async throws -> PreparedPlan {
    var builder = try await compare()
    let defaults = kinds.filter { [.settings, .database].contains($0.kind) }
      .compactMap { $0 as? any RestorableKind }
    // What starts from the region creates no database and no table.
    if !desired.derivation.startsFromRegion { builder.guardDefaults(defaults) }
    builder.withdrawReachingGrants(GrantKind(), read: read)
    builder.holdPoliciesBack(in: withoutTags, GrantKind())
    builder.deleteTagValuesLast()
    let own = builder.takeOwnAccess(desired.mapping.restorers)
    return PreparedPlan(
      plan: builder.plan, desired: builder.desired.merging(own),
      live: builder.live, basis: builder.basis?.finish() ?? "")
  }

  /// What a plan was made of, as `compare` found it. The plan must have nothing to do: then nothing was
  /// done about it either.
  func compared(_ prepared: PreparedPlan) -> PlanBuilder {
    PlanBuilder(
      plan: prepared.plan, policy: policy, restorers: desired.mapping.restorers.values,
      incomplete: incomplete, hiding: hiding, unread: unread, desired: prepared.desired,
      live: prepared.live)
  }

  /// What differs, and nothing of what a restore does about it.
  func compare() async throws -> PlanBuilder {
    let mapper = Mapper(desired.mapping)
    var builder = self.builder(desired: [:], live: [:])
    for kind in kinds {
      if kind.isBulk {
        try await compareBulk(kind, &builder, mapper)
      } else {
        try builder.compare(
          kind, desired: try await desired.records(of: kind, mapper: mapper),
          live: SeenRecords(try await live.records(kind: kind.kind), desired.derivation))
      }
    }
    builder.note(mapper)
    let unmatched = builder.selectorsWithoutMatch
    guard unmatched.isEmpty || !unread.isEmpty else { throw UnmatchedSelectors(unmatched) }
    return builder
  }
}

// MARK: - Bulk kinds

extension Planner {
  /// How many databases are compared at once.
  private static let databasesAtOnce = 4

  /// What was found in one database.
  private struct Part: Sendable {
    let plan: Plan
    let unmatched: Set<Selector>
    let mapped: Mapper.Findings
  }

  /// One database beside others, unless a digest is made of all, which their order decides.
  private func compareBulk(
    _ kind: any CapturedKind, _ builder: inout PlanBuilder, _ mapper: Mapper
  ) async throws {
    let wanted = desired.databases(mapper: mapper)
    let present = Set(live.manifest.packs.map(\.group)).filter { $0.database != nil }
    let groups = present.union(wanted.keys).sorted()
    guard builder.basis == nil else {
      for group in groups { try await compare(kind, group, wanted[group], &builder, mapper) }
      return
    }
    let parts = Guarded<[PackGroup: Part]>([:])
    let (desiredBodies, liveBodies) = (builder.desired, builder.live)
    try await forEachConcurrently(groups, limit: Self.databasesAtOnce) { group in
      let mapper = Mapper(desired.mapping)
      var part = self.builder(desired: desiredBodies, live: liveBodies)
      try await compare(kind, group, wanted[group], &part, mapper)
      let found = Part(plan: part.plan, unmatched: part.unmatched, mapped: mapper.findings)
      parts.withLock { $0[group] = found }
    }
    let found = parts.withLock(\.self)
    for part in groups.compactMap({ found[$0] }) {
      builder.take(part.plan, unmatched: part.unmatched)
      mapper.take(part.mapped)
    }
  }

  private func builder(desired bodies: RecordBodies, live: RecordBodies) -> PlanBuilder {
    PlanBuilder(
      plan: Plan(snapshot: desired.snapshot, region: desired.mapping.region), policy: policy,
      restorers: desired.mapping.restorers.values, incomplete: incomplete, hiding: hiding,
      unread: unread, desired: bodies, live: live)
  }

  private func compare(
    _ kind: any CapturedKind, _ group: PackGroup, _ original: PackGroup?,
    _ builder: inout PlanBuilder, _ mapper: Mapper
  ) async throws {
    // Bodies of what nobody asks for are not read; under another name the selectors don't tell.
    let isRenamed = original.map { $0.database != group.database } ?? false
    let only = isRenamed ? [] : policy.only
    let liveRecords = SeenRecords(
      try await live.records(
        account: group.account, kind: kind.kind, database: group.database, only: only),
      desired.derivation)
    guard let original else {
      return try builder.compare(kind, desired: RecordList([]), live: liveRecords)
    }
    let records = try await desired.records(of: kind, in: original, mapper: mapper, only: only)
    try builder.compare(kind, desired: records, live: liveRecords)
  }
}
