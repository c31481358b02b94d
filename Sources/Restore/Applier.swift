import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// Is told how a restore goes on.
public protocol RestoreObserver: Sendable {
  /// `done` of `total` actions have ended, well or not.
  /// - Parameter left: about how many seconds the rest will take, verifying included, at the pace that
  ///   calls of each sort have had until now; nil while none is known.
  func progressed(done: Int, of total: Int, phase: Phase, left: Double?)
  func failed(_ failure: ChangeFailure)
}

/// What became of the actions of a plan.
struct ApplyOutcome {
  var done: [Action] = []
  var failures: [RecordKey: ChangeFailure] = [:]
  var skipped: [RecordKey] = []
  var timeline = Timeline()
  /// When the last of each part that is restored first had ended, and how many actions it had.
  var priorities: [Int: (end: Double, actions: Int)] = [:]
  /// What the time hung on, oldest first.
  var criticalPath: [RestoreResult.Span] = []
  var interrupted = false
}

/// Carries out a plan. It decides nothing: what to do is in the plan, what waits for what is in
/// the graph.
struct Applier {
  let sites: [String: Site]
  let desired: RecordBodies
  let live: RecordBodies
  let bulk: any BulkSource
  /// Whether records are changed where they are, and nothing is created around them.
  var isInPlace = false
  /// Whether the journal keeps what is changed as it was, so that it can be undone.
  var keepsFormer = false
  let journal: Journal
  let observer: any RestoreObserver
  let clock: RunClock
  /// How many calls of one kind and step are under way at once in one account. Those of all together are
  /// bounded where calls are sent.
  let concurrency: Int
  /// Asked before each call: true ends the restore when what is under way has ended.
  let shouldStop: @Sendable () -> Bool
  /// Waits for what other accounts share.
  let arrival: ShareArrival
  /// About how many seconds pass between the last action and the end of the restore.
  var afterwards = 0.0
  /// Called when all is done that is about a database in which tables were created: what the restorer was
  /// given as their creator it needs no more. Runs beside the rest.
  var afterDatabase: (@Sendable (_ account: String, _ database: String) async -> Void)?

  /// - Throws: `ArchiveError` and the journal's errors; what AWS refuses is in the outcome.
  func apply(_ graph: ActionGraph) async throws -> ApplyOutcome {
    guard !graph.hasCircle else {
      throw ArchiveError(
        .conflict, "the plan's actions wait for one another in a circle; nothing was changed")
    }
    var schedule = Schedule(graph, most: concurrency)
    var outcome = ApplyOutcome()
    var path = CriticalPath(graph)
    let progress = ApplyProgress(graph, observer, clock, afterwards: afterwards)
    var databases = DatabasesUnderWay(graph)
    // What is nil was no work of the schedule.
    try await withThrowingTaskGroup(of: Finished?.self) { group in
      var running = 0
      while true {
        if shouldStop() { outcome.interrupted = true }
        while !outcome.interrupted, let work = schedule.next() {
          group.addTask { try await run(work, graph, progress) }
          running += 1
        }
        guard running > 0, let finished = try await group.next() else { break }
        running -= 1
        guard let finished else { continue }
        let newlySkipped = schedule.finish(finished.work, failed: finished.failedNodes)
        for place in databases.end(finished.work.nodes + newlySkipped) where afterDatabase != nil {
          group.addTask {
            await afterDatabase?(place.account, place.database)
            return nil
          }
          running += 1
        }
        record(finished, newlySkipped, graph, into: &outcome)
        path.add(finished.work.nodes, finished.phase, from: finished.start, to: finished.end)
        progress.skipped(newlySkipped)
      }
    }
    outcome.criticalPath = path.spans(schedule.released)
    return outcome
  }

  private func record(
    _ finished: Finished, _ skipped: [Int], _ graph: ActionGraph, into outcome: inout ApplyOutcome
  ) {
    let actions = finished.work.nodes.flatMap { graph.nodes[$0].actions }
    let counted = actions.filter { !$0.isOwnAccess && !finished.notTried.contains($0.key) }
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
    for node in finished.work.nodes.map({ graph.nodes[$0] }) {
      guard let place = node.priority else { continue }
      outcome.priorities[place, default: (0, 0)].end = finished.end
      outcome.priorities[place, default: (0, 0)].actions += node.actions.count
    }
    for failure in failures.values { observer.failed(failure) }
  }

  /// What one call, or the calls of one bulk node, came to.
  private struct Finished {
    let work: Schedule.Work
    let phase: Phase
    let failures: [RecordKey: ChangeFailure]
    let failedNodes: [Int]
    /// What a stop kept from being tried.
    let notTried: Set<RecordKey>
    let start: Double
    let end: Double
  }

