import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// An invitation to a resource share that the account has received, kept for reading: another
/// region has invitations of its own.
public struct InvitationKind: CapturedKind {
  public let kind = Kind.invitation
  public let restorability = Restorability.descriptive

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }
  public func comparable(_ body: JSON) -> JSON { body }

  /// GetResourceShareInvitations. The path is the sender and the invitation's id.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .ramGetResourceShareInvitations, [:], into: sink) { body in
      let arn = try required("resourceShareInvitationArn", of: body)
      let id = arn.split(separator: "/").last.map(String.init) ?? arn
      return [try required("senderAccountId", of: body), id]
    }
  }
}
