/// Calls `body` with every element, at most `limit` at a time.
/// - Returns: the results, in the elements' order.
/// - Throws: the first error; what runs then is cancelled.
func mapConcurrently<Element: Sendable, Result: Sendable>(
  _ elements: [Element], limit: Int = 8,
  _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results: [Int: Result] = [:]
    for (index, element) in elements.enumerated() {
      if index >= max(limit, 1), let (done, result) = try await group.next() {
        results[done] = result
      }
      group.addTask { (index, try await body(element)) }
    }
    for try await (done, result) in group { results[done] = result }
    return elements.indices.compactMap { results[$0] }
  }
}
