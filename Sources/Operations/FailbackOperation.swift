import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Replication
import Reporting
import Restore
import SnapshotStore

/// What `meshdr failback` is given.
public struct FailbackOptions: Sendable {
  /// The region whose changes go home; nil for the one that the mesh runs in.
  public var region: String?
  /// The restore that the region came from; nil for the one that the active side names.
  public var run: String?
  /// A snapshot to take for the base, whatever runs say.
  public var snapshot: String?
  /// Nil where nobody has said it: then the secondary's version wins.
  public var onConflict: ConflictChoice?
  public var allowUnmapped = false
  /// Goes on where the data is not known to be in the primary.
  public var ignoreBlockers = false
  /// Writes into the region that the mesh runs in.
  public var forceActive = false
  public var dryRun = false
  public var resume = false
  public var concurrency = 32
  /// Where the plan of a dry run is written to, in a form that `planFile` takes.
  public var planOut: String?
  /// A plan that was saved, and perhaps shortened: only its steps are carried out.
  public var planFile: String?

  public init() {}

  var choice: ConflictChoice { onConflict ?? .secondary }

  /// How a choice can be written: as of a restore into the primary, or by the side that is right.
  public static let choices =
    ["overwrite", "skip", "fail", "secondary", "primary", "stop"]

  public static func choice(_ text: String) -> ConflictChoice? {
    switch text {
    case "fail": .stop
    case "overwrite": .secondary
    case "skip": .primary
    default: ConflictChoice(rawValue: text)
    }
  }
}

/// `meshdr failback`: the changes made during the outage are brought back to the primary.
///
/// Three captures are merged: the snapshot that was restored, the secondary, and the primary as it came
/// back. What they come to is planned and carried out in the primary as a restore is.
public struct FailbackOperation: Sendable {
  let context: MeshContext
  let options: FailbackOptions
  let recovery: Recovery

  public init(_ context: MeshContext, _ options: FailbackOptions) {
    self.context = context
    self.options = options
    var recovery = Recovery(context: context, command: "failback")
    recovery.policy.allowUnmapped = options.allowUnmapped
    // The merge says of everything whether it is to be there.
    recovery.policy.isWhole = true
    recovery.policy.reasonForRemoval = "gone on one side since the snapshot"
    recovery.policy.only = context.options.only
    recovery.concurrency = options.concurrency
    self.recovery = recovery
  }

