/// Runs bodies with one key one after the other, in the order in which they came.
actor SerialLanes {
  private var lanes: [String: [CheckedContinuation<Void, Never>]] = [:]

  /// A body whose task was cancelled while it waited has its turn and finds itself cancelled.
  func run<Result: Sendable>(
    on key: String, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    await enter(key)
    defer { leave(key) }
    try Task.checkCancellation()
    return try await body()
  }

  private func enter(_ key: String) async {
    guard lanes[key] != nil else {
      lanes[key] = []
      return
    }
    await withCheckedContinuation { lanes[key]?.append($0) }
  }

  private func leave(_ key: String) {
    guard lanes[key]?.isEmpty == false else {
      lanes[key] = nil
      return
    }
    lanes[key]?.removeFirst().resume()
  }
}
