import MeshModel
import Testing

@testable import Restore

/// How far a restore is, and what its time hung on.
@Suite struct ClockTests {
  private func sort(_ account: String, _ kind: String) -> ApplyProgress.Sort {
    ApplyProgress.Sort(account: account, kind: kind, step: .create)
  }

  private func pace(_ done: Int, of total: Int, in seconds: Double) -> ApplyProgress.Pace {
    ApplyProgress.Pace(total: total, done: done, first: 0, last: seconds)
  }

  @Test func theRestTakesAsLongAsTheSlowestAccount() {
    let sorts = [
      sort("1", "table"): pace(50, of: 100, in: 10),
      sort("2", "table"): pace(90, of: 100, in: 90),
      // Not begun: as fast as its like elsewhere.
      sort("1", "grant"): pace(0, of: 40, in: 0), sort("2", "grant"): pace(20, of: 20, in: 10),
    ]
    // The first: 50 tables at 5 a second, and 40 grants at 2 a second.
    #expect(ApplyProgress.left(sorts) == 30)
  }

  @Test func nothingIsSaidBeforeAnythingIsKnown() {
    #expect(ApplyProgress.left([sort("1", "table"): pace(0, of: 100, in: 0)]) == nil)
    #expect(ApplyProgress.left([:]) == nil)
    #expect(ApplyProgress.left([sort("1", "table"): pace(9, of: 9, in: 3)]) == 0)
  }

  @Test func whatPassedBeforeTheRunCounts() {
    let clock = RunClock(seconds: { 5 }, now: { "" }).begun(after: 60)
    #expect(clock.seconds() == 65)
    #expect(clock.began == 60)
  }

  @Test func whatIsRestoredFirstIsTimedApart() throws {
    let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })
    let mesh = [
      Sample.settings(), Sample.database("a"), Sample.table("a", "x"), Sample.table("a", "y"),
      Sample.database("b"), Sample.grant(on: Sample.policy),
    ]
    let (plan, bodies) = try makePlan(desired: mesh, live: [Sample.settings()])
    let graph = ActionGraph(
      plan, kinds: kinds, desired: bodies,
      priority: [.table(database: "a", table: "y"), .database("b")])
    let places = graph.nodes.reduce(into: [String: Int]()) { places, node in
      if let action = node.actions.first { places[action.key.name] = node.priority ?? -1 }
    }
    #expect(places["a.y"] == 0 && places["b"] == 1 && places["a.x"] == -1)
    // The database comes along with its table.
    #expect(places["a"] == 0)

    var result = RestoreResult(
      command: "restore", mesh: "m", snapshot: "s", region: "r",
      rto: .init(objectiveSeconds: 1, seconds: 1, phases: []))
    result.rto.priorities = [.init(name: "b", seconds: 2, actions: 3)]
    result.rto.waitingSeconds = 0.5
    result.rto.detectionSeconds = 4
    result.criticalPath = [.init(account: "1", phase: "tables", start: 1, end: 2, actions: 3)]
    #expect(try RestoreResult(json: result.json) == result)
  }

  @Test func theTimeHungOnWhatEachStretchWaitedFor() throws {
    let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })
    let mesh = [
      Sample.database("a"), Sample.table("a", "slow"), Sample.table("a", "quick"),
      Sample.grant(on: Sample.onTable("a", "slow")),
    ]
    let (plan, bodies) = try makePlan(desired: mesh, live: [])
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    var schedule = Schedule(graph)
    var path = CriticalPath(graph)
    let seconds = ["a": 1.0, "slow": 10, "quick": 2]
    var now: [RecordKey: Double] = [:]
    while let work = schedule.next() {
      let action = try #require(graph.nodes[work.nodes[0]].actions.first)
      let begin =
        switch action.key.kindName {
        case "table": now[Sample.key(.database, "a")] ?? 0
        case "grant": now[Sample.key(.table, "a", "slow")] ?? 0
        default: 0.0
        }
      let end = begin + (seconds[action.key.path.last ?? ""] ?? 1)
      now[action.key] = end
      path.add(work.nodes, action.phase, from: begin, to: end)
      _ = schedule.finish(work, failed: [])
    }
    let spans = path.spans(schedule.released)
    #expect(spans.map(\.phase) == ["databases", "tables", "grants"])
    #expect(spans.map(\.start) == [0, 1, 11])
    #expect(spans.map(\.end) == [1, 11, 12])
  }
}

@Suite struct VerificationTimeTests {
  @Test func aStandbyIsReadAsFastAsItWasBefore() {
    let time = VerificationTime(looked: (900, 90), captured: (1000, 5), created: 100)
    #expect(time.seconds == 100)
  }

  @Test func anEmptyRegionTellsNothing() {
    let time = VerificationTime(looked: (10, 3), captured: (2000, 50), created: 990)
    #expect(time.seconds == 25)
    #expect(VerificationTime(looked: (0, 1), captured: (0, 0), created: 7).seconds == nil)
    #expect(VerificationTime(looked: (0, 1), captured: (9, 9), created: 0).seconds == nil)
  }
}