  /// - Returns: `done`; `partial` where something failed or is not as it should be; `objectiveMissed`
  ///   where data is missing in the primary or it took too long; `failed` for conflicts; `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    guard options.planOut == nil || options.dryRun else {
      throw CommandFailure(.usage, "--out saves what --dry-run shows: give both")
    }
    let archive = try context.archive(near: options.region)
    let runs = RunRecords(archive.store)
    if let file = options.planFile {
      guard !options.resume else {
        throw CommandFailure(
          .usage, "--resume goes on with the plan that was begun: leave --plan out")
      }
      let (operation, saved) = try following(file)
      return try await operation.run(archive, runs, nil, saved)
    }
    guard options.resume else { return try await run(archive, runs, nil, nil) }
    let begun = try await runs.unfinished(
      recovery.command, now: context.surroundings.clock.now())
    return try await continuing(begun).run(archive, runs, begun, nil)
  }

  /// The same failback with the scope and the options of the one that is resumed.
  private func continuing(_ begun: RunRecords.Unfinished) throws -> FailbackOperation {
    var (options, common) = (options, context.options)
    let from = begun.start["from"]?.string
    if let region = options.region, region != from {
      throw CommandFailure(
        .usage, "--resume goes on with \(begun.run), of \(from ?? "?"); leave --region out")
    }
    guard common.only.isEmpty, common.accounts.isEmpty, options.snapshot == nil, options.run == nil
    else {
      throw CommandFailure(
        .usage,
        "--resume goes on with \(begun.run) as it was begun: leave --only, --account, --run and "
          + "--snapshot out")
    }
    let choice = begun.start["onConflict"]?.string.flatMap(ConflictChoice.init) ?? .stop
    guard options.onConflict == nil || options.onConflict == choice else {
      throw CommandFailure(
        .usage,
        "--resume goes on with \(begun.run), which was begun with --on-conflict "
          + "\(choice.word); leave it out")
    }
    options.region = from
    options.onConflict = choice
    options.run = begun.start["baseRun"]?.string
    options.snapshot = options.run == nil ? begun.snapshot : nil
    options.allowUnmapped = options.allowUnmapped || begun.start["allowUnmapped"]?.bool == true
    options.ignoreBlockers = options.ignoreBlockers || begun.start["ignoreBlockers"]?.bool == true
    options.forceActive = options.forceActive || begun.start["forceActive"]?.bool == true
    common.only = begun.only.compactMap { Selector($0) }
    common.accounts = begun.accounts
    return FailbackOperation(MeshContext(common, context.surroundings), options)
  }

  private func run(
    _ archive: Archive, _ runs: RunRecords, _ resumed: RunRecords.Unfinished?, _ saved: SavedPlan?
  ) async throws -> ExitCode {
    let mesh = try await context.meshFile(orFromNewestOf: archive)
    let active = try await ActiveSides(archive.store).current(of: mesh)
    if let resumed, active.run == resumed.run { return try await end(resumed, runs, mesh) }
    let region = try region(mesh, active)
    let base = try await FailbackBase(options, region, active, archive, runs)
    let reader = archive.reader(base.manifest)
    try await recovery.check(reader)
    let primary = base.manifest.details.region
    let id = resumed?.run ?? recovery.runID()
    if !options.dryRun {
      try await FailbackHold(archive).put(
        base.manifest.id, region: region, run: base.run, now: context.storeClock.now())
    }
    return try await recovery.working(in: primary, run: id, runs, isHeld: !options.dryRun) {
      place in
      let left = (resumed?.start["leftOut"]?.array ?? []).compactMap { SavedPlan.Step(json: $0) }
      let work = FailbackWork(
        mesh: mesh, base: base, reader: reader, region: region, primary: primary, runs: runs,
        id: id, isResumed: resumed != nil, saved: saved, leftOut: left, place: place)
      return try await bringHome(work)
    }
  }

  /// The run was killed when it had switched the active side already: people may work in the primary
  /// since, so nothing is merged any more. Only what was left to be written is written.
  private func end(
    _ resumed: RunRecords.Unfinished, _ runs: RunRecords, _ mesh: MeshFile
  ) async throws -> ExitCode {
    try await letGo(runs)
    try await runs.withJournal(resumed.run, start: resumed.start.object ?? [:], context) {
      try $0.write("end", [:])
    }
    var result = RestoreResult(
      command: recovery.command, mesh: mesh.mesh, snapshot: resumed.snapshot,
      region: resumed.region,
      rto: .init(objectiveSeconds: Double(mesh.objectives.rto ?? 7200), seconds: 0, phases: []))
    result.run = resumed.run
    result.verified = .init()
    result.warnings = [
      "\(resumed.run) had come to its end but for its record: the mesh runs in \(resumed.region)"
    ]
    var report = FailbackReport(
      from: resumed.start["from"]?.string ?? "", baseRun: resumed.start["baseRun"]?.string,
      onConflict: options.choice.word)
    report.kept = "failbacks/\(resumed.run)"
    report.switched = true
    result.failback = report
    try await runs.keep(result)
    recovery.showOutcome(result)
    return .done
  }

  /// The region whose changes go home. Nothing has been called yet.
  private func region(_ mesh: MeshFile, _ active: ActiveSide) throws -> String {
    let running = active.region == mesh.primary ? nil : active.region
    guard let region = options.region ?? running ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    guard region != mesh.primary else {
      throw CommandFailure(
        .usage,
        "\(region) is the primary, where the changes go: name the region that they come from")
    }
    guard active.region == region || options.forceActive || options.dryRun else {
      throw CommandFailure(
        .usage,
        "the mesh runs in \(active.region), so nothing that people do there may be overwritten by "
          + "what is in \(region). If the mesh has run in \(region) meanwhile, say so: meshdr active "
          + "\(region); or give --force-active")
    }
    return region
  }
}

/// What one failback works on.
struct FailbackWork: Sendable {
  let mesh: MeshFile
  let base: FailbackBase
  /// The base.
  let reader: SnapshotReader
  /// The region whose changes go home.
  let region: String
  let primary: String
  let runs: RunRecords
  let id: String
  let isResumed: Bool
  /// The plan that is carried out, where one was given.
  let saved: SavedPlan?
  /// What whoever began the run that is resumed has left out.
  let leftOut: [SavedPlan.Step]
  let place: Recovery.Workplace
}
