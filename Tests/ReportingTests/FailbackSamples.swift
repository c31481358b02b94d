@testable import MeshModel
@testable import Reporting

extension Samples {
  private static let hub = "111111111111/glue"

  /// A failback after which the mesh runs in its primary again.
  static func failedBack() -> RestoreResult {
    var result = restored()
    result.command = "failback"
    result.region = "us-east-1"
    result.run = "failback-20261126T081503Z-51ce7a90"
    result.mappings = [:]
    var report = FailbackReport(
      from: "eu-west-1", baseRun: "restore-20261123T041503Z-0a0b0c0d", onConflict: "overwrite")
    report.conflicts = [
      .init(
        kind: "table", key: "\(hub)/table/sales_curated/order_margins", fields: ["Description"],
        secondary: .changed, primary: .changed, taken: "secondary"),
      .init(
        kind: "table", key: "\(hub)/table/sales_curated/orders_with_lines", fields: [],
        secondary: .removed, primary: .changed, taken: "secondary"),
    ]
    report.home = homeCounts
    report.changes = [
      .init(kind: "table", key: "\(hub)/table/sales_curated/returns", what: .added),
      .init(
        kind: "table", key: "\(hub)/table/sales_curated/orders", what: .changed,
        fields: ["StorageDescriptor.Columns[gift]"]),
      .init(kind: "table", key: "\(hub)/table/sales_curated/orders_with_lines", what: .removed),
    ]
    report.left = [
      .init(
        kind: "connection", key: "222222222222/glue/connection/<crm>", what: .changed,
        fields: ["ConnectionProperties.JDBC_CONNECTION_URL"],
        reason: "only a person can bring it home")
    ]
    report.revocations = revocations
    report.data = dataCheck()
    report.kept = "failbacks/\(result.run)"
    report.rounds = 2
    report.switched = true
    result.failback = report
    return result
  }

  private static let homeCounts: [String: FailbackReport.Count] = {
    var tables = FailbackReport.Count()
    (tables.added, tables.changed, tables.removed) = (1, 2, 1)
    var partitions = FailbackReport.Count()
    (partitions.added, partitions.removed) = (1488, 1)
    return ["table": tables, "partition": partitions]
  }()

  private static let revocations: [FailbackReport.Revocation] = [
    .init(
      kind: "grant",
      key: "111111111111/lakeformation/grant/arn:aws:iam::777777777777:role%2Fdata-science-team",
      side: "secondary", revoked: ["DESCRIBE", "SELECT"], isContested: false),
    .init(
      kind: "settings", key: "111111111111/lakeformation/settings", side: "primary",
      revoked: ["arn:aws:iam::111111111111:role/former-admin"], isContested: true),
  ]

  private static func dataCheck() -> FailbackReport.DataCheck {
    var data = FailbackReport.DataCheck()
    data.locations = 2
    var home = FailbackReport.Place(
      location: "s3://nimbus-sales-products-eu/curated/",
      target: "s3://nimbus-sales-products/curated/",
      hasArrived: true, pendingObjects: 0)
    home.compared = 12_604
    home.extra = ExtraObjects(count: 2)
    home.extra.neverArrived = 2
    var other = FailbackReport.Place(
      location: "s3://nimbus-finance-products-eu/", target: "s3://nimbus-finance-products/",
      hasArrived: true, pendingObjects: 0)
    other.compared = 977
    data.places = [other, home]
    data.findings = [
      Finding(
        .note, "never-arrived", home.location,
        "2 objects of s3://nimbus-sales-products/curated/ had not arrived in eu-west-1",
        remedy: "tell whoever has worked with what was there")
    ]
    return data
  }

  /// One that brought home what was there, while people went on.
  static func fallenBehind() -> RestoreResult {
    var result = failedBack()
    result.failback?.switched = false
    result.failback?.isWaitingForData = true
    result.failback?.later = [
      .init(
        kind: "partition", key: "\(hub)/partition/sales_curated/returns/2026-11-26", what: .added),
      .init(
        kind: "table", key: "\(hub)/table/sales_curated/returns", what: .changed,
        fields: ["Description", "Parameters.<script>"]),
    ]
    result.failback?.data?.places[0].hasArrived = false
    result.failback?.data?.places[0].pendingObjects = nil
    result.failback?.data?.places[1].extra.deleted = 3
    result.failback?.data?.places[1].extra.count = 5
    result.failback?.data?.findings = [
      Finding(
        .blocker, "deleted-in-secondary", "s3://nimbus-sales-products-eu/curated/",
        "3 objects were deleted there and are still in s3://nimbus-sales-products/curated/",
        remedy: "aws s3api delete-object --bucket nimbus-sales-products --key 'curated/a.parquet'")
    ]
    result.failback?.conflicts[0].taken = nil
    result.failback?.unjustified = ["data-science-team on sales.payroll: SELECT (neither gives it)"]
    return result
  }
}
