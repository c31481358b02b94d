import MeshModel

/// One finding for all accounts about which the same is unknown: where a region is lost, all are.
struct UnknownAccounts {
  /// With why it is unknown of each.
  private var accounts: [(title: String, reason: String)] = []

  mutating func add(_ account: AccountFacts, _ reason: String) {
    accounts.append((account.title, reason))
  }

  /// Nil where everything is known.
  /// - Parameter what: what is unknown, as the beginning of a sentence.
  func finding(
    _ severity: Finding.Severity, _ code: String, _ what: String, remedy: String
  ) -> Finding? {
    guard let first = accounts.first else { return nil }
    let others = accounts.dropFirst().map(\.title)
    let more = others.count > 3 ? " and \(others.count - 3) more" : ""
    let also =
      others.isEmpty ? "" : ", and as much of \(others.prefix(3).joined(separator: ", "))\(more)"
    return Finding(
      severity, code, first.title, "\(what) is unknown: \(first.reason)\(also)", remedy: remedy)
  }
}
