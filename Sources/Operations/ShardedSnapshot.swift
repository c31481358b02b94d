import AWSAccess
import CanonicalJSON
import Capture
import Reporting
import SnapshotStore

/// `meshdr snapshot --shard` and `--seal`: one snapshot, captured by many machines.
public struct ShardedSnapshot: Sendable {
  private let context: MeshContext
  private let version: String
  private let name: String
  private let measuresRPO: Bool

  /// - Parameters:
  ///   - version: of this meshdr, for the manifest.
  ///   - name: the id that all were given, or the moment of which they make it.
  ///   - measuresRPO: whether it is measured, before it is sealed, how far replicas are behind.
  public init(
    _ context: MeshContext, version: String, name: String, measuresRPO: Bool = false
  ) {
    self.context = context
    self.version = version
    self.name = name
    self.measuresRPO = measuresRPO
  }

  private var operation: SnapshotOperation {
    SnapshotOperation(context, version: version, measuresRPO: measuresRPO)
  }

  /// Captures a shard's share and leaves a part in the store. One that is too late, because the
  /// snapshot is sealed, leaves none, and that is no failure.
  /// - Parameter shard: as it was given; nil to take it from the environment.
  /// - Returns: `done`, or `partial` where something of the share could not be captured.
  /// - Throws: what `CommandFailure` maps.
  public func capture(_ shard: String?) async throws -> ExitCode {
    let shard = try Shard.chosen(by: shard, environment: context.surroundings.environment)
    let written = try context.meshFile()
    let id = try id(written.mesh)
    let archive = try context.archive()
    let mesh = try await context.running(written, archive)
    if let manifest = try await archive.sealed(id) {
      tooLate(manifest, shard)
      return .done
    }
    let session = try context.session()
    defer { session.shutdown() }
    let previous = try await operation.newest(of: mesh, in: archive)
    let scope = try await context.captureScope(mesh, session, previous: previous)
    return try await context.withScratchDirectory { scratch in
      let began = context.storeClock.now()
      let writer = try await archive.writer(
        id: id, scratchDirectory: scratch, clock: context.storeClock)
      let part = try await PartCapture(
        context, version: version, scope: scope, session: session, scratch: scratch, shard: shard
      ).run(into: writer, began: began)
      try await writer.leave(part)
      show(part)
      return part.isWhole ? .done : .partial
    }
  }

  /// Joins the parts and seals the snapshot. One that is sealed already stays as it is.
  /// - Returns: `done`, or `partial` where an account could not be captured whole.
  /// - Throws: what `CommandFailure` maps; exit code 1 where a shard is missing, naming it.
  public func seal() async throws -> ExitCode {
    let written = try context.meshFile()
    let id = try id(written.mesh)
    let archive = try context.archive()
    let mesh = try await context.running(written, archive)
    if let manifest = try await archive.sealed(id) {
      try await archive.removeParts(of: id)
      context.tell("snapshot \(id) is sealed already")
      operation.report(manifest, SnapshotWriter.Packs(), seconds: manifest.seconds)
      return manifest.exitCode
    }
    // Whoever is too early leaves nothing behind.
    _ = try joined(try await archive.parts(of: id), id)
    return try await context.withScratchDirectory { scratch in
      // From here on no prune takes the parts away, or their packs.
      let writer = try await archive.writer(
        id: id, scratchDirectory: scratch, clock: context.storeClock)
      let parts = try joined(try await archive.parts(of: id), id)
      for part in parts.parts { try writer.adopt(part) }
      let previous = try await operation.newest(of: mesh, in: archive)
      let manifest = try await withSites(parts) { sites, session in
        let conditions = try await operation.conditions(mesh, archive, session)
        return try await Sealing(
          parts: parts, sites: sites, previous: previous.map(archive.reader),
          freshness: try operation.freshness(mesh, archive, session)
        ).seal(writer, conditions)
      }
      try await archive.removeParts(of: id)
      operation.report(manifest, parts.written, seconds: manifest.seconds)
      return manifest.exitCode
    }
  }

