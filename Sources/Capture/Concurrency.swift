/// Runs `body` for every element, at most `limit` at a time. Returns when all have ended; the
/// first error cancels the rest and is thrown.
public func forEachConcurrently<Element: Sendable>(
  _ elements: some Sequence<Element>, limit: Int,
  _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    var running = 0
    for element in elements {
      if running >= limit {
        try await group.next()
        running -= 1
      }
      group.addTask { try await body(element) }
      running += 1
    }
    try await group.waitForAll()
  }
}
