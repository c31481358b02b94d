/// The candidate that a misspelt name most likely stands for; nil if none is near.
///
/// Near is at most one edit in three characters, where an edit puts in, takes out or replaces a
/// character or swaps two neighbours. A longer candidate that begins with the name is near too.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  let limit = max(1, name.count / 3)
  let ranked = candidates.map { (distance: editDistance($0, name), candidate: $0) }
  if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit {
    return best.candidate
  }
  guard name.count >= 3 else { return nil }
  return candidates.first { $0.hasPrefix(name) }
}

/// Optimal string alignment distance, regardless of case.
private func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.lowercased().unicodeScalars)
  let right = Array(right.lowercased().unicodeScalars)
  guard max(left.count, right.count) <= 64 else { return .max }
  var older: [Int] = []
  var previous = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      let replaced = previous[j] + (left[i] == right[j] ? 0 : 1)
      var best = min(replaced, previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        best = min(best, older[j - 1] + 1)
      }
      row.append(best)
    }
    (older, previous) = (previous, row)
  }
  return previous[right.count]
}