  private func id(_ mesh: String) throws -> String {
    guard context.options.only.isEmpty else {
      throw CommandFailure(.usage, "--only goes with a snapshot that one machine takes")
    }
    let id = try SnapshotID.named(name, mesh: mesh)
    let now = context.storeClock.now()
    let age = (now.milliseconds - (SnapshotID.recoveryPoint(id)?.milliseconds ?? 0)) / 1000
    guard age > -600, age < Archive.partLifetime else {
      throw CommandFailure(
        .usage,
        "\(id) is of \(age < 0 ? "the future" : "more than seven days ago"), and it is now \(now): "
          + "a snapshot has the time at which it is captured")
    }
    return id
  }

  private func joined(_ found: Archive.Parts, _ id: String) throws -> JoinedParts {
    for error in found.damaged { context.tell("warning: a part that can't be read: \(error)") }
    guard !found.parts.isEmpty else {
      throw CommandFailure(
        .failed, "no shard has left a part of snapshot \(id), so there is nothing to seal")
    }
    return try JoinedParts(found.parts)
  }

  /// Enters the accounts, to ask what became of what is no longer listed. A snapshot whose parts are
  /// there is sealed also where that fails: it says so.
  private func withSites<Result: Sendable>(
    _ parts: JoinedParts, _ body: ([String: Site], AWSSession) async throws -> Result
  ) async throws -> Result {
    let mesh = try context.meshFile()
    let session = try context.session()
    defer { session.shutdown() }
    var sites: [String: Site] = [:]
    do {
      let entered = try await Sites(
        parts.accounts.filter(\.reached).map(\.id), role: mesh.accounts.readerRole,
        region: parts.region, session: session)
      sites = entered.entered
      for (account, error) in entered.refused.sorted(by: { $0.key < $1.key }) {
        context.tell(
          "warning: what vanished from account \(account) is not asked for: \(error.code)")
      }
    } catch let failure as CommandFailure {
      context.tell("warning: what vanished is not asked for: \(failure.message)")
    }
    return try await body(sites, session)
  }
}

// MARK: - Telling

extension ShardedSnapshot {
  private func show(_ part: SnapshotPart) {
    switch context.options.output {
    case .json:
      let accounts = part.accounts.filter(\.selected).map { account in
        CapturedAccount(
          id: account.id, name: account.name,
          complete: account.reached && account.allErrors.isEmpty, errors: account.allErrors,
          moving: account.moving)
      }
      let document: JSON = [
        "snapshot": .string(part.snapshot), "shard": .string(part.shard.description),
        "sealed": false, "region": .string(part.region), "mesh": .string(part.mesh),
        "complete": .bool(part.isWhole), "recoveryPoint": .string(part.began.description),
        "seconds": JSON(
          Double(part.finished.milliseconds - part.began.milliseconds) / 1000),
        "records": JSON(part.counts.values.reduce(0, +)),
        "counts": .object(part.counts.mapValues { JSON($0) }),
        "accounts": .array(accounts.map(\.json)), "warnings": JSON(part.warnings),
        "packs": [
          "written": JSON(part.written.written), "reused": JSON(part.written.reused),
          "bytes": JSON(part.written.bytes),
        ],
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      for account in part.accounts where account.selected {
        for error in account.allErrors {
          context.tell("\(account.id) \(account.name): \(error.code): \(error.message)")
        }
      }
      context.surroundings.output(
        ArchiveText(style: context.style).part(
          snapshot: part.snapshot, shard: part.shard.description,
          records: part.counts.values.reduce(0, +), written: part.written.written,
          reused: part.written.reused, isWhole: part.isWhole))
    }
  }

  private func tooLate(_ manifest: Manifest, _ shard: Shard) {
    context.tell("snapshot \(manifest.id) is sealed: shard \(shard) is too late, and not needed")
    guard context.options.output == .json else { return }
    var document = SnapshotReport(manifest).json
    document["shard"] = .string(shard.description)
    document["sealed"] = true
    context.surroundings.output(document.canonicalText)
  }
}

extension Manifest {
  /// From the recovery point to the end of the capture.
  fileprivate var seconds: Double {
    Double(details.finished.milliseconds - details.recoveryPoint.milliseconds) / 1000
  }
}
