import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Reporting
import Restore
import SnapshotStore

/// What the commands that change a region have in common besides the engine: accounts are entered,
/// a plan is shown, carried out under a journal, and its outcome is kept and told.
struct Recovery: Sendable {
  let context: MeshContext
  /// `restore`, `repoint`, `failback` or `drill`.
  let command: String
  var policy = PlanPolicy()
  var concurrency = 32

  /// The accounts of a snapshot that `--account` names; all where it is not given.
  /// - Throws: `CommandFailure` (`.usage`) for a name that none of them has.
  func selected(_ manifest: Manifest) throws -> [CapturedAccount] {
    let all = manifest.details.accounts
    let ids = Set(
      try context.selected(all.map { .init(id: $0.id, name: $0.name) }, of: "the snapshot").map(
        \.id)
    )
    return all.filter { ids.contains($0.id) }
  }

  /// Before anything is changed, every pack that will be read is known to be whole. What became of the
  /// snapshot before is for `verify` to say, and of what nobody asks for too: they must not keep what is
  /// whole from coming back.
  /// - Parameter isRead: which packs are; all where nothing is said.
  /// - Throws: `CommandFailure` (`.damagedArchive`), `ArchiveError`.
  func check(
    _ reader: SnapshotReader, where isRead: (ManifestPack) -> Bool = { _ in true }
  ) async throws {
    guard let damage = try await reader.verify(isRead, link: false).damaged.first else { return }
    let place = [damage.pack.map { "pack \($0)" }, damage.member, damage.what].compactMap(\.self)
    throw CommandFailure(
      .damagedArchive,
      "snapshot \(reader.manifest.id) is damaged: \(place.joined(separator: ": ")); nothing was "
        + "changed")
  }

  /// Enters accounts in a region.
  /// - Throws: `CommandFailure` where not one can be entered.
  func enter(
    _ accounts: [String], role: String?, region: String, session: AWSSession
  ) async throws -> Sites {
    let sites = try await Sites(accounts, role: role, region: region, session: session)
    guard sites.entered.isEmpty else { return sites }
    let reasons = sites.refused.sorted { $0.key < $1.key }.map {
      "\n  \($0.key): \($0.value.message)"
    }
    throw CommandFailure(.failed, "no account can be entered:" + reasons.joined())
  }

  func tools(
    _ kinds: [any CapturedKind], _ place: Workplace
  ) -> RestoreTools {
    let shouldStop = context.surroundings.shouldStop
    var tools = RestoreTools(
      kinds: kinds, scratchDirectory: place.scratch, clock: context.surroundings.clock,
      observer: place.progress, shouldStop: { shouldStop() || place.isLost() })
    tools.waited = { place.session.statistics.busySeconds }
    return tools
  }

  /// What a run works with.
  struct Workplace: Sendable {
    let session: AWSSession
    /// A folder for captures.
    let scratch: String
    let progress: RestoreProgress
    /// Whether the region may be somebody else's by now.
    let isLost: @Sendable () -> Bool
  }

  /// Does `body` while nobody else changes the region, with a way to AWS and a folder of its own.
  /// - Parameter isHeld: false for what changes nothing.
  func working<Result: Sendable>(
    in region: String, run: String, _ records: RunRecords, isHeld: Bool,
    _ body: @escaping @Sendable (Workplace) async throws -> Result
  ) async throws -> Result {
    @Sendable func work(_ isLost: @escaping @Sendable () -> Bool) async throws -> Result {
      let session = try context.session(calls: concurrency)
      defer { session.shutdown() }
      return try await context.withScratchDirectory { scratch in
        let progress = RestoreProgress(context)
        return try await body(
          Workplace(session: session, scratch: scratch, progress: progress, isLost: isLost))
      }
    }
    guard isHeld else { return try await work { false } }
    return try await records.holding(region, run: run, context) { try await work($0) }
  }

  /// Makes a plan that can be carried out, becoming administrator where the restorer is none, and
  /// shows it.
  /// - Throws: `CommandFailure` where it must not be carried out; then nothing was changed.
  func prepare(_ run: RestoreRun, _ progress: RestoreProgress) async throws -> RestorePlan {
    progress.stage("looking at what is there")
    var plan = try await run.plan(isBinding: false)
    if plan.isBlind {
      try refuse(plan.plan)
      try await run.takeAdministration()
      plan = try await run.plan()
    }
    progress.clear()
    showPlan(run.result(ofPlan: plan), plan.plan)
    try refuse(plan.plan)
    return plan
  }

