import AWSAccess
import MeshModel

/// One account in one region, entered with one role: where kinds list and change their records.
public struct Site: Sendable {
  /// Twelve digits.
  public let account: String
  public let region: String
  public let client: AWSClient
  /// Who calls, as IAM names the principal: the assumed role, or the caller's own identity.
  public let principal: String

  public init(client: AWSClient, principal: String) {
    account = client.account
    region = client.region.name
    self.client = client
    self.principal = principal
  }

  /// A key of this account.
  public func key(_ kind: Kind, _ path: [String]) -> RecordKey {
    RecordKey(account: account, kind: kind, path: path)
  }
}
