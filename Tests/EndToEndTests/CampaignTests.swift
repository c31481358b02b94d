import CanonicalJSON
import Foundation
import Testing

/// One way in which AWS misbehaves, at positions that follow from a seed.
struct Fault: Sendable, CustomTestStringConvertible {
  let name: String
  let snapshot: [JSON]
  let restore: [JSON]

  var testDescription: String { name }

  /// The same rules for both commands.
  init(_ name: String, _ rules: [JSON]) {
    self.init(name, snapshot: rules, restore: rules)
  }

  init(_ name: String, snapshot: [JSON], restore: [JSON]) {
    (self.name, self.snapshot, self.restore) = (name, snapshot, restore)
  }

  /// A rule that hits about one call in ten, a dozen times at most.
  private static func some(_ action: String, seed: Int, _ more: [String: JSON] = [:]) -> JSON {
    let rule: [String: JSON] = [
      "action": .string(action), "probability": JSON(0.1, decimals: 2), "seed": JSON(seed),
      "times": 12,
    ]
    return .object(rule.merging(more) { $1 })
  }

  /// A rule that hits a row of calls after the first `after`.
  private static func burst(_ action: String, after: Int, times: Int = 15) -> JSON {
    ["action": .string(action), "after": JSON(after), "times": JSON(times)]
  }

  private static let html: JSON = "<html><body><h1>502 Bad Gateway</h1><hr></body></html>"

  private static func page(_ status: Int, seed: Int) -> JSON {
    some("status", seed: seed, ["status": JSON(status), "body": html, "times": 8])
  }

  private static func entries(_ operation: String, _ code: JSON, _ seed: Int) -> JSON {
    [
      "action": "batch-entry-failure", "operation": .string(operation), "code": code,
      "entries": [0, 3, 7], "probability": JSON(0.3, decimals: 2), "seed": JSON(seed), "times": 10,
    ]
  }

  static let all: [Fault] = [
    Fault("throttled in bursts", [burst("throttle", after: 20), burst("throttle", after: 90)]),
    Fault(
      "throttled here and there",
      [some("throttle", seed: 1, ["probability": JSON(0.2, decimals: 2)])]),
    Fault(
      "500, 502 and 503 in HTML", [page(500, seed: 2), page(502, seed: 3), page(503, seed: 4)]),
    Fault("cut before the call", [some("cut-before", seed: 5)]),
    Fault("cut in the body", [some("cut-mid-body", seed: 6)]),
    Fault("cut after the call", [some("cut-after", seed: 7)]),
    Fault("stalled, then cut", [some("stall", seed: 8, ["seconds": 2, "times": 5])]),
    Fault("truncated JSON", [some("truncate-json", seed: 9, ["service": "glue"])]),
    Fault("truncated answers of all services", [some("truncate-json", seed: 10)]),
    Fault("slow bodies", [some("slow-body", seed: 11, ["seconds": 1])]),
    Fault("expired tokens", [some("expired-token", seed: 12)]),
    Fault(
      "entries of batches that fail", snapshot: [],
      restore: [
        entries("BatchCreatePartition", "InternalServiceException", 13),
        entries("BatchGrantPermissions", "ConcurrentModificationException", 14),
        entries("BatchRevokePermissions", "InternalServiceException", 15),
      ]),
  ]
}

/// Faults in a whole snapshot and a whole restore: the result is the one without them, and where
/// there can be none, the program says why. It never hangs.
@Suite struct CampaignTests {
  @Test(arguments: Fault.all)
  func theResultIsTheSame(fault: Fault) throws {
    let mesh = try StandIn()
    #expect(try mesh.limited("snapshot").exitCode == 0)
    let packs = try mesh.packs(in: "archive")
    #expect(packs.count > 20)

    let snapshot = try mesh.under(fault.snapshot, "snapshot", "--store", "\(mesh.folder)/faulty")
    #expect(snapshot.exitCode == 0, "\(snapshot.output)\n\(snapshot.errors)")
    #expect(try mesh.packs(in: "faulty") == packs)

    let restore = try mesh.under(fault.restore, "restore", "--region", "eu-west-1")
    #expect(restore.exitCode == 0, "\(restore.output)\n\(restore.errors)")
    let check = try mesh.check()
    #expect(check.exitCode == 0, "\(check.output)")
  }

