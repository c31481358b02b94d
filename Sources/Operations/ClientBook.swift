import AWSAccess

/// Clients by account and region, each entered once. One that can't be entered stays so for as long
/// as the book lasts.
actor ClientBook {
  private struct Place: Hashable {
    let account: String
    let region: String
  }

  private let session: AWSSession
  private let role: String?
  private var entered: [Place: Task<AWSClient, any Error>] = [:]

  /// - Parameter role: what is assumed in each account; nil for the caller's own credentials.
  init(_ session: AWSSession, role: String?) {
    self.session = session
    self.role = role
  }

  /// - Throws: `AWSFailure`.
  func client(_ account: String, _ region: String) async throws -> AWSClient {
    let place = Place(account: account, region: region)
    let task =
      entered[place]
      ?? Task { [session, role] in
        try await session.client(account: account, role: role, region: AWSRegion(region))
      }
    entered[place] = task
    return try await task.value
  }
}
