import CanonicalJSON
import MeshModel

/// What stands in the snapshot although it can't work: a restore would meet it, record by record.
struct FaultCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    (facts.snapshot?.digest.faults ?? []).map { finding($0, facts) }
  }

  private func finding(_ fault: SnapshotDigest.Fault, _ facts: AuditFacts) -> Finding {
    switch fault {
    case .grantOnMissing(let grant, let target):
      return Finding(
        .warning, "grant-on-missing", grant.text,
        "it is on \(target.kindName) \(target.name), which is not there: it gives nobody anything, and "
          + "can't be granted again",
        remedy: Self.revoke(grant, facts))
    case .filterWithoutColumns(let filter, let columns):
      return Finding(
        .warning, "filter-without-columns", filter.text,
        "its table has no \(columns.joined(separator: ", ")) any more: the filter can't be made again "
          + "as it is, and grants on it can't either",
        remedy: "aws lakeformation get-data-cells-filter --table-catalog-id \(filter.account) "
          + "--database-name \(Self.part(filter, 0)) --table-name \(Self.part(filter, 1)) --name "
          + "\(Self.part(filter, 2)) --region \(facts.primary), then update-data-cells-filter "
          + "without the columns")
    case .missingTag(let key, let tags):
      return Finding(
        .warning, "missing-tag", key.text,
        "it goes by the LF-Tag \(tags.joined(separator: ", ")), which is not there: it reaches "
          + "nothing, and can't be granted again",
        remedy: key.kindName == "grant"
          ? Self.revoke(key, facts)
          : "aws lakeformation update-lf-tag-expression --name \(key.path.last ?? "") --region "
            + facts.primary)
    case .shareNotAccepted(let key, let share, let principal, let status):
      return Finding(
        .warning, "share-not-accepted", key.text,
        "the resource share \(share) has not reached \(principal): its invitation is \(status)",
        remedy: status == "PENDING"
          ? "aws ram accept-resource-share-invitation --region \(facts.primary) "
            + "--resource-share-invitation-arn ARN, in \(principal)"
          : "associate \(principal) with the share again: aws ram associate-resource-share --region "
            + "\(facts.primary) --resource-share-arn ARN --principals \(principal)")
    }
  }

  private static func part(_ key: RecordKey, _ index: Int) -> String {
    CLICommand.quoted(key.path.dropFirst(index).first ?? "")
  }

  /// The record itself tells resource and permissions.
  private static func revoke(_ grant: RecordKey, _ facts: AuditFacts) -> String {
    "aws lakeformation revoke-permissions --region \(facts.primary) with what meshdr show latest "
      + "grant \(CLICommand.quoted(grant.text)) has of Principal, Resource and Permissions"
  }
}
