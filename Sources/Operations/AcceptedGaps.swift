import MeshFile
import MeshModel

extension RPOResult {
  /// Marks what lies in gaps that the mesh file accepts. A gap in which nothing lies is named: it may
  /// be misspelt, or be a part of a product only, which is then measured as a whole.
  mutating func accept(_ gaps: [MeshFile.AcceptedGap]) {
    var used: Set<String> = []
    func reason(_ location: String) -> String? {
      guard let gap = gaps.first(where: { $0.covers(location) }) else { return nil }
      used.insert(gap.location)
      return gap.reason
    }
    for index in products.indices { products[index].accepted = reason(products[index].location) }
    for index in tables.indices { tables[index].accepted = reason(tables[index].location) }
    for gap in gaps where !used.contains(gap.location) {
      warnings.append(
        "accepted_gaps: no product lies in \(gap.location), so nothing is accepted by it")
    }
  }
}
