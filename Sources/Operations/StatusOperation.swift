import CanonicalJSON
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr status`: the state of a mesh on one page, from its store alone.
public struct StatusOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// - Throws: what `CommandFailure` maps. A snapshot or run that can't be read is a warning.
  public func run() async throws -> ExitCode {
    let archive = try context.archive()
    let mesh = try await context.meshFile(orFromNewestOf: archive)
    let status = try await status(mesh, archive)
    switch context.options.output {
    case .json: context.surroundings.output(status.json.canonicalText)
    case .text: context.surroundings.output(StatusText(style: context.style).page(status))
    }
    return .done
  }

  private func status(_ mesh: MeshFile, _ archive: Archive) async throws -> MeshStatus {
    let side = try await ActiveSides(archive.store).current(of: mesh)
    var status = MeshStatus(
      mesh: mesh.mesh, primary: mesh.primary, secondary: mesh.secondary, active: side.region)
    status.activeSince = side.since
    status.activeRun = side.run
    let snapshots = try await archive.snapshots()
    status.snapshot = snapshots.first(where: \.complete).map {
      snapshot($0.id, $0.region, $0.recoveryPoint)
    }
    for snapshot in snapshots.filter({ $0.damage != nil }) {
      status.warnings.append("snapshot \(snapshot.id) is damaged: meshdr verify \(snapshot.id)")
    }
    if let newest = snapshots.first, newest.damage == nil, !newest.complete {
      status.warnings.append("the newest snapshot, \(newest.id), is incomplete")
    }
    for id in try await archive.missed(after: snapshots.first?.id ?? "") {
      status.warnings.append("snapshot \(id) is gone, although no prune removed it: meshdr verify")
    }
    if let taken = status.snapshot, taken.region != side.region {
      status.warnings.append(
        "the last good snapshot is of \(taken.region), but the mesh runs in \(side.region)")
    }
    let runs = RunRecords(archive.store)
    status.rpo = try await newest("rpo", runs, &status.warnings) { _ in true }
    status.restore = try await newest("restore", runs, &status.warnings) { _ in true }
    status.drill = try await newest("drill", runs, &status.warnings) { _ in true }
    try await addAccounts(snapshots, archive, runs, to: &status)
    return status
  }

  private func snapshot(
    _ id: String, _ region: String, _ recoveryPoint: UTCTime
  ) -> MeshStatus.Snapshot {
    MeshStatus.Snapshot(
      id: id, region: region, recoveryPoint: recoveryPoint.description, age: age(recoveryPoint))
  }

  private func age(_ time: UTCTime?) -> Double? {
    guard let time, let now = UTCTime(context.surroundings.clock.now()) else { return nil }
    return Double(now.milliseconds - time.milliseconds) / 1000
  }
}

// MARK: - Runs

extension StatusOperation {
  /// The newest run of a command that fits. What can't be read is passed over with a warning.
  private func newest(
    _ command: String, _ runs: RunRecords, _ warnings: inout [String],
    where fits: (JSON) -> Bool
  ) async throws -> MeshStatus.Run? {
    for id in try await runs.ids() where id.hasPrefix(command + "-") {
      do {
        let document = try await runs.document(id)
        if fits(document) { return run(id, document) }
      } catch let error as ArchiveError where error.code == .damaged {
        let warning = error.description
        if !warnings.contains(warning) { warnings.append(warning) }
      }
    }
    return nil
  }

  /// Restores and drills keep their time in `rto`; a check of the RPO has its figures at the top.
  private func run(_ id: String, _ document: JSON) -> MeshStatus.Run {
    let time = RunRecords.began(id)
    var run = MeshStatus.Run(
      id: id, region: document["region"]?.string ?? "", started: time?.description ?? "",
      age: age(time))
    let figures = document["rto"] ?? document
    run.met = figures["met"]?.bool
    run.seconds = figures["seconds"]?.double ?? figures["worstSeconds"]?.double
    run.objective = figures["objectiveSeconds"]?.double
    return run
  }
}

// MARK: - Accounts

extension StatusOperation {
  /// How many snapshots are looked through for one that holds all of an account.
  private static let depth = 50

  private func addAccounts(
    _ snapshots: [SnapshotSummary], _ archive: Archive, _ runs: RunRecords,
    to status: inout MeshStatus
  ) async throws {
    var captured: [String: MeshStatus.Snapshot] = [:]
    var accounts: [CapturedAccount]?
    for summary in snapshots.prefix(Self.depth) where summary.damage == nil {
      let details = try await archive.find(summary.id).details
      let newest = accounts ?? details.accounts
      accounts = newest
      for account in details.accounts where account.complete && captured[account.id] == nil {
        captured[account.id] = snapshot(summary.id, details.region, details.recoveryPoint)
      }
      if newest.allSatisfy({ captured[$0.id] != nil }) { break }
    }
    for account in accounts ?? [] {
      let drilled = try await newest("drill", runs, &status.warnings) { document in
        let drilled = document["drill"]?["accounts"]?[account.id]?.string ?? account.id
        return (document["timeline"]?.array ?? []).contains { $0["account"]?.string == drilled }
      }
      status.accounts.append(
        MeshStatus.Account(
          id: account.id, name: account.name, captured: captured[account.id], drilled: drilled,
          errors: account.errors.map { "\($0.code): \($0.message)" }))
    }
  }
}

// MARK: - The document

extension MeshStatus {
  var json: JSON {
    [
      "mesh": .string(mesh), "primary": .string(primary),
      "secondary": secondary.map(JSON.string) ?? .null,
      "active": ActiveSide(region: active, since: activeSince, run: activeRun).json,
      "snapshot": snapshot?.json ?? .null,
      "catalogAgeSeconds": snapshot?.age.map { JSON($0) } ?? .null,
      "rpo": rpo?.json ?? .null, "restore": restore?.json ?? .null, "drill": drill?.json ?? .null,
      "accounts": .array(
        accounts.map { account in
          [
            "id": .string(account.id), "name": .string(account.name),
            "captured": account.captured?.json ?? .null,
            "drill": account.drilled?.json ?? .null, "errors": JSON(account.errors),
          ]
        }), "warnings": JSON(warnings),
    ]
  }
}

extension MeshStatus.Snapshot {
  fileprivate var json: JSON {
    [
      "snapshot": .string(id), "region": .string(region), "recoveryPoint": .string(recoveryPoint),
      "ageSeconds": age.map { JSON($0) } ?? .null,
    ]
  }
}

extension MeshStatus.Run {
  fileprivate var json: JSON {
    [
      "run": .string(id), "region": .string(region), "started": .string(started),
      "ageSeconds": age.map { JSON($0) } ?? .null, "met": met.map(JSON.bool) ?? .null,
      "seconds": seconds.map { JSON($0) } ?? .null,
      "objectiveSeconds": objective.map { JSON($0) } ?? .null,
    ]
  }
}