  /// A listing that runs in circles has lost pages: neither command may take it for whole.
  @Test func aPageTokenThatRepeats() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      """
      glue = client("glue", "222222222222", "us-east-1")
      glue.create_table(DatabaseName="sales_raw", TableInput={
          "Name": "long", "PartitionKeys": [{"Name": "p", "Type": "int"}],
          "StorageDescriptor": {"Columns": [], "Location": "s3://nimbus-sales-products/long/"}})
      for start in range(0, 12_000, 100):
          glue.batch_create_partition(DatabaseName="sales_raw", TableName="long",
              PartitionInputList=[{"Values": [str(n)]} for n in range(start, start + 100)])
      """)
    #expect(try mesh.limited("snapshot").exitCode == 0)
    let fault: JSON = ["action": "repeat-token", "operation": "GetPartitions"]
    let snapshot = try mesh.under([fault], "snapshot", "--store", "\(mesh.folder)/faulty")
    #expect([1, 3].contains(snapshot.exitCode), "\(snapshot.exitCode)")
    let words = "came back to a page"
    #expect((snapshot.output + snapshot.errors).contains(words), "\(snapshot.errors)")
    // What is not whole is not restored from.
    let store = ["--store", "\(mesh.folder)/faulty"]
    #expect(try mesh.limited(["restore"] + store).exitCode == 1)

    let restore = try mesh.under([fault], "restore", "--region", "eu-west-1")
    #expect([1, 3].contains(restore.exitCode), "\(restore.exitCode)")
    #expect((restore.output + restore.errors).contains(words), "\(restore.errors)")
    #expect(try mesh.limited("restore", "--region", "eu-west-1").exitCode == 0)
    // Connections and the like are still to be made by a person.
    let verify = try mesh.limited("verify", "--region", "eu-west-1", "--only", "sales_raw")
    #expect(verify.exitCode == 0, "\(verify.output)")
  }

  /// The clock of AWS jumps while the command runs; whatever was signed before no longer holds.
  @Test(arguments: [(3600, 0.0), (-3600, 0.15), (900, 0.4)])
  func aClockThatIsWrong(offset: Int, after: Double) throws {
    let mesh = try StandIn()
    #expect(try mesh.limited("snapshot").exitCode == 0)
    let packs = try mesh.packs(in: "archive")
    let skewed = try mesh.skewing(
      by: offset, after: after, "snapshot", "--store", "\(mesh.folder)/faulty")
    #expect(skewed.exitCode == 0, "\(skewed.errors)")
    #expect(try mesh.packs(in: "faulty") == packs)
    if after == 0 { #expect(skewed.errors.contains("clock"), "\(skewed.errors)") }
    try mesh.control("POST", "clock", ["offsetSeconds": 0])

    let restore = try mesh.skewing(by: -offset, after: after * 3, "restore")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    try mesh.control("POST", "clock", ["offsetSeconds": 0])
    #expect(try mesh.check().exitCode == 0)
  }
}

extension StandIn {
  /// Runs the program, and kills it after a minute: 137 is a run that hung.
  func limited(_ arguments: String...) throws -> Outcome { try limited(arguments) }

  func limited(_ arguments: [String]) throws -> Outcome { try startLimited(arguments).finish() }

  /// Runs the program with faults in its way, each of which has to strike.
  func under(_ rules: [JSON], _ arguments: String...) throws -> Outcome {
    if !rules.isEmpty { try control("POST", "faults", ["faults": .array(rules)]) }
    let outcome = try startLimited(arguments).finish()
    for rule in try control("GET", "faults")["faults"]?.array ?? [] {
      #expect(rule["fired"] != 0, "never struck: \(rule.canonicalText)")
    }
    try control("DELETE", "faults")
    return outcome
  }

  /// Runs the program while the clock of AWS jumps.
  func skewing(by offset: Int, after seconds: Double, _ arguments: String...) throws -> Outcome {
    let jump: JSON = ["offsetSeconds": JSON(offset)]
    if seconds == 0 { try control("POST", "clock", jump) }
    let running = try startLimited(arguments)
    if seconds > 0 {
      Thread.sleep(forTimeInterval: seconds)
      try control("POST", "clock", jump)
    }
    return running.finish()
  }

  private func startLimited(_ arguments: [String]) throws -> Running {
    try Running(
      "/usr/bin/timeout", ["--signal=KILL", "60", meshdrPath] + arguments, in: folder,
      environment: environment)
  }

  /// The digests of the packs of the only snapshot in a store.
  func packs(in store: String) throws -> Set<String> {
    let snapshots = "\(folder)/\(store)/snapshots"
    let files = try FileManager.default.contentsOfDirectory(atPath: snapshots)
    let name = try #require(files.first { $0.hasSuffix(".json") })
    let text = try String(contentsOfFile: "\(snapshots)/\(name)", encoding: .utf8)
    let manifest = try JSON(parsing: text)
    return Set(manifest["packs"]?.array?.compactMap { $0["name"]?.string } ?? [])
  }
}
