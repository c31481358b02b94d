/// Credentials that are fetched when they are first wanted and again before they expire. However
/// many ask at once, one fetch is under way.
actor RefreshingCredentials: AWSCredentialSource {
  private let now: @Sendable () -> Double
  private let log: AWSLog
  private let fetch: @Sendable () async throws -> AWSCredentials
  private var current: AWSCredentials?
  private var fetchedAt = 0.0
  private var failedAt = -Double.infinity
  private var flight: Task<AWSCredentials, any Error>?

  /// - Parameters:
  ///   - now: Seconds since 1970 by AWS's clock.
  ///   - fetch: Gets new credentials; never runs twice at once.
  init(
    now: @escaping @Sendable () -> Double, log: AWSLog,
    fetch: @escaping @Sendable () async throws -> AWSCredentials
  ) {
    self.now = now
    self.log = log
    self.fetch = fetch
  }

  func credentials() async throws -> AWSCredentials {
    if let current, !isDue(current) { return current }
    do {
      return try await renewed()
    } catch {
      guard let current, let expiration = current.expiration, expiration > now() + 5 else {
        throw error
      }
      return current
    }
  }

  func refused(_ credentials: AWSCredentials) {
    guard current == credentials else { return }
    current = nil
  }

  /// Whether a quarter of their life is left, or ten minutes. After a failed renewal the old ones
  /// serve for half a minute before the next.
  private func isDue(_ credentials: AWSCredentials) -> Bool {
    guard let expiration = credentials.expiration else { return false }
    let left = expiration - now()
    // Some sources go on giving out what has expired while they are cut off: AWS takes it.
    if left <= 0 { return now() - fetchedAt > 30 }
    guard left < min(600, (expiration - fetchedAt) / 4) else { return false }
    return now() - failedAt > 30
  }

  private func renewed() async throws -> AWSCredentials {
    if let flight { return try await flight.value }
    // Not a child of the caller's task: others wait for the same answer.
    let task = Task { [fetch] in try await fetch() }
    flight = task
    defer { flight = nil }
    do {
      let credentials = try await task.value
      current = credentials
      fetchedAt = now()
      return credentials
    } catch {
      if current != nil { log.warn("credentials could not be renewed, the old ones serve on") }
      failedAt = now()
      throw error
    }
  }
}
