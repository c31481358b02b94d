import AWSAccess
import Capture
import MeshFile
import SnapshotStore

/// The accounts of a mesh that could be entered, and why the others could not.
struct Sites: Sendable {
  var entered: [String: Site] = [:]
  var refused: [String: CaptureError] = [:]

  /// Enters every account with a role, or with the caller's own credentials where there is none.
  /// - Throws: `CommandFailure` where there are no credentials at all.
  init(
    _ accounts: [String], role: String?, region: String, session: AWSSession
  ) async throws {
    let region = AWSRegion(region)
    let caller: (account: String, arn: String)
    do {
      caller = try await session.callerIdentity(region: region)
    } catch let failure as AWSFailure {
      throw CommandFailure(.failed, failure.message)
    }
    let found = Guarded<Sites>(Sites())
    try await forEachConcurrently(accounts, limit: max(accounts.count, 1)) { account in
      do {
        let client = try await session.client(account: account, role: role, region: region)
        let principal = client.roleARN ?? caller.arn
        found.withLock { $0.entered[account] = Site(client: client, principal: principal) }
      } catch let failure as AWSFailure {
        let error = CaptureError(
          operation: failure.operation, code: failure.code, message: failure.message)
        found.withLock { $0.refused[account] = error }
      }
    }
    self = found.withLock(\.self)
  }

  private init() {}
}
