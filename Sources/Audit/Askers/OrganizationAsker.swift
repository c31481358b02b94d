import AWSAccess
import CanonicalJSON

/// Asks Organizations whether RAM may share with the whole organization, with the caller's own
/// credentials: ListAWSServiceAccessForOrganization.
public struct OrganizationAsker: Sendable {
  private let client: AWSClient

  public init(_ client: AWSClient) {
    self.client = client
  }

  public func sharing() async -> Answer<Bool> {
    await .asking {
      let trusted = try await client.all(.organizationsListAWSServiceAccessForOrganization)
      return trusted.contains { $0["ServicePrincipal"] == "ram.amazonaws.com" }
    }
  }
}