  private func run(
    _ work: Schedule.Work, _ graph: ActionGraph, _ progress: ApplyProgress
  ) async throws -> Finished {
    for owner in work.owners(graph, desired).sorted() {
      await arrival.wait(from: owner, to: work.account)
    }
    let start = clock.seconds()
    let nodes = work.nodes.map { graph.nodes[$0] }
    var failures: [ChangeFailure] = []
    var notTried: Set<RecordKey> = []
    if work.kind.isBulk, let node = nodes.first {
      (failures, notTried) = try await runBulk(node, work, progress)
    } else {
      let changes = changes(of: nodes)
      failures = try await run(changes, work)
      progress.ended(work.nodes, from: start, to: clock.seconds())
    }
    if work.kind.kind == .grant { await arrival.granted(by: work.account) }
    let byKey = Dictionary(failures.map { ($0.key, $0) }) { first, _ in first }
    let failedNodes = zip(work.nodes, nodes).filter { _, node in
      node.actions.contains { byKey[$0.key]?.holdsBack == true && !$0.isOwnAccess }
    }
    return Finished(
      work: work, phase: nodes.first?.actions.first?.phase ?? .settle, failures: byKey,
      failedNodes: failedNodes.map(\.0), notTried: notTried, start: start,
      end: clock.seconds())
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
    var change = Change(
      step: action.step, key: action.key, desired: action.step == .remove ? nil : desired,
      live: action.step == .create ? nil : live[action.key])
    change.isInPlace = isInPlace
    return change
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
}

// MARK: - Bulk kinds

extension Applier {
  /// How many calls of one bulk node are under way at once: its pace is its account's, not its own.
  static let bulkCalls = 8

  /// The batches of a bulk node: bodies are read from the archive as they are needed. A stop leaves
  /// out those that were not begun.
  private func runBulk(
    _ node: ActionGraph.Node, _ work: Schedule.Work, _ progress: ApplyProgress
  ) async throws -> (failures: [ChangeFailure], notTried: Set<RecordKey>) {
    guard let first = node.actions.first else { return ([], []) }
    var batches = BulkBatches(work.kind, first.step)
    var failures: [ChangeFailure] = []
    var notTried: Set<RecordKey> = []
    let calls = work.kind.isSerial ? 1 : Self.bulkCalls
    try await withThrowingTaskGroup(of: [ChangeFailure].self) { group in
      var running = 0
      func begin(_ batch: [Change]) async throws {
        guard !shouldStop() else { return notTried.formUnion(batch.map(\.key)) }
        if running >= calls {
          failures += try await group.next() ?? []
          running -= 1
        }
        group.addTask {
          let start = clock.seconds()
          let failures = try await run(batch, work)
          progress.ended(batch.count, of: work, from: start, to: clock.seconds())
          return failures
        }
        running += 1
      }
      if first.step == .remove {
        for action in node.actions {
          if let batch = batches.add(change(action, desired: nil)) { try await begin(batch) }
        }
      } else {
        let actions = Dictionary(node.actions.map { ($0.key, $0) }) { first, _ in first }
        var records = try await bulk.records(
          of: work.kind, account: work.account, at: first.key.path)
        while let record = try records.next() {
          guard let action = actions[record.key] else { continue }
          var change = change(action, desired: try record.value())
          if keepsFormer, change.step != .create { change.live = try records.original?.value() }
          if let batch = batches.add(change) { try await begin(batch) }
        }
      }
      if let batch = batches.finish() { try await begin(batch) }
      while let more = try await group.next() { failures += more }
    }
    return (failures, notTried)
  }
}

/// Puts changes together that fit into one call.
private struct BulkBatches {
  private let kind: any RestorableKind
  private let limit: Int
  private var batch: [Change] = []

  init(_ kind: any RestorableKind, _ step: Action.Step) {
    self.kind = kind
    limit = kind.batchLimit(step)
  }

  /// - Returns: a batch that is full, or that this change does not fit into.
  mutating func add(_ change: Change) -> [Change]? {
    defer { batch.append(change) }
    let isOther = batch.first.map { kind.batchGroup($0.key) != kind.batchGroup(change.key) }
    guard batch.count >= limit || isOther == true else { return nil }
    return finish()
  }

  /// - Returns: what is left; nil if nothing is.
  mutating func finish() -> [Change]? {
    defer { batch = [] }
    return batch.isEmpty ? nil : batch
  }
}

/// Where the bodies of bulk kinds come from.
protocol BulkSource: Sendable {
  /// The mapped records of a kind in the database that the path begins with, in order.
  func records(
    of kind: any RestorableKind, account: String, at path: [String]
  ) async throws -> MappedRecords
}
