import AWSAccess
import Foundation
import MeshFile
import MeshModel
import Replication
import Reporting
import SnapshotStore

/// `meshdr rpo`: how far the replicas of the mesh's data are behind, against the objective.
public struct RPOOperation: Sendable {
  private let context: MeshContext
  private let options: RPOOptions
  private let version: String

  /// - Parameter version: of this meshdr, for a capture of the live catalog.
  public init(_ context: MeshContext, _ options: RPOOptions, version: String) {
    self.context = context
    self.options = options
    self.version = version
  }

  /// Measures once, or again and again until it is stopped.
  /// - Returns: `done` where all is within the objective, `objectiveMissed` where something is not or
  ///   is not known, `interrupted`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    guard options.watch == nil || context.options.output == .text else {
      throw CommandFailure(.usage, "--watch shows a table: it can't be had with --output json")
    }
    let archive = try context.archive(near: options.region)
    let session = try context.session()
    defer { session.shutdown() }
    var result = try await measure(archive, session)
    try await publish(result, session)
    guard let interval = options.watch else {
      try await RunRecords(archive.store).keep(result)
      show(result)
      return context.surroundings.shouldStop() ? .interrupted : Self.exitCode(result)
    }
    while !context.surroundings.shouldStop() {
      showRound(result)
      guard try await pause(interval) else { break }
      result = try await measure(archive, session)
      try await publish(result, session)
    }
    context.surroundings.screen?.draw([])
    try await RunRecords(archive.store).keep(result)
    show(result)
    return Self.exitCode(result)
  }

  /// One measurement, which nothing is kept or shown of: for other commands.
  /// - Throws: what `CommandFailure` maps.
  func measure(_ archive: Archive, _ session: AWSSession) async throws -> RPOResult {
    guard options.live else {
      let manifest = try await archive.find(options.snapshot)
      let mesh = try context.meshFile(orFrom: manifest)
      var result = try await measure(archive.reader(manifest), mesh, archive, session)
      result.snapshot = manifest.id
      return result
    }
    let mesh = try context.meshFile()
    return try await context.withScratchDirectory { scratch in
      let live = try await SnapshotOperation(context, version: version).captureAside(
        in: scratch, mesh: mesh)
      var result = try await measure(live, mesh, archive, session)
      for account in live.manifest.details.accounts {
        for failure in account.failures {
          result.warnings.append(
            "\(account.id) \(account.name): \(failure.code): \(failure.message)")
        }
      }
      return result
    }
  }

  /// The same beside a snapshot that is about to be sealed.
  func measured(
    beside reader: SnapshotReader, _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession
  ) async throws -> RPOResult {
    var result = try await measure(reader, mesh, archive, session)
    let details = reader.manifest.details
    result.snapshot = reader.manifest.id
    if details.accounts.allSatisfy(\.complete) {
      result.catalogAgeSeconds = max(
        0, context.now - Double(details.recoveryPoint.milliseconds) / 1000)
    }
    return result
  }

  private func measure(
    _ reader: SnapshotReader, _ mesh: MeshFile, _ archive: Archive, _ session: AWSSession
  ) async throws -> RPOResult {
    let surroundings = context.surroundings
    let began = surroundings.clock.seconds()
    let started = surroundings.clock.now()
    guard let region = options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "which region has the replicas? give --region, or `secondary:`")
    }
    guard let objective = options.objective ?? mesh.objectives.rpo.map(Double.init) else {
      throw CommandFailure(
        .usage, "there is no objective: give --objective, or `objectives: {rpo: 15m}`")
    }
    let primaryLost = await primaryIsLost(mesh)
    if primaryLost {
      context.tell("\(mesh.primary) does not answer: measuring from \(region) alone")
    }
    let measurement = RPOMeasurement(
      context: context, options: options, mesh: mesh, secondary: region, objective: objective,
      reader: reader, clients: ClientBook(session, role: mesh.accounts.readerRole),
      primaryLost: primaryLost, earlier: try await RunRecords(archive.store).latestRPOs(Self.trend))
    var result = try await measurement.result(started: started)
    result.catalogAgeSeconds = try await catalogAge(mesh, archive)
    result.run = "rpo-" + runStamp(started) + "-" + hex(surroundings.random())
    result.seconds = surroundings.clock.seconds() - began
    return result
  }

  /// The age of the newest complete snapshot of this mesh; nil where there is none.
  private func catalogAge(_ mesh: MeshFile, _ archive: Archive) async throws -> Double? {
    do {
      let details = try await archive.find("latest").details
      guard details.mesh == mesh.mesh else { return nil }
      return max(0, context.now - Double(details.recoveryPoint.milliseconds) / 1000)
    } catch let error as ArchiveError where error.code == .notFound {
      return nil
    }
  }

  /// Whether the primary's STS can't be reached: three tries, so that nobody waits for long.
  private func primaryIsLost(_ mesh: MeshFile) async -> Bool {
    var surroundings = context.surroundings
    surroundings.environment["AWS_MAX_ATTEMPTS"] = "3"
    do {
      let session = try MeshContext(context.options, surroundings).session()
      defer { session.shutdown() }
      _ = try await session.callerIdentity(region: AWSRegion(mesh.primary))
      return false
    } catch let failure as AWSFailure {
      return failure.code == AWSFailure.Code.network
    } catch {
      return false
    }
  }

  /// How many earlier runs are looked at.
  private static let trend = 12

  // MARK: - What becomes of a result

  static func exitCode(_ result: RPOResult) -> ExitCode { result.met ? .done : .objectiveMissed }

  private func show(_ result: RPOResult) {
    switch context.options.output {
    case .json: context.surroundings.output(result.json.canonicalText)
    case .text:
      let text = RPOText(style: context.style, verbose: context.options.verbose).page(result)
      context.surroundings.output(text)
    }
  }

  private func showRound(_ result: RPOResult) {
    guard let screen = context.surroundings.screen else { return show(result) }
    let style = TextStyle(color: false, width: screen.width)
    let lines = RPOText(style: style, verbose: false).table(result).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    screen.draw(Array(lines.prefix(max(1, screen.height - 1))))
  }

  private func publish(_ result: RPOResult, _ session: AWSSession) async throws {
    if let file = options.metricsFile {
      let path = context.surroundings.absolute(file)
      do {
        try Data(RPOMetricsText.page(result, now: context.now).utf8).write(
          to: URL(filePath: path), options: .atomic)
      } catch {
        throw CommandFailure(.failed, "the figures can't be written to \(file): \(error)")
      }
    }
    if options.cloudWatch {
      let region = AWSRegion(result.region)
      let caller = try await session.callerIdentity(region: region)
      let client = try await session.client(account: caller.account, role: nil, region: region)
      try await RPOMetricsPut(client).put(result, now: context.now)
    }
  }

  /// - Returns: false where it was asked to stop meanwhile.
  private func pause(_ seconds: Double) async throws -> Bool {
    let end = context.surroundings.clock.seconds() + seconds
    while context.surroundings.clock.seconds() < end {
      if context.surroundings.shouldStop() { return false }
      try await Task.sleep(for: .seconds(0.2))
    }
    return true
  }

  /// `20261124T020000Z`, as the ids of runs have it.
  private func runStamp(_ time: String) -> String {
    String(time.prefix(19).filter { $0.isNumber || $0 == "T" }) + "Z"
  }

  private func hex(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
