import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// Is told how a restore goes on.
public protocol RestoreObserver: Sendable {
  /// `done` of `total` actions have ended, well or not.
  func progressed(done: Int, of total: Int, phase: Phase)
  func failed(_ failure: ChangeFailure)
}

/// What became of the actions of a plan.
struct ApplyOutcome {
  var done: [Action] = []
  var failures: [RecordKey: ChangeFailure] = [:]
  var skipped: [RecordKey] = []
  var timeline = Timeline()
  /// What the time hung on, oldest first.
  var criticalPath: [RestoreResult.Span] = []
  var interrupted = false
}

/// Carries out a plan. It decides nothing: what to do is in the plan, what waits for what is in
/// the graph.
struct Applier {
  let sites: [String: Site]
  let desired: [RecordKey: JSON]
  let live: [RecordKey: JSON]
  let bulk: any BulkSource
  /// Whether the journal keeps what is changed as it was, so that it can be undone.
  var keepsFormer = false
  let journal: Journal
  let observer: any RestoreObserver
  let clock: RunClock
  /// How many calls are under way at once, over all accounts.
  let concurrency: Int
  /// Asked before each call: true ends the restore when what is under way has ended.
  let shouldStop: @Sendable () -> Bool

  /// - Throws: `ArchiveError` and the journal's errors; what AWS refuses is in the outcome.
  func apply(_ graph: ActionGraph) async throws -> ApplyOutcome {
    guard !graph.hasCircle else {
      throw ArchiveError(
        .conflict, "the plan's actions wait for one another in a circle; nothing was changed")
    }
    var schedule = Schedule(graph)
    var outcome = ApplyOutcome()
    var path = CriticalPath(graph)
    let total = graph.nodes.reduce(0) { $0 + $1.actions.count }
    var ended = 0
    try await withThrowingTaskGroup(of: Finished.self) { group in
      var running = 0
      while true {
        if shouldStop() { outcome.interrupted = true }
        while running < concurrency, !outcome.interrupted, let work = schedule.next() {
          group.addTask { try await run(work, graph) }
          running += 1
        }
        guard running > 0, let finished = try await group.next() else { break }
        running -= 1
        let newlySkipped = schedule.finish(finished.work, failed: finished.failedNodes)
        record(finished, newlySkipped, graph, into: &outcome)
        path.add(finished.work.nodes, finished.phase, from: finished.start, to: finished.end)
        ended += finished.work.nodes.reduce(0) { $0 + graph.nodes[$1].actions.count }
        ended += newlySkipped.reduce(0) { $0 + graph.nodes[$1].actions.count }
        observer.progressed(done: ended, of: total, phase: finished.phase)
      }
    }
    outcome.criticalPath = path.spans(schedule.released)
    return outcome
  }

  private func record(
    _ finished: Finished, _ skipped: [Int], _ graph: ActionGraph, into outcome: inout ApplyOutcome
  ) {
    let actions = finished.work.nodes.flatMap { graph.nodes[$0].actions }
    let counted = actions.filter { !$0.isOwnAccess }
    let failures = finished.failures.filter { key, _ in counted.contains { $0.key == key } }
    // What would have come in the same call did not come either.
    let lost = Set(
      finished.failedNodes.map { graph.nodes[$0] }.filter { $0.kind?.isBulk == false }
        .flatMap { $0.actions.dropFirst().map(\.key) })
    outcome.done += counted.filter { failures[$0.key] == nil && !lost.contains($0.key) }
    outcome.skipped += lost.sorted()
    outcome.failures.merge(failures) { first, _ in first }
    outcome.skipped += skipped.flatMap { graph.nodes[$0].actions.map(\.key) }
    outcome.timeline.add(
      account: finished.work.account, phase: finished.phase, start: finished.start,
      end: finished.end, actions: counted.count)
    for failure in failures.values { observer.failed(failure) }
  }

  /// What one call, or the calls of one bulk node, came to.
  private struct Finished {
    let work: Schedule.Work
    let phase: Phase
    let failures: [RecordKey: ChangeFailure]
    let failedNodes: [Int]
    let start: Double
    let end: Double
  }

