import MeshModel
import TestSupport
import Testing

@testable import Reporting

@Suite struct AuditTextTests {
  private let findings = [
    Finding(
      .blocker, "restorer-lacks-rights", "333333333333 marketing",
      "arn:aws:iam::333333333333:role/meshdr-restorer may not glue:CreateTable, glue:UpdateTable",
      remedy: "meshdr iam-policy restorer > policy.json && aws iam put-role-policy --role-name "
        + "meshdr-restorer --policy-name meshdr --policy-document file://policy.json"),
    Finding(
      .warning, "principal-missing", "arn:aws:iam::111111111111:role/leaver",
      "it does not exist, and 3 records name it: a restore leaves them out, and says so",
      remedy: "aws iam get-role --role-name leaver shows whether it is there"),
    Finding(
      .note, "sharing-unknown", "the organization",
      "whether RAM may share with the organization is unknown: AccessDeniedException",
      remedy: "aws organizations list-aws-service-access-for-organization"),
  ]

  private func page(width: Int, _ findings: [Finding], verbose: Bool = false) -> String {
    AuditText(style: TextStyle(color: false, width: width)).page(
      findings, mesh: "nimbuscart", region: "eu-west-1", snapshot: "20261124T020012Z-51ce7a90",
      verbose: verbose)
  }

  @Test func whatIsWrong() throws {
    try expectGolden(page(width: 60, findings), "audit-60.txt")
  }

  @Test func everyRemedy() throws {
    try expectGolden(page(width: 80, findings, verbose: true), "audit-80-verbose.txt")
  }

  @Test(arguments: [40, 60, 80, 120]) func noLineIsTooLong(width: Int) {
    let lines = page(width: width, findings, verbose: true).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
  }

  @Test func nothingIsWrong() {
    let page = page(width: 80, [])
    #expect(page.hasPrefix("✓ nimbuscart is ready to be recovered in eu-west-1"))
  }

  @Test func aBlockerIsNotReady() {
    #expect(page(width: 80, findings).contains("✗ nimbuscart is not ready to be recovered"))
    #expect(page(width: 80, Array(findings.dropFirst())).contains("✓ nimbuscart is ready"))
  }
}
