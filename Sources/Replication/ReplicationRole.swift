import AWSAccess
import CanonicalJSON
import MeshModel

/// The role with which S3 replicates a bucket, asked about by IAM's simulator. Nothing is tried.
public struct ReplicationRole: Sendable {
  private let arn: String
  private let client: AWSClient

  /// - Parameters:
  ///   - arn: as the bucket's replication configuration names it.
  ///   - client: of the role's account.
  public init(_ arn: String, _ client: AWSClient) {
    self.arn = arn
    self.client = client
  }

  /// The rights that the role's own policies do not give it for what a rule has to do
  /// (SimulatePrincipalPolicy). What the policies of the destination's bucket and key say is not asked,
  /// so no finding is no proof; nor is a right counted as lacking that hangs on a condition which
  /// could not be decided.
  /// - Throws: `AWSFailure`.
  public func findings(_ route: ReplicaRoute) async throws -> [Finding] {
    guard let rule = route.rule else { return [] }
    var lacking: [String] = []
    for (actions, resource) in needs(route, rule) {
      let results = try await client.all(
        .iamSimulatePrincipalPolicy,
        [
          "PolicySourceArn": .string(arn), "ActionNames": JSON(actions),
          "ResourceArns": JSON([resource]),
        ])
      for result in results {
        guard let action = result["EvalActionName"]?.string, result["EvalDecision"] != "allowed",
          result["MissingContextValues"]?.array?.isEmpty ?? true
        else { continue }
        lacking.append("\(action) on \(resource)")
      }
    }
    guard !lacking.isEmpty else { return [] }
    return [
      Finding(
        .blocker, "replication-role", "s3://\(route.bucket)/\(rule.prefix)",
        "the role that replicates it, \(arn), lacks \(lacking.joined(separator: ", "))",
        remedy: "add that to the role's policy; what failed until then needs S3 Batch Replication")
    ]
  }

  /// What could not be asked.
  public static func unknown(_ route: ReplicaRoute, _ error: any Error) -> Finding {
    Finding(
      .note, "replication-role-unknown", "s3://\(route.bucket)/\(route.rule?.prefix ?? "")",
      "whether the replication role has the rights that it needs could not be asked: \(error)",
      remedy: "let the reader role call iam:SimulatePrincipalPolicy")
  }

  /// S3 user guide, "Setting up permissions for live replication".
  private func needs(
    _ route: ReplicaRoute, _ rule: ReplicationRule
  ) -> [(actions: [String], resource: String)] {
    let partition = arn.split(separator: ":").dropFirst().first.map(String.init) ?? "aws"
    let (source, replica) = (
      "arn:\(partition):s3:::\(route.bucket)", "arn:\(partition):s3:::\(rule.destination)"
    )
    let example = "/\(rule.prefix)meshdr-example"
    var arriving = ["s3:ReplicateObject", "s3:ReplicateTags"]
    if rule.replicatesDeleteMarkers { arriving.append("s3:ReplicateDelete") }
    if rule.changesOwner { arriving.append("s3:ObjectOwnerOverrideToBucketOwner") }
    var needs: [(actions: [String], resource: String)] = [
      (["s3:GetReplicationConfiguration", "s3:ListBucket"], source),
      (
        [
          "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
        ], source + example
      ),
      (arriving, replica + example),
    ]
    if rule.replicatesKMS, let key = rule.replicaKey { needs.append((["kms:Encrypt"], key)) }
    return needs
  }
}
