import MeshModel

/// How far the data of each product was behind when it was measured last.
struct RPOSection {
  private let measured: RPOResult
  private static let most = 200

  init(_ measured: RPOResult) {
    self.measured = measured
  }

  var html: HTML {
    let objective = Figures.duration(measured.objectiveSeconds)
    let rows = measured.products.sorted(by: RPOText.worstFirst).prefix(Self.most).map(row)
    let rest = measured.products.count - Self.most
    let more: HTML = rest > 0 ? "<p class=\"faint\">and \(rest) more</p>" : .nothing
    guard !rows.isEmpty else {
      return .section("Data behind, by product", "<p>No product was found by \(measured.run).</p>")
    }
    return .section(
      "Data behind, by product",
      .table(
        "As \(measured.run) measured it at \(Words.moment(measured.started)), objective \(objective)",
        ["Product", "Status", "Behind", "Pending"], numbers: [2, 3], Array(rows)), more)
  }

  private func row(_ product: RPOResult.Product) -> [HTML] {
    let tone =
      switch product.status {
      case .ok: "good"
      case .breach: "bad"
      case .unknown: "warning"
      }
    return [
      .code(product.location), "<span class=\"\(tone) word\">\(product.status.rawValue)</span>",
      "\(product.lagSeconds.map(Figures.duration) ?? "unknown")",
      "\(product.pendingObjects.map { Words.count($0, "object") } ?? "unknown")",
    ]
  }
}
