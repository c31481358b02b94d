@testable import MeshModel
@testable import Reporting

extension Samples {
  private static func role(_ account: String, _ name: String) -> String {
    "arn:aws:iam::\(account):role/\(name)"
  }

  /// A drill after which nothing is left to say.
  static func drilled() -> RestoreResult {
    var result = restored()
    result.command = "drill"
    result.run = "drill-20261123T041503Z-51ce7a90"
    var drill = DrillReport(prefix: "drill_51ce7a90_")
    drill.access.principals = [
      .init(
        principal: role("555555555555", "finance-analyst"), readable: 3, expected: 3, missing: [],
        beyond: []),
      .init(
        principal: role("666666666666", "analytics-team"), readable: 10, expected: 10, missing: [],
        beyond: []),
    ]
    drill.queries = [
      .init(
        account: "222222222222", table: "drill_51ce7a90_sales_raw.orders", workGroup: "primary",
        state: "SUCCEEDED", reason: "", seconds: 1.8),
      denied(),
    ]
    drill.onceInRegion = ["settings of 111111111111 differs in DataLakeAdmins"]
    drill.notRehearsed = ["crawlers and table optimizers"]
    drill.undoing.removed = 139
    drill.undoing.seconds = 2.7
    drill.catalogAge = 540
    drill.rpoObjective = 900
    drill.dataLag = .init(
      run: "rpo-20261123T040000Z-00c0ffee", started: "2026-11-23T04:00:00Z", age: 903, worst: 42,
      products: 5, breached: 0, unknown: 0)
    drill.after = [
      .init(name: "access", seconds: 0.8, actions: 2),
      .init(name: "queries", seconds: 1.8, actions: 1),
    ]
    drill.trend = [
      past("2026-05-20T04:00:00Z", 9.6, met: false), past("2026-08-21T04:00:00Z", 5, met: true),
    ]
    result.drill = drill
    return result
  }

  /// A query of a column that is kept from whoever asks.
  private static func denied() -> DrillReport.Query {
    var query = DrillReport.Query(
      account: "555555555555", table: "drill_51ce7a90_finance_curated.gl_transactions",
      workGroup: "primary", state: "FAILED",
      reason: "COLUMN_NOT_FOUND: Column 'employee_salary' cannot be resolved", seconds: 0.9)
    query.column = "employee_salary"
    query.role = role("555555555555", "drill-analyst")
    query.principals = [role("555555555555", "finance-analyst")]
    query.isAllowed = false
    query.isDenied = true
    return query
  }

  /// The same in accounts of its own, gone on with after it was killed.
  static func drilledFully() -> RestoreResult {
    var result = drilled()
    result.drill?.prefix = ""
    result.drill?.accounts = ["555555555555": "955555555555", "222222222222": "922222222222"]
    result.drill?.resumed = 1
    result.drill?.onceInRegion = []
    for index in result.drill?.trend.indices ?? 0..<0 { result.drill?.trend[index].isFull = true }
    return result
  }

  private static func past(_ started: String, _ seconds: Double, met: Bool) -> DrillReport.Past {
    var past = DrillReport.Past(
      run: "drill-\(started.filter { $0 != ":" && $0 != "-" })-0a0b0c0d", started: started,
      seconds: seconds, actions: 1698, met: met)
    past.good = met
    past.objective = 7200
    past.catalogAge = 700
    return past
  }

  /// A drill of which nothing was as it should be.
  static func drilledBadly() -> RestoreResult {
    var result = drilled()
    result.rto.objectiveSeconds = 3
    result.drill?.access.principals[0].beyond = ["555555555555 finance_raw.payroll: reading salary"]
    result.drill?.access.principals[1].missing = ["444444444444 supply_chain_raw.items: reading *"]
    result.drill?.access.principals[1].readable = 9
    result.drill?.access.strangers = [
      "\(role("999999999999", "stranger")) on a table of 222222222222"
    ]
    result.drill?.queries[0].state = "FAILED"
    result.drill?.queries[0].reason = "Insufficient permissions on S3"
    result.drill?.queries[1].state = "SUCCEEDED"
    result.drill?.queries[1].isDenied = false
    var unknown = denied()
    unknown.state = "UNKNOWN"
    unknown.isDenied = false
    unknown.reason = "the restorer could not assume the role: not authorized"
    result.drill?.queries.append(unknown)
    result.drill?.undoing.left = ["222222222222/glue/database/drill_51ce7a90_sales_raw"]
    result.drill?.undoing.changed = ["111111111111/lakeformation/settings"]
    result.drill?.catalogAge = 90_000
    result.drill?.dataLag?.breached = 2
    result.drill?.dataLag?.worst = 7201
    return result
  }

  /// A snapshot of which one account is missing.
  static func snapshotPage() -> SnapshotPage {
    var summary = SnapshotText.Summary(
      id: snapshot, region: "us-east-1", recoveryPoint: "2026-11-23T02:00:12.481Z", seconds: 41)
    summary.counts = ["partition": 1510, "table": 24, "grant": 154]
    summary.accounts = accounts.keys.sorted().map { id in
      let isWhole = id != "333333333333"
      return .init(
        id: id, name: accounts[id] ?? "", records: isWhole ? 240 : 0, complete: isWhole,
        errors: isWhole ? [] : ["AccessDenied: not authorized to perform: sts:AssumeRole <role>"])
    }
    summary.warnings = ["a warning"]
    var page = SnapshotPage(summary, mesh: "nimbuscart")
    page.bytes = 64_300
    var row = AccessText.Row(account: "555555555555", resource: "finance_raw.payroll")
    row.reads = ["all columns"]
    page.access = .init(
      since: "20261122T020012Z-9f3c01aa",
      gained: [.init(principal: role("555555555555", "intern"), rows: [row])], lost: [],
      notes: ["tags of one account are not known"])
    page.listings = accounts.keys.sorted().enumerated().flatMap { index, id in
      (0..<3).map { place in
        SnapshotPage.Listing(
          account: id, database: "db_\(place)", start: Double(index + place * 7) + 0.5,
          end: Double(index + place * 9) + 6)
      }
    }
    page.trend = [
      .init(
        id: "20261122T020012Z-9f3c01aa", recoveryPoint: "2026-11-22T02:00:12Z", records: 1600,
        bytes: 61_000, complete: true)
    ]
    var rpo = RPOResult(
      mesh: "nimbuscart", region: "eu-west-1", started: "2026-11-23T01:50:00Z",
      objectiveSeconds: 900)
    rpo.run = "rpo-20261123T015000Z-00c0ffee"
    for (index, status) in RPOResult.Status.allCases.enumerated() {
      var product = RPOResult.Product(location: "s3://nimbus-\(index)/", replica: nil)
      product.status = status
      product.lagSeconds = status == .unknown ? nil : Double(index) * 1200
      product.pendingObjects = status == .unknown ? nil : index
      rpo.products.append(product)
    }
    page.rpo = rpo
    return page
  }
}
