import Audit
import CanonicalJSON
import Foundation
import Testing

/// `meshdr audit` and `meshdr iam-policy` on the NimbusCart mesh.
@Suite struct AuditStoryTests {
  private func codes(_ outcome: Outcome, _ severity: String? = nil) throws -> Set<String> {
    let findings = try outcome.json()["findings"]?.array ?? []
    return Set(
      findings.filter { severity == nil || $0["severity"]?.string == severity }
        .compactMap { $0["code"]?.string })
  }

  @Test func aMeshThatIsReady() throws {
    let mesh = try StandIn()
    let without = try mesh.meshdr("audit", "--output", "json")
    #expect(without.exitCode == 4)
    #expect(try codes(without, "blocker") == ["no-snapshot"])
    #expect(try mesh.meshdr("snapshot").exitCode == 0)

    try mesh.control("DELETE", "calls")
    let audit = try mesh.meshdr("audit", "--output", "json")
    #expect(audit.exitCode == 0, "\(audit.output)\(audit.errors)")
    #expect(try audit.json()["ready"] == true)
    let open = try codes(audit).filter { $0.hasSuffix("-unknown") }
    #expect(open.isEmpty, "\(audit.output)")
    let changes: Set = ["Create", "Update", "Delete", "Put", "Batch", "Register", "Add", "Remove"]
    let calls = try mesh.calls().compactMap { $0["operation"]?.string }
    #expect(!calls.isEmpty)
    #expect(calls.allSatisfy { call in !changes.contains { call.hasPrefix($0) } }, "\(calls)")
  }

