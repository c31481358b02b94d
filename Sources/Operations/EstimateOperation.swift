import Access
import MeshFile
import MeshModel
import Reporting
import Restore
import SnapshotStore

/// What `meshdr drill --estimate` is given.
public struct EstimateOptions: Sendable {
  /// Nil for the mesh file's secondary.
  public var region: String?
  public var snapshot = "latest"
  /// `BatchCreatePartition=20` or `glue=20`: calls a second in one account.
  public var rates: [String] = []
  /// How long a call takes. Milliseconds; nil where nobody said.
  public var latency: Int?
  public var concurrency = 32

  public init() {}
}

/// `meshdr drill --estimate`: how long a restore would take, from what the store holds. AWS is not
/// called, but for a store that is in S3.
public struct EstimateOperation: Sendable {
  private let context: MeshContext
  private let options: EstimateOptions

  public init(_ context: MeshContext, _ options: EstimateOptions) {
    self.context = context
    self.options = options
  }

  /// - Returns: `done`, or `objectiveMissed` where a restore would take too long.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    guard context.options.only.isEmpty else {
      throw CommandFailure(.usage, "an estimate counts whole accounts: --only can't be had with it")
    }
    let archive = try context.archive(near: options.region)
    let manifest = try await archive.find(options.snapshot)
    let mesh = try context.meshFile(orFrom: manifest)
    guard let region = options.region ?? mesh.secondary else {
      throw CommandFailure(.usage, "no region is named: give --region R")
    }
    let workload = try await workload(manifest, archive)
    let runs = try await pastRuns(RunRecords(archive.store), region)
    var book = RateBook(
      given: try givenRates(workload), latency: options.latency.map { Double($0) / 1000 })
    for run in runs { book.learn(from: run) }
    var estimate = RecoveryEstimate(
      mesh: mesh.mesh, snapshot: manifest.id, region: region,
      objectiveSeconds: Double(mesh.objectives.rto ?? 7200))
    estimate.accountNames = manifest.accountNames
    let around = Around(workload.records, manifest, runs, book)
    estimate = RecoveryEstimator(
      workload, rates: book, concurrency: options.concurrency, look: around.look,
      plan: around.plan, verify: around.verify
    ).estimate(estimate)
    switch context.options.output {
    case .json: context.surroundings.output(estimate.json.canonicalText)
    case .text:
      context.surroundings.output(EstimateText(style: context.style).page(estimate))
    }
    return estimate.met ? .done : .objectiveMissed
  }

  private func workload(_ manifest: Manifest, _ archive: Archive) async throws -> Workload {
    let selected = Set(
      try Recovery(context: context, command: "drill").selected(manifest).map(\.id))
    let graph = try await SharingGraph(in: archive.reader(manifest))
    let kinds = allKinds(capture(manifest))
    return Workload(
      manifest.counts(of: selected), kinds: kinds,
      order: graph.order.joined().filter(selected.contains),
      shares: graph.edges.map { ($0.owner, $0.user) })
  }

  // Swift 6.3.1 crashes when it optimises the reading of a mesh file into other functions.
  @inline(never)
  private func capture(_ manifest: Manifest) -> MeshFile.Capture {
    (try? MeshFile(text: manifest.details.meshFile, path: "snapshot"))?.capture ?? .none
  }

  // MARK: Rates

  private func givenRates(_ workload: Workload) throws -> [String: Double] {
    let known = Set(workload.steps.flatMap { [$0.operation, $0.service] })
    var rates: [String: Double] = [:]
    for text in options.rates {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let rate = Double(parts[1]), rate > 0, rate.isFinite else {
        throw CommandFailure(
          .usage,
          "--rate is an operation or a service and its calls a second, such as "
            + "CreateTable=20, not “\(text)”")
      }
      guard known.contains(parts[0]) else {
        throw CommandFailure(
          .usage,
          "--rate \(parts[0]) is of nothing that this restore does; that is "
            + known.sorted().joined(separator: ", "))
      }
      rates[parts[0]] = rate
    }
    return rates
  }

  /// How many runs are learned from.
  private static let depth = 8

  /// Runs into the region that ended, newest first. What can't be read is told, and passed over.
  private func pastRuns(_ records: RunRecords, _ region: String) async throws -> [RestoreResult] {
    var runs: [RestoreResult] = []
    for id in try await records.ids()
    where (id.hasPrefix("restore-") || id.hasPrefix("drill-")) && runs.count < Self.depth {
      do {
        let run = try await records.find(id)
        if run.region == region, !run.interrupted { runs.append(run) }
      } catch let error as ArchiveError where error.code == .damaged {
        context.surroundings.diagnostics("nothing is learned from \(id): \(error)")
      }
    }
    return runs
  }
}

/// What is read and compared before and after, by what was seen.
private struct Around {
  let look: RecoveryEstimator.Stretch
  let plan: RecoveryEstimator.Stretch
  let verify: RecoveryEstimator.Stretch

  /// How many listings an empty account takes, one after the other.
  private static let listings = 30.0
  /// Records that are compared in a second, where no run tells.
  private static let comparedPerSecond = 50_000.0
  /// A run of fewer records tells nothing.
  private static let fewest = 100

  init(_ records: Int, _ manifest: Manifest, _ runs: [RestoreResult], _ book: RateBook) {
    let details = manifest.details
    let run = runs.first { $0.actions.done + $0.actions.unchanged >= Self.fewest }
    let captured =
      Double(details.finished.milliseconds - details.recoveryPoint.milliseconds) / 1000
    let times = Dictionary(
      (run?.rto.phases ?? []).map { ($0.name, $0.seconds) }, uniquingKeysWith: { first, _ in first }
    )
    let seen = run.map { $0.actions.done + $0.actions.unchanged } ?? 0
    let scale = seen > 0 ? Double(records) / Double(seen) : nil
    let latency = book.latency ?? RateBook.assumedLatency
    look =
      if let run, let seconds = times["look"] {
        .init(seconds: seconds + (times["open"] ?? 0), evidence: "as \(run.run) did it")
      } else {
        .init(
          seconds: Self.listings * latency,
          evidence: "\(Int(Self.listings)) listings in each account, all accounts at once")
      }
    plan =
      if let run, let scale, let seconds = times["plan"] {
        .init(seconds: seconds * scale, evidence: "as fast as \(run.run) did it")
      } else {
        .init(
          seconds: Double(records) / Self.comparedPerSecond,
          evidence: "\(Int(Self.comparedPerSecond)) records a second, which is assumed")
      }
    verify =
      if let run, let scale, let seconds = times["verify"] {
        .init(seconds: seconds * scale, evidence: "as fast as \(run.run) did it")
      } else {
        .init(
          seconds: captured,
          evidence: "as long as the capture of the snapshot took, of as many records")
      }
  }
}

extension Manifest {
  /// How many records of each kind each database of some accounts has, and each of the accounts
  /// besides.
  fileprivate func counts(of accounts: Set<String>) -> [Workload.Counts] {
    var counts: [PackGroup: [Kind: Int]] = [:]
    for pack in packs where accounts.contains(pack.group.account) {
      for member in pack.members {
        counts[pack.group, default: [:]][member.kind, default: 0] += member.records
      }
    }
    return counts.sorted { $0.key < $1.key }.map {
      Workload.Counts(account: $0.key.account, database: $0.key.database, kinds: $0.value)
    }
  }
}