  private func run(_ work: Schedule.Work, _ graph: ActionGraph) async throws -> Finished {
    let start = clock.seconds()
    let nodes = work.nodes.map { graph.nodes[$0] }
    let failures: [ChangeFailure]
    if work.kind.isBulk, let node = nodes.first {
      failures = try await runBulk(node, work)
    } else {
      failures = try await run(changes(of: nodes), work)
    }
    let byKey = Dictionary(failures.map { ($0.key, $0) }) { first, _ in first }
    let failedNodes = zip(work.nodes, nodes).filter { _, node in
      node.actions.contains { byKey[$0.key]?.holdsBack == true && !$0.isOwnAccess }
    }
    return Finished(
      work: work, phase: nodes.first?.actions.first?.phase ?? .settle, failures: byKey,
      failedNodes: failedNodes.map(\.0), start: start, end: clock.seconds())
  }

  private func changes(of nodes: [ActionGraph.Node]) -> [Change] {
    nodes.compactMap { node in
      guard let action = node.actions.first else { return nil }
      var change = change(action, desired: desired[action.key])
      change.companions = node.actions.dropFirst().compactMap { desired[$0.key] }
      return change
    }
  }

  private func change(_ action: Action, desired: JSON?) -> Change {
    Change(
      step: action.step, key: action.key, desired: action.step == .remove ? nil : desired,
      live: action.step == .create ? nil : live[action.key])
  }

  /// One call, written down before and after. A refusal of the whole call fails each change.
  private func run(_ changes: [Change], _ work: Schedule.Work) async throws -> [ChangeFailure] {
    guard let site = sites[work.account] else {
      return changes.map {
        ChangeFailure(
          key: $0.key, code: "AccountNotEntered",
          message: "account \(work.account) could not be entered")
      }
    }
    try journal.begin(changes) { keepsFormer ? work.kind.formerState($0) : [:] }
    let failures: [ChangeFailure]
    do {
      failures = try await work.kind.apply(changes, at: site)
    } catch let failure as AWSFailure {
      failures = changes.map {
        ChangeFailure(key: $0.key, code: failure.code, message: failure.message)
      }
    } catch let failure as ChangeFailure {
      failures = [failure]
    }
    try journal.end(
      changes, failed: Dictionary(failures.map { ($0.key, $0) }) { first, _ in first })
    return failures
  }

  /// The batches of a bulk node: bodies are read from the archive as they are needed.
  private func runBulk(
    _ node: ActionGraph.Node, _ work: Schedule.Work
  ) async throws -> [ChangeFailure] {
    guard let first = node.actions.first else { return [] }
    let limit = work.kind.batchLimit(first.step)
    var failures: [ChangeFailure] = []
    var batch: [Change] = []
    func flush() async throws {
      if !batch.isEmpty { failures += try await run(batch, work) }
      batch = []
    }
    func add(_ change: Change) async throws {
      let group = work.kind.batchGroup(change.key)
      if batch.count >= limit || batch.first.map({ work.kind.batchGroup($0.key) != group }) == true
      {
        try await flush()
      }
      batch.append(change)
    }
    if first.step == .remove {
      for action in node.actions { try await add(change(action, desired: nil)) }
    } else {
      let actions = Dictionary(node.actions.map { ($0.key, $0) }) { first, _ in first }
      var records = try await bulk.records(of: work.kind, account: work.account, at: first.key.path)
      while let record = try records.next() {
        guard let action = actions[record.key] else { continue }
        var change = change(action, desired: try record.value())
        if keepsFormer, change.step != .create { change.live = try records.original?.value() }
        try await add(change)
      }
    }
    try await flush()
    return failures
  }
}

/// Where the bodies of bulk kinds come from.
protocol BulkSource: Sendable {
  /// The mapped records of a kind in the database that the path begins with, in order.
  func records(
    of kind: any RestorableKind, account: String, at path: [String]
  ) async throws -> MappedRecords
}