  /// The region is lost, and with it IAM, Organizations and the reader's way in: what can't be asked
  /// is unknown, soon, and no blocker.
  @Test func itNeedsNeitherThePrimaryNorIAM() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.lose("us-east-1")
    let begin = Date()
    let audit = try mesh.meshdr("audit", "--output", "json")
    #expect(Date().timeIntervalSince(begin) < 30)
    #expect(audit.exitCode == 0, "\(audit.output)\(audit.errors)")
    let unknown = try codes(audit).filter { $0.hasSuffix("-unknown") }
    #expect(
      unknown == [
        "reader-unknown", "restorer-rights-unknown", "principals-unknown", "sharing-unknown",
      ])
  }

  private static let damage = """
    import json
    lake = client("lakeformation", "111111111111", "us-east-1")
    glue = client("glue", "111111111111", "us-east-1")
    iam = client("iam", "111111111111", "us-east-1")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}]})
    iam.create_role(RoleName="leaver", AssumeRolePolicyDocument=trust)
    lake.create_lf_tag(TagKey="old", TagValues=["yes"])
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/leaver"},
        Resource={"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [
            {"TagKey": "old", "TagValues": ["yes"]}]}}, Permissions=["DESCRIBE"])
    lake.delete_lf_tag(TagKey="old")
    iam.delete_role(RoleName="leaver")
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": "999999999999"},
        Resource={"Database": {"Name": "sales_curated"}}, Permissions=["DESCRIBE"])
    table = glue.get_table(DatabaseName="finance_curated", Name="invoices")["Table"]
    columns = [c for c in table["StorageDescriptor"]["Columns"] if c["Name"] != "supplier_iban"]
    kept = {k: table[k] for k in ("Name", "PartitionKeys", "Parameters", "TableType") if k in table}
    glue.update_table(DatabaseName="finance_curated", TableInput={
        **kept, "StorageDescriptor": {**table["StorageDescriptor"], "Columns": columns}})
    """

  /// What can't work is captured as it is, named with what to do, and keeps nothing else from coming
  /// back.
  @Test func whatCannotWorkIsNamed() throws {
    let mesh = try StandIn()
    let partner: JSON = ["id": "999999999999", "name": "partner", "outside": true]
    try mesh.control("POST", "accounts", ["accounts": [partner]])
    _ = try mesh.boto(Self.damage)
    try mesh.control("POST", "invitations/expire", [:])
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let audit = try mesh.meshdr("audit", "--output", "json")
    #expect(audit.exitCode == 0, "\(audit.output)\(audit.errors)")
    let wanted: Set = [
      "principal-missing", "missing-tag", "filter-without-columns", "share-not-accepted",
    ]
    #expect(try codes(audit, "warning").isSuperset(of: wanted), "\(audit.output)")
    let findings = try audit.json()["findings"]?.array ?? []
    #expect(
      findings.contains {
        $0["subject"] == "arn:aws:iam::111111111111:role/leaver"
          && $0["remedy"]?.string?.contains("aws iam get-role") == true
      })
    let text = try mesh.meshdr("audit")
    #expect(text.output.contains("Warnings"))
  }

  /// Roles with nothing but their policies, and what takes away from them.
  @Test func rightsThatAreMissingAreBlockers() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let policy = try mesh.meshdr("iam-policy", "restorer").output
    try policy.write(toFile: "\(mesh.folder)/policy.json", atomically: true, encoding: .utf8)
    let put = """
      import json
      iam = client("iam", "333333333333", "us-east-1")
      policy = json.load(open("\(mesh.folder)/policy.json"))
      for name in iam.list_role_policies(RoleName="meshdr-restorer")["PolicyNames"]:
          iam.delete_role_policy(RoleName="meshdr-restorer", PolicyName=name)

      """
    let keep = """
      iam.put_role_policy(RoleName="meshdr-restorer", PolicyName="meshdr",
                          PolicyDocument=json.dumps(policy))
      """
    _ = try mesh.boto(put + keep)
    #expect(try mesh.meshdr("audit").exitCode == 0)
    let less = """
      for statement in policy["Statement"]:
          statement["Action"] = [a for a in statement["Action"] if a != "glue:CreateTable"]

      """
    _ = try mesh.boto(put + less + keep)
    let audit = try mesh.meshdr("audit", "--output", "json")
    #expect(audit.exitCode == 4)
    #expect(try codes(audit, "blocker") == ["restorer-lacks-rights"])
    #expect(audit.output.contains("may not glue:CreateTable"))
  }

  /// A restore that would end half done does not begin, unless whoever runs it says so.
  @Test func aRestoreChecksBeforehand() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(Self.damage)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    _ = try mesh.boto(
      """
      quotas = client("service-quotas", "111111111111", "eu-west-1")
      for quota in quotas.list_service_quotas(ServiceCode="glue")["Quotas"]:
          if quota["QuotaName"] == "Max tables per database":
              quotas.request_service_quota_increase(
                  ServiceCode="glue", QuotaCode=quota["QuotaCode"], DesiredValue=2)
      """)
    try mesh.control("DELETE", "calls")
    let refused = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("quota-too-low"))
    #expect(refused.errors.contains("role/leaver"))
    #expect(refused.errors.contains("--ignore-blockers"))
    let writes = ["Create", "Put", "BatchGrant", "BatchRevoke", "Register", "Update"]
    #expect(
      try !mesh.calls().contains { call in
        writes.contains { call["operation"]?.string?.hasPrefix($0) ?? false }
      })
    let ignored = try mesh.meshdr("restore", "--region", "eu-west-1", "--ignore-blockers")
    #expect(ignored.exitCode == 3, "\(ignored.errors)")
    #expect(ignored.errors.contains("role/leaver"))
  }

  /// The policies against what a snapshot, a restore, a second restore and an audit really call: all
  /// of it is allowed, and what is allowed and not called has a reason.
  @Test func thePoliciesAreWhatIsCalled() throws {
    let mesh = try StandIn()
    for command in ["snapshot", "restore", "restore", "audit"] {
      let outcome = try mesh.meshdr(command)
      #expect(outcome.exitCode == 0, "\(command): \(outcome.output)\(outcome.errors)")
    }
    let calls = try mesh.calls()
    for role in AccountRole.allCases {
      let made = Set(
        calls.filter {
          $0["caller"]?.string?.contains("assumed-role/meshdr-\(role.rawValue)/") ?? false
        }
        .compactMap { call -> String? in
          guard let service = call["service"]?.string, let name = call["operation"]?.string
          else { return nil }
          return "\(service.replacing("-", with: "")):\(name)"
        })
      let table = PermissionTable.of(role)
      let known = Set(table.compactMap(\.operation))
      #expect(!made.isEmpty)
      #expect(made.subtracting(known).isEmpty, "\(role) calls \(made.subtracting(known))")
      let needed = Set(table.filter { $0.onlyWhere == nil }.compactMap(\.operation))
      #expect(needed.subtracting(made).isEmpty, "\(role) never calls \(needed.subtracting(made))")
    }
  }
}
