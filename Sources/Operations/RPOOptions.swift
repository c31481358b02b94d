import MeshFile

/// What `meshdr rpo` is asked for beside the common options.
public struct RPOOptions: Sendable {
  /// The region of the replicas; nil for the mesh's secondary.
  public var region: String?
  public var snapshot = "latest"
  /// Captures the primary's catalog instead of reading a snapshot's.
  public var live = false
  /// Compares every object.
  public var deep = false
  /// Asks what became of objects that only the replica has.
  var asksExtra = false
  public var canary = false
  /// Seconds; nil for the mesh file's objective.
  public var objective: Double?
  /// Seconds between measurements; nil for one only.
  public var watch: Double?
  /// The file that gets the figures for Prometheus.
  public var metricsFile: String?
  /// Puts the figures into CloudWatch.
  public var cloudWatch = false
  /// Prefixes that are listed at once.
  public var concurrency = 16

  public init() {}

  /// A duration as it was written; nil for none.
  /// - Throws: `CommandFailure` with exit code 2.
  public static func duration(_ text: String?, of name: String) throws -> Double? {
    guard let text else { return nil }
    guard let length = seconds(in: text) else {
      throw CommandFailure(.usage, "\(name) is a duration such as 90s, 15m or 1h30m, not “\(text)”")
    }
    return Double(length)
  }
}