  /// Some plans must not be carried out.
  func refuse(_ plan: Plan) throws {
    if !plan.blockers.isEmpty, !policy.allowUnmapped {
      throw CommandFailure(
        .failed,
        "\(plan.blockers.count) records name what has no counterpart (listed above); map them in the "
          + "mesh file, or give --allow-unmapped. Nothing was changed")
    }
    if policy.onConflict == .fail, let first = plan.conflicts.first {
      throw CommandFailure(
        .failed,
        "\(plan.conflicts.count) records are in another state, the first of them \(first). Nothing "
          + "was changed")
    }
  }

  /// Carries a plan out under a journal.
  /// - Parameters:
  ///   - id: of the run whose journal it is.
  ///   - start: what the journal's first entry says besides the region.
  ///   - end: what is written when all is done; nil where more is to come.
  func carryOut(
    _ run: RestoreRun, _ plan: consuming RestorePlan, _ id: String, _ records: RunRecords,
    _ start: [String: JSON], end: String? = "end"
  ) async throws -> RestoreResult {
    let entry = startEntry(
      id, snapshot: plan.plan.snapshot, region: plan.plan.region, start)
    // Handed on, not shared: the run lets go of what it needs no more.
    let given = Guarded<RestorePlan?>(consume plan)
    return try await records.withJournal(id, start: entry, context) { journal in
      guard let plan = given.withLock({ $0.take() }) else {
        preconditionFailure("a journal's work is done once")
      }
      let result = try await run.carryOut(consume plan, journal: journal)
      if let end { try journal.write(result.isWhole ? end : "stopped", [:]) }
      return result
    }
  }

  /// The first entry of a run's journal.
  /// - Parameter more: what it says besides.
  func startEntry(
    _ id: String, snapshot: String, region: String, _ more: [String: JSON]
  ) -> [String: JSON] {
    let entry: [String: JSON] = [
      "run": .string(id), "snapshot": .string(snapshot), "region": .string(region),
      "only": JSON(context.options.only.map(\.description)),
      "accounts": JSON(context.options.accounts),
    ]
    return more.merging(entry) { first, _ in first }
  }

  /// When the command began, RFC 3339.
  var started: String {
    let clock = context.surroundings.clock
    guard let now = UTCTime(clock.now()) else { return clock.now() }
    let began = now.milliseconds - Int64(clock.seconds() * 1000)
    return UTCTime(milliseconds: began).description
  }

  /// An id for a run, with its time.
  func runID() -> String {
    let now = UTCTime(context.surroundings.clock.now()) ?? UTCTime(milliseconds: 0)
    return "\(command)-"
      + SnapshotID.make(recoveryPoint: now, suffix: context.surroundings.random())
  }

  func exitCode(_ result: RestoreResult) -> ExitCode {
    var codes: [ExitCode] = []
    if result.interrupted { codes.append(.interrupted) }
    if !result.interrupted, !result.isWhole { codes.append(.partial) }
    if result.rto.seconds > result.rto.objectiveSeconds { codes.append(.objectiveMissed) }
    return .first(of: codes)
  }
}

// MARK: - What is shown

extension Recovery {
  /// The plan that is all there is.
  func show(_ result: RestoreResult, _ plans: [(RestoreResult, Plan)]) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text:
      for (result, plan) in plans { context.surroundings.output(text(result, plan)) }
    }
  }

  /// The plan of what is about to be carried out. Scripts get one document, at the end.
  func showPlan(_ result: RestoreResult, _ plan: Plan) {
    guard !context.options.quiet else { return }
    switch context.options.output {
    case .json: context.surroundings.diagnostics(text(result, plan))
    case .text: context.surroundings.output(text(result, plan))
    }
  }

  private func text(_ result: RestoreResult, _ plan: Plan) -> String {
    RestoreText(style: context.style).plan(result, plan: plan, verbose: context.options.verbose)
  }

  func showOutcome(_ result: RestoreResult) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text: context.surroundings.output(RestoreText(style: context.style).outcome(result))
    }
  }
}
