import MeshModel

/// One thing that has to be right for a mesh to be recovered. Pure: it judges what was gathered.
public protocol AuditCheck: Sendable {
  /// Everything that is not right, or not known.
  func findings(_ facts: AuditFacts) -> [Finding]
}

/// Every check, in the order in which a restore would meet what they are about.
public let auditChecks: [any AuditCheck] = [
  EntryCheck(), OrganizationCheck(), RightsCheck(), AdministratorCheck(), SnapshotCheck(),
  StoreCheck(), MappingCheck(), ReplicationCheck(), ReplicaBucketCheck(), EncryptionKeyCheck(),
  LocationCheck(),
  VerificationCheck(), QuotaCheck(), PrincipalCheck(), SharingCheck(), CrossAccountVersionCheck(),
  OpenAccessCheck(), IdentityCenterCheck(), TableBucketCheck(), FaultCheck(),
]

/// What a restore checks before it changes anything: what is quickly asked, and would leave it half
/// done.
public let preflightChecks: [any AuditCheck] = [
  OrganizationCheck(), RightsCheck(), EncryptionKeyCheck(), QuotaCheck(), PrincipalCheck(),
]

/// What an audit comes to.
public struct AuditReport: Sendable, Hashable {
  /// The worst first.
  public let findings: [Finding]

  public init(_ findings: [Finding]) {
    self.findings = findings.sorted {
      ($0.severity, $0.code, $0.subject) < ($1.severity, $1.code, $1.subject)
    }
  }

  /// - Parameter checks: what is judged.
  public init(_ facts: AuditFacts, checks: [any AuditCheck] = auditChecks) {
    self.init(checks.flatMap { $0.findings(facts) })
  }

  /// Whether nothing is known that would keep the mesh from being recovered.
  public var isReady: Bool { blockers.isEmpty }

  public var blockers: [Finding] { findings.filter { $0.severity == .blocker } }
}
