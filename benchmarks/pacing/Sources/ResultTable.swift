import Foundation

/// The rows of the table in Markdown.
enum ResultTable {
  static let head = """
    | limit | R | client | warm-up | measured | good calls/s | of R (≥ 0.95) | throttled (≤ 2 %) \
    | throttled with warm-up | on target |
    |---|--:|---|--:|--:|--:|--:|--:|--:|---|
    """

  static func row(_ measurement: Measurement) -> String {
    let stage = measurement.stage
    let cells = [
      measurement.title, "\(stage.rate)", measurement.client.rawValue, "\(stage.warmUp) s",
      "\(stage.measured) s", String(format: "%.1f", measurement.achieved),
      String(format: "%.3f", measurement.share), percent(measurement.throttled),
      percent(measurement.throttledInAll), measurement.isOnTarget ? "yes" : "no",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.2f %%", share * 100)
  }
}
