import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Restore
import SnapshotStore

// Both regions of a failback, as they are now.

extension FailbackOperation {
  /// Both regions as they were looked at.
  struct Sides: Sendable {
    /// As the base was restored.
    var mapping: Mapping
    /// The primary's accounts that are worked in, and the secondary's with them.
    var here: [String: Site]
    var there: RegionLook
    var primaryLook: RegionLook
    /// How each is looked at.
    let thereRun: RestoreRun
    let hereRun: RestoreRun
    /// By their ids in the primary.
    var accounts: [String]
    /// Why others are left out.
    var failures: [RestoreResult.Failure] = []
    /// Whether accounts were left out by whoever runs this, or by who restored the base.
    var isPart = false
  }

  func kinds(_ work: FailbackWork) -> [any CapturedKind] {
    allKinds(context.capture(work.reader.manifest, work.mesh))
  }

  /// Looks at both regions.
  /// - Throws: `CommandFailure` where no account can be looked at on both sides; as a capture does.
  func look(_ work: FailbackWork) async throws -> Sides {
    var mapping = try await Mapping(of: work.reader, to: work.region)
    work.mesh.mapping.apply(to: &mapping)
    let whole = work.reader.manifest.details.accounts
    let restored = try recovery.selected(work.reader.manifest).filter { account in
      work.base.accounts.isEmpty || work.base.accounts.contains(account.id)
        || work.base.accounts.contains(account.name)
    }
    var failures = restored.filter { !$0.complete }.map { account in
      RestoreResult.Failure(
        kind: "account", key: account.id, code: "Incomplete",
        message: "the snapshot that was restored does not hold all of it")
    }
    let wanted = restored.filter(\.complete).map(\.id)
    work.place.progress.stage("looking at \(work.region)")
    let role = work.mesh.accounts.restorerRole
    let theirs = try await recovery.enter(
      wanted.map { mapping.accounts[$0] ?? $0 }, role: role, region: work.region,
      session: work.place.session)
    mapping.restorers = theirs.entered.mapValues(\.principal)
    let thereRun = self.run(work, mapping, theirs, wanted)
    let there = try await thereRun.look(isBinding: true)
    work.place.progress.stage("looking at \(work.primary)")
    let ours = try await recovery.enter(
      wanted, role: role, region: work.primary, session: work.place.session)
    var home = Mapping(from: work.primary, to: work.primary)
    home.restorers = ours.entered.mapValues(\.principal)
    let hereRun = self.run(work, home, ours, wanted)
    let here = try await lookHome(hereRun, work)

    failures += Self.failures(of: theirs, there, in: mapping.inverse.accounts)
    failures += Self.failures(of: ours, here, in: [:])
    let left = Set(failures.map(\.key))
    let accounts = wanted.filter { !left.contains($0) }
    guard !accounts.isEmpty else {
      let reasons = failures.map { "\n  \($0.key): \($0.message)" }.joined()
      throw CommandFailure(.failed, "no account can be looked at on both sides:" + reasons)
    }
    return Sides(
      mapping: mapping, here: ours.entered.filter { accounts.contains($0.key) }, there: there,
      primaryLook: here.limited(to: Set(accounts)), thereRun: thereRun, hereRun: hereRun,
      accounts: accounts, failures: failures, isPart: restored.count < whole.count)
  }

  /// The primary, seen whole: the restorer becomes an administrator where it is none. Where nothing is to
  /// be changed, such an account is left out.
  private func lookHome(_ run: RestoreRun, _ work: FailbackWork) async throws -> RegionLook {
    guard !options.dryRun else { return try await run.look(isBinding: true) }
    let look = try await run.look(isBinding: false)
    guard look.isBlind else { return look }
    guard work.saved == nil else {
      throw CommandFailure(
        .failed,
        "the restorer is no data lake administrator of every account, so the plan can't be compared "
          + "with the one that was saved. Nothing was changed")
    }
    context.tell(
      "the restorer may not see everything in the primary: it becomes a data lake administrator there"
    )
    try await run.takeAdministration()
    return try await run.look(isBinding: true)
  }

  /// An account that was not seen whole on one side is left as it is: what is missing there may only
  /// have been overlooked.
  private static func failures(
    of sites: Operations.Sites, _ look: RegionLook, in primary: [String: String]
  ) -> [RestoreResult.Failure] {
    let refused = sites.refused.sorted { $0.key < $1.key }.map { account, error in
      RestoreResult.Failure(
        kind: "account", key: account, code: error.code, message: error.message)
    }
    return (refused + look.failures).map { failure in
      var failure = failure
      failure.key = primary[failure.key] ?? failure.key
      return failure
    }
  }

  private func run(
    _ work: FailbackWork, _ mapping: Mapping, _ sites: Operations.Sites, _ accounts: [String]
  ) -> RestoreRun {
    let job = RestoreJob(
      reader: work.reader, mapping: mapping, accounts: accounts, sites: sites.entered,
      notEntered: [:], objective: Double(work.mesh.objectives.rto ?? 7200))
    return RestoreRun(job, recovery.tools(kinds(work), work.place))
  }

  /// The run that changes the primary.
  func run(
    _ work: FailbackWork, _ sides: Sides, _ derivation: FailingBack
  ) -> RestoreRun {
    var mapping = Mapping(from: work.primary, to: work.primary)
    mapping.restorers = sides.here.mapValues(\.principal)
    var job = RestoreJob(
      reader: work.reader, mapping: mapping, accounts: sides.accounts, sites: sides.here,
      notEntered: [:], objective: Double(work.mesh.objectives.rto ?? 7200))
    job.command = recovery.command
    job.derivation = derivation
    job.policy = recovery.policy
    job.policy.keepsBasis = options.dryRun || work.saved != nil
    job.priority = work.mesh.priority
    job.concurrency = recovery.concurrency
    return RestoreRun(job, recovery.tools(kinds(work), work.place))
  }

  /// The secondary once more, and what has become of it since.
  struct SecondLook: Sendable {
    let look: RegionLook
    let changes: [FailbackReport.Change]
    /// Accounts that could not be seen whole: nobody knows what has become of them.
    let failures: [RestoreResult.Failure]
  }

  /// - Throws: as a capture does.
  func lookAgain(_ work: FailbackWork, _ sides: Sides) async throws -> SecondLook {
    work.place.progress.stage("looking at \(work.region) once more")
    let look = try await sides.thereRun.look(isBinding: true)
    let accounts = sides.accounts.map { sides.mapping.accounts[$0] ?? $0 }
    let restorers = Set(sides.mapping.restorers.values).union(sides.here.values.map(\.principal))
    let changes = try await RegionDrift(kinds: kinds(work), restorers: restorers)
      .changes(from: sides.there.reader, to: look.reader, accounts: Set(accounts))
    return SecondLook(
      look: look, changes: changes, failures: look.failures.filter { accounts.contains($0.key) })
  }
}
