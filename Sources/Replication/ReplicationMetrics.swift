import AWSAccess
import CanonicalJSON
import MeshModel

/// What a rule's metrics are found by.
public struct MetricSubject: Sendable, Hashable {
  public let source: String
  public let destination: String
  public let rule: String

  public init(source: String, destination: String, rule: String) {
    self.source = source
    self.destination = destination
    self.rule = rule
  }
}

/// What CloudWatch has of one rule over a window.
public struct RuleMetrics: Sendable, Hashable {
  /// Maxima of ReplicationLatency by the time of their minute; seconds.
  public var latencies: [Double: Double] = [:]
  /// Maxima of BytesPendingReplication.
  public var pendingBytes: [Double: Double] = [:]
  /// Maxima of OperationsPendingReplication.
  public var pendingOperations: [Double: Double] = [:]
  /// The sum of OperationsFailedReplication.
  public var failed = 0.0
  /// The regions that had any of it.
  public var regions: Set<String> = []

  public init() {}

  public var isEmpty: Bool { latencies.isEmpty }

  /// The newest latency, and when it was measured.
  public var newest: (time: Double, latency: Double)? {
    latencies.max { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  public var worst: Double? { latencies.values.max() }

  /// - Parameter share: 0.5 for the median.
  public func percentile(_ share: Double) -> Double? {
    let sorted = latencies.values.sorted()
    guard !sorted.isEmpty else { return nil }
    let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return sorted[min(max(rank, 0), sorted.count - 1)]
  }

  /// The newest value of a series.
  public static func newest(_ series: [Double: Double]) -> Double? {
    series.max { $0.key < $1.key }?.value
  }

  /// What two regions have. Of the same minute the larger one counts.
  public mutating func add(_ other: RuleMetrics) {
    latencies.merge(other.latencies) { max($0, $1) }
    pendingBytes.merge(other.pendingBytes) { max($0, $1) }
    pendingOperations.merge(other.pendingOperations) { max($0, $1) }
    failed = max(failed, other.failed)
    regions.formUnion(other.regions)
  }
}

/// Asks CloudWatch of one region for the replication metrics of rules.
public struct MetricsQuery: Sendable {
  /// The most metrics of one call.
  static let mostMetrics = 500
  private static let names = [
    ("ReplicationLatency", "Maximum"), ("BytesPendingReplication", "Maximum"),
    ("OperationsPendingReplication", "Maximum"), ("OperationsFailedReplication", "Sum"),
  ]

  private let client: AWSClient
  private let window: ClosedRange<Double>

  /// - Parameter window: seconds since 1970; at a minute's resolution CloudWatch keeps 15 days.
  public init(_ client: AWSClient, window: ClosedRange<Double>) {
    self.client = client
    self.window = window
  }

  /// GetMetricData, 500 metrics a call.
  /// - Returns: only subjects that have any latency.
  /// - Throws: `AWSFailure`, also for a metric that CloudWatch could not give.
  public func metrics(of subjects: [MetricSubject]) async throws -> [MetricSubject: RuleMetrics] {
    var found: [MetricSubject: RuleMetrics] = [:]
    let each = Self.mostMetrics / Self.names.count
    for begin in stride(from: 0, to: subjects.count, by: each) {
      let part = Array(subjects[begin..<min(begin + each, subjects.count)])
      let input: JSON = [
        "StartTime": JSON(time: window.lowerBound), "EndTime": JSON(time: window.upperBound),
        "MetricDataQueries": .array(part.enumerated().flatMap(Self.queries)),
      ]
      for try await page in client.pages(.cloudWatchGetMetricData, input) {
        if page.isRestart { part.forEach { found[$0] = nil } }
        for element in page.elements {
          try add(JSON(parsing: element), part, to: &found)
        }
      }
    }
    return found.filter { !$0.value.isEmpty }
  }

  private static func queries(_ index: Int, _ subject: MetricSubject) -> [JSON] {
    let dimensions: JSON = [
      ["Name": "SourceBucket", "Value": .string(subject.source)],
      ["Name": "DestinationBucket", "Value": .string(subject.destination)],
      ["Name": "RuleId", "Value": .string(subject.rule)],
    ]
    return names.enumerated().map { place, metric in
      [
        "Id": .string("m\(index)n\(place)"),
        "MetricStat": [
          "Metric": [
            "Namespace": "AWS/S3", "MetricName": .string(metric.0), "Dimensions": dimensions,
          ],
          "Period": 60, "Stat": .string(metric.1),
        ],
      ]
    }
  }

  /// A metric may come in several pages, each with a part of its values.
  private func add(
    _ result: JSON, _ subjects: [MetricSubject], to found: inout [MetricSubject: RuleMetrics]
  ) throws {
    let parts = (result["Id"]?.string ?? "").dropFirst().split(separator: "n")
    guard parts.count == 2, let index = Int(parts[0]), let place = Int(parts[1]),
      subjects.indices.contains(index), Self.names.indices.contains(place)
    else { throw damaged("a metric that was not asked for") }
    if let status = result["StatusCode"]?.string, ["InternalError", "Forbidden"].contains(status) {
      throw damaged("\(Self.names[place].0): \(status)")
    }
    let times = (result["Timestamps"]?.array ?? []).map(\.time)
    let values = (result["Values"]?.array ?? []).map(\.double)
    guard times.count == values.count else { throw damaged("times without values") }
    var metrics = found[subjects[index]] ?? RuleMetrics()
    for (time, value) in zip(times, values) {
      guard let time, let value else { throw damaged("a value that is no number") }
      switch place {
      case 0: metrics.latencies[time] = value
      case 1: metrics.pendingBytes[time] = value
      case 2: metrics.pendingOperations[time] = value
      default: metrics.failed += value
      }
      metrics.regions.insert(client.region.name)
    }
    found[subjects[index]] = metrics
  }

  private func damaged(_ message: String) -> AWSFailure {
    AWSFailure(
      code: AWSFailure.Code.damagedAnswer, message: message, operation: "GetMetricData",
      account: client.account, region: client.region.name)
  }
}
