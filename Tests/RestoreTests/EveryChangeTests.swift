import Access
import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Restore

/// Effective access after every single change of a restore: nobody but the restorer ever has what
/// the primary does not give, beyond what was open before the restore began.
@Suite struct EveryChangeTests {
  static let restorers: [String: String] = [
    LakeSamples.Sample.owner: "arn:aws:iam::111111111111:role/meshdr-restorer",
    LakeSamples.Sample.consumer: "arn:aws:iam::222222222222:role/meshdr-restorer",
  ]
  let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })

  /// Restores the primary over what is there, some calls failing, and stops after `limit` calls.
  /// - Parameter before: what was open when all began, where that is not what is there.
  /// - Returns: what is there then, and whether the restore came to its end.
  func restore(
    _ name: String, _ primary: [Record], over secondary: [Record], _ numbers: inout SeededNumbers,
    failures: Int = 0, limit: Int = .max, leavingOut left: Set<Action> = [],
    policy: PlanPolicy = PlanPolicy(), knowing before: [Record]? = nil
  ) throws -> (records: [Record], ended: Bool) {
    var (plan, desired, live) = try plan(primary, secondary, policy)
    plan.actions.removeAll(where: left.contains)
    let graph = ActionGraph(plan, kinds: kinds, desired: desired, live: live, priority: [])
    var schedule = Schedule(graph)
    var model = try SecondaryModel(secondary)
    let watch = try Watch(name, primary, before ?? secondary)
    var underWay: [Schedule.Work] = []
    var calls = 0
    while true {
      while underWay.count < 6, let work = schedule.next() { underWay.append(work) }
      guard !underWay.isEmpty else { break }
      // Whichever of those under way is carried out first.
      let work = underWay.remove(at: Int.random(in: underWay.indices, using: &numbers))
      calls += 1
      guard calls <= limit else { return (model.list, false) }
      let fails = Int.random(in: 0..<100, using: &numbers) < failures
      for node in work.nodes where !fails {
        for action in graph.nodes[node].actions {
          model.changed = { try watch.check($0, after: "\(action.step) \(action.key)") }
          try model.apply(action, desired[action.key], live[action.key])
        }
      }
      _ = schedule.finish(work, failed: fails ? work.nodes : [])
    }
    #expect(!schedule.isStuck as Bool, "\(name): stuck")
    return (model.list, true)
  }

  private func plan(
    _ primary: [Record], _ secondary: [Record], _ policy: PlanPolicy = PlanPolicy()
  ) throws -> (Plan, RecordBodies, RecordBodies) {
    var builder = PlanBuilder(
      plan: Plan(snapshot: "s", region: "eu-west-1"), policy: policy,
      restorers: Self.restorers.values)
    for kind in allRestorable {
      try builder.compare(
        kind, desired: RecordList(primary.filter { $0.key.kindName == kind.kind.name }),
        live: RecordList(secondary.filter { $0.key.kindName == kind.kind.name }))
    }
    builder.guardDefaults(allRestorable.filter { [.settings, .database].contains($0.kind) })
    builder.withdrawReachingGrants(GrantKind())
    builder.deleteTagValuesLast()
    let own = builder.takeOwnAccess(Self.restorers)
    return (builder.plan, builder.desired.merging(own), builder.live)
  }

  /// What there may be, and what there was.
  final class Watch {
    private let name: String
    private let primary: AccessSet
    private var known: [Place: Access]

    struct Place: Hashable {
      let principal: String
      let resource: AccessResource
    }

    init(_ name: String, _ primary: [Record], _ secondary: [Record]) throws {
      self.name = name
      self.primary = try AccessSet(of: primary)
      known = Self.beyond(try AccessSet(of: secondary), self.primary)
    }

    static func beyond(_ set: AccessSet, _ primary: AccessSet) -> [Place: Access] {
      let found = set.beyond(primary, ignoring: Set(EveryChangeTests.restorers.values))
      return Dictionary(
        uniqueKeysWithValues: found.map {
          (Place(principal: $0.principal, resource: $0.resource), $0.access)
        })
    }

    /// Tells each widening once, when it happens.
    func check(_ records: [RecordKey: JSON], after step: String) throws {
      let now = Self.beyond(AccessSet(of: records), primary)
      for (place, access) in now where place.isCovered(by: primary) {
        let more = known[place].map { access.beyond($0) } ?? access
        guard !more.isEmpty else { continue }
        Issue.record(
          "\(name), after \(step): \(place.principal) on \(place.resource.name): \(more.lines)")
        known[place] = access
      }
    }
  }

  @Test(arguments: 0..<4)
  func anEmptyRegion(block: Int) throws {
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(seed), inBothAccounts: true)
      let primary = maker.records()
      let shipped = [LakeSamples.Sample.owner, LakeSamples.Sample.consumer].map {
        LakeSamples.Sample.settings($0, openTo: "IAM_ALLOWED_PRINCIPALS")
      }
      let end = try restore("seed \(seed)", primary, over: shipped, &maker.numbers)
      try expectSame(primary, end.records, seed)
    }
  }

  /// A standby that was the same once, and that anybody may have changed since.
  @Test(arguments: 0..<10)
  func aStandbyThatDrifted(block: Int) throws {
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(1000 + seed), inBothAccounts: true)
      let primary = maker.records()
      let end = try restore("seed \(seed)", primary, over: maker.drifted(primary), &maker.numbers)
      try expectSame(primary, end.records, seed)
    }
  }

  /// Calls fail and restores are killed; the next goes on from what there is.
  @Test(arguments: 0..<10)
  func restoresThatFailAndAreKilled(block: Int) throws {
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(2000 + seed), inBothAccounts: true)
      let primary = maker.records()
      var secondary = maker.drifted(primary)
      for limit in [5, 12, Int.max] {
        secondary = try restore(
          "seed \(seed), limit \(limit)", primary, over: secondary, &maker.numbers, failures: 15,
          limit: limit
        ).records
      }
      let end = try restore("seed \(seed), last", primary, over: secondary, &maker.numbers)
      try expectSame(primary, end.records, seed)
    }
  }

  /// Whoever shortens a plan by what may be left out widens nothing, at no time.
  @Test(arguments: 0..<4)
  func plansThatSomebodyShortened(block: Int) throws {
    var carriedOut = 0
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(3000 + seed), inBothAccounts: true)
      let primary = maker.records()
      let secondary = maker.drifted(primary)
      let (plan, desired, live) = try plan(primary, secondary)
      let graph = ActionGraph(plan, kinds: kinds, desired: desired, live: live, priority: [])
      let percent = [3, 10, 30][seed % 3]
      var left = Set(plan.actions.filter { !$0.isOwnAccess && maker.chance(percent) })
      // With everything that rests on it.
      while let (_, dependent) = graph.firstDependent(ofThose: left.contains) {
        left.insert(dependent)
      }
      let prepared = PreparedPlan(plan: plan, desired: desired, live: live)
      let kept = plan.actions.filter { !left.contains($0) }
      guard PlanOutcome(prepared, Set(Self.restorers.values)).widened(by: kept).isEmpty else {
        continue
      }
      carriedOut += left.isEmpty ? 0 : 1
      _ = try restore(
        "seed \(seed)", primary, over: secondary, &maker.numbers, leavingOut: left)
    }
    #expect(carriedOut > 0)
  }

  private func expectSame(_ primary: [Record], _ secondary: [Record], _ seed: Int) throws {
    let (wanted, found) = (try AccessSet(of: primary), try AccessSet(of: secondary))
    let left = Watch.beyond(found, wanted).filter { $0.key.isCovered(by: wanted) }
    #expect(left.isEmpty, "seed \(seed)")
    #expect(wanted.beyond(found).isEmpty, "seed \(seed)")
  }
}

extension EveryChangeTests.Watch.Place {
  /// Whether the primary has the resource. What it has not stays as it was.
  fileprivate func isCovered(by primary: AccessSet) -> Bool {
    switch resource {
    case .database, .table: primary.resources.contains(resource)
    case .newTables(let account, let database?):
      primary.resources.contains(.database(account: account, database))
    default: true
    }
  }
}

extension AccessSet {
  init(of records: [Record]) throws {
    var builder = AccessBuilder()
    for record in records { try builder.add(record) }
    self = builder.finished()
  }

  fileprivate init(of records: [RecordKey: JSON]) {
    var builder = AccessBuilder()
    for (key, body) in records { builder.add(key, body) }
    self = builder.finished()
  }
}
