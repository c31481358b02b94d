/// Clients that run at the same time, each against a limit of its own.
struct Scenario: Sendable {
  /// A limit that holds for a while.
  struct Stage: Sendable {
    let rate: Int
    /// Seconds that are not judged.
    let warmUp: Int
    let measured: Int
  }

  struct Lane: Sendable {
    let client: ClientKind
    let stages: [Stage]
  }

  let title: String
  let lanes: [Lane]

  /// A limit that stays, for these clients.
  static func steady(_ rates: [Int], _ clients: [ClientKind], warmUp: Int, measured: Int) -> Self {
    let lanes = rates.flatMap { rate in
      clients.map { client in
        Lane(client: client, stages: [Stage(rate: rate, warmUp: warmUp, measured: measured)])
      }
    }
    return Scenario(title: "R stays", lanes: lanes)
  }

  /// The slow limits load nothing and run together; 500 calls a second have the machine alone.
  static let all: [Scenario] = [
    .steady([5, 50], ClientKind.allCases, warmUp: 25, measured: 35),
    .steady([500], [.meshdr], warmUp: 12, measured: 15),
    .steady([500], [.boto3], warmUp: 12, measured: 15),
    Scenario(
      title: "R changes",
      lanes: ClientKind.allCases.map { client in
        Lane(
          client: client,
          stages: [
            Stage(rate: 50, warmUp: 12, measured: 8), Stage(rate: 500, warmUp: 32, measured: 12),
            Stage(rate: 50, warmUp: 10, measured: 12),
          ])
      }),
  ]
}

/// What one client made of one stage.
struct Measurement: Sendable {
  let title: String
  let client: ClientKind
  let stage: Scenario.Stage
  /// Good answers a second after the warm-up.
  let achieved: Double
  /// Throttled calls as a share of all, after the warm-up and with it.
  let throttled: Double
  let throttledInAll: Double

  var share: Double { achieved / Double(stage.rate) }
  var isOnTarget: Bool { share >= 0.95 && throttled <= 0.02 }
}
