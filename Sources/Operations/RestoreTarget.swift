import AWSAccess
import MeshFile
import MeshModel
import Restore
import SnapshotStore

// What is restored where, found out before anything is changed.

extension RestoreOperation {
  /// Which snapshot goes where.
  struct Target: Sendable {
    let mesh: MeshFile
    let reader: SnapshotReader
    let region: String
  }

  func target(
    _ resumed: RunRecords.Unfinished?, _ archive: Archive
  ) async throws -> Target {
    let manifest = try await archive.find(resumed?.snapshot ?? options.snapshot)
    if resumed == nil, options.snapshot == "latest" {
      await context.tellOfMissed(after: manifest, in: archive)
    }
    let mesh = try context.meshFile(orFrom: manifest)
    return Target(
      mesh: mesh, reader: archive.reader(manifest), region: try region(mesh, manifest, resumed))
  }

  func capture(of target: Target) -> MeshFile.Capture {
    context.capture(target.reader.manifest, target.mesh)
  }

  private func region(
    _ mesh: MeshFile, _ manifest: Manifest, _ resumed: RunRecords.Unfinished?
  ) throws -> String {
    guard let region = resumed?.region ?? options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    return region
  }

  /// A restore never overwrites the side that the mesh runs in. Nothing has been called yet.
  func activeSide(
    _ target: Target, _ resumed: RunRecords.Unfinished?, _ archive: Archive
  ) async throws -> ActiveSide {
    let active = try await ActiveSides(archive.store).current(of: target.mesh)
    guard target.region == active.region, !options.forceActive, !options.dryRun else {
      return active
    }
    let since = active.since.map { " since \($0)" } ?? ""
    throw CommandFailure(
      .usage,
      "\(target.region) is the region that the mesh runs in\(since); a restore does not overwrite "
        + "it unless --force-active is given. `meshdr active` shows and switches the active side")
  }

  /// The run's clock. Where it is known when the region was lost, what has passed since counts.
  /// - Throws: `CommandFailure` (`.usage`) for what is no time, or one to come.
  func clock() throws -> RunClock {
    let clock = context.surroundings.clock
    guard let text = options.since else { return clock }
    guard let since = UTCTime(text), let now = UTCTime(clock.now()) else {
      throw CommandFailure(.usage, "--since “\(text)” is no time such as 2026-11-23T02:00Z")
    }
    let passed = Double(now.milliseconds - since.milliseconds) / 1000
    guard passed >= 0 else {
      throw CommandFailure(.usage, "--since \(text) is in the future: it is \(now) now")
    }
    return clock.begun(after: passed)
  }

  /// Every pack that the restore reads is known to be whole.
  /// - Throws: as `Recovery.check` does.
  func check(_ target: Target) async throws {
    let accounts = Set(try recovery.selected(target.reader.manifest).map(\.id))
    let kinds = allKinds(capture(of: target), activating: options.activate)
    try await recovery.check(target.reader) {
      RestoreRun.reads($0, of: kinds, in: accounts, only: context.options.only)
    }
  }

  func job(
    _ mesh: MeshFile, _ reader: SnapshotReader, _ region: String, _ session: AWSSession
  ) async throws -> RestoreJob {
    var mapping = try await Mapping(of: reader, to: region)
    mesh.mapping.apply(to: &mapping)
    let selected = try recovery.selected(reader.manifest)
    let sites = try await recovery.enter(
      selected.map { mapping.accounts[$0.id] ?? $0.id }, role: mesh.accounts.restorerRole,
      region: region, session: session)
    mapping.restorers = sites.entered.mapValues(\.principal)
    var job = RestoreJob(
      reader: reader, mapping: mapping, accounts: selected.map(\.id), sites: sites.entered,
      notEntered: sites.refused, objective: Double(mesh.objectives.rto ?? 7200))
    job.policy = options.policy
    job.policy.only = context.options.only
    job.policy.keepsBasis = options.keepsBasis
    job.priority = mesh.priority
    job.concurrency = options.concurrency
    return job
  }
}
