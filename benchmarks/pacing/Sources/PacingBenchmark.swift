import Foundation

/// Measures how much of a limit clients of AWS use, and what it costs them in throttled calls.
///
/// `PacingBenchmark PYTHON SCRIPT` finds the stand-in and its key in the environment, and prints
/// the rows of a table.
@main
struct PacingBenchmark {
  let control: StandInControl
  let peer: [String]

  static func main() async {
    do {
      let arguments = CommandLine.arguments.dropFirst()
      guard arguments.count == 2,
        let endpoint = ProcessInfo.processInfo.environment["AWS_ENDPOINT_URL"]
      else {
        throw BenchmarkError("usage: PacingBenchmark PYTHON SCRIPT, with AWS_ENDPOINT_URL")
      }
      let benchmark = Self(
        control: StandInControl(endpoint: endpoint), peer: Array(arguments))
      print(ResultTable.head)
      for (number, scenario) in Scenario.all.enumerated() {
        for measurement in try await benchmark.run(scenario, number) {
          print(ResultTable.row(measurement))
        }
      }
    } catch {
      FileHandle.standardError.write(Data("PacingBenchmark: \(error)\n".utf8))
      exit(1)
    }
  }

  /// All lanes of a scenario have stages of the same lengths.
  func run(_ scenario: Scenario, _ number: Int) async throws -> [Measurement] {
    let accounts = scenario.lanes.indices.map { "1000000\(String(10_000 + number * 100 + $0))" }
    try await control.make(accounts)
    var started: [any Caller] = []
    var result: [Measurement] = []
    for (index, first) in (scenario.lanes.first?.stages ?? []).enumerated() {
      let stages = scenario.lanes.map { $0.stages[index] }
      try await control.limit(
        Dictionary(uniqueKeysWithValues: zip(accounts, stages.map(\.rate))))
      if started.isEmpty {
        for (lane, account) in zip(scenario.lanes, accounts) {
          started.append(try await start(lane.client, account))
        }
      }
      try await Task.sleep(for: .seconds(first.warmUp))
      let (before, begin) = (try await control.counts(), ContinuousClock.now)
      try await Task.sleep(for: .seconds(first.measured))
      let (after, length) = (try await control.counts(), begin.duration(to: .now))
      for (lane, account) in zip(scenario.lanes, accounts) {
        result.append(
          Measurement(
            title: scenario.title, client: lane.client, stage: lane.stages[index],
            before: before[account], after: after[account], seconds: length / .seconds(1)))
      }
    }
    for caller in started { await caller.stop() }
    return result
  }

  private func start(_ client: ClientKind, _ account: String) async throws -> any Caller {
    switch client {
    case .meshdr: try await MeshdrCaller(account: account)
    case .boto3: try Boto3Caller(account: account, command: peer)
    }
  }
}

extension Measurement {
  /// From what the stand-in had counted at the end of the warm-up and at the end of the stage.
  init(
    title: String, client: ClientKind, stage: Scenario.Stage, before: StandInControl.Count?,
    after: StandInControl.Count?, seconds: Double
  ) {
    let (before, after) = (before ?? .init(), after ?? .init())
    let (calls, refused) = (after.calls - before.calls, after.throttled - before.throttled)
    self.init(
      title: title, client: client, stage: stage, achieved: Double(calls - refused) / seconds,
      throttled: Double(refused) / Double(max(1, calls)),
      throttledInAll: Double(after.throttled) / Double(max(1, after.calls)))
  }
}
