@testable import MeshModel

/// Plans as a restore makes them.
enum SamplePlans {
  private static let partition = Kind("glue", "partition", belongsToDatabase: true)
  private static let lfTag = Kind("lakeformation", "lf-tag")
  private static let grant = Kind("lakeformation", "grant")
  private static let settings = Kind("lakeformation", "settings")

  private static let hub = "111111111111"

  /// A plan with something of everything, for one account and a link in another.
  static func mixed() -> (RestoreResult, Plan) {
    var plan = Plan(snapshot: Samples.snapshot, region: "eu-west-1")
    plan.actions = closing + creating + changing
    plan.unchanged = [.table: 1204]
    plan.mappings = Samples.restored().mappings
    plan.extra = [RecordKey(account: "222222222222", kind: .table, path: ["scratch", "copy"])]
    plan.warnings = ["account 777777777777 could not be entered: not authorized"]
    return (result(plan), plan)
  }

  /// The same in seven accounts: too many lines to tell them all.
  static func large() -> (RestoreResult, Plan) {
    var plan = Plan(snapshot: Samples.snapshot, region: "eu-west-1")
    for account in Samples.accounts.keys.sorted() {
      plan.actions += (creating + closing).map { action in
        Action(
          action.step, RecordKey(account: account, kind: kind(action.key), path: action.key.path),
          phase: action.phase, reason: action.reason, isOwnAccess: action.isOwnAccess)
      }
    }
    return (result(plan), plan)
  }

  /// Nothing to do.
  static func empty() -> (RestoreResult, Plan) {
    var plan = Plan(snapshot: Samples.snapshot, region: "eu-west-1")
    plan.unchanged = [.table: 59, partition: 1512]
    return (result(plan), plan)
  }

  /// Locations without a replica, and grants that a killed run left.
  static func blocked() -> (RestoreResult, Plan) {
    var plan = Plan(snapshot: Samples.snapshot, region: "eu-west-1")
    let names = ["orders", "order_lines"]
    plan.blockers = names.map { name in
      Mapper.Problem(
        key: RecordKey(account: hub, kind: .table, path: ["sales_curated", name]),
        name: "nimbus-legacy", message: "bucket nimbus-legacy has no replica in eu-west-1")
    }
    plan.ownGrants = [RecordKey(account: hub, kind: grant, path: ["database", hub, "sales"])]
    plan.conflicts = [RecordKey(account: hub, kind: lfTag, path: ["domain"])]
    return (result(plan), plan)
  }

  private static func result(_ plan: Plan) -> RestoreResult {
    var result = RestoreResult(
      command: "restore", mesh: "nimbuscart", snapshot: plan.snapshot, region: plan.region,
      rto: .init(objectiveSeconds: 7200, seconds: 0, phases: []))
    result.recoveryPoint = "2026-11-23T02:00:12.481Z"
    result.accounts = Samples.accounts
    return result
  }

  private static func kind(_ key: RecordKey) -> Kind { Kind(key.service, key.kindName) }

  private static var creating: [Action] {
    let tables = [("sales_curated", 8), ("finance_curated", 6), ("supply_curated", 4)]
    var actions = tables.map { database, _ in
      create(.database, [database], .databases)
    }
    for (database, count) in tables {
      for number in 1...count {
        actions.append(create(.table, [database, "table_\(number)"], .tables))
        for day in 1...4 {
          actions.append(
            create(partition, [database, "table_\(number)", "2026-11-0\(day)"], .partitions))
        }
      }
    }
    actions += ["domain", "confidentiality", "region"].map { create(lfTag, [$0], .tags) }
    actions.append(create(.table, ["shared", "orders"], .links, in: "222222222222"))
    return actions
  }

  private static var closing: [Action] {
    [
      Action(
        .prepare, RecordKey(account: hub, kind: settings, path: []), phase: .prepare,
        reason: "closed while the restore runs"),
      Action(.settle, RecordKey(account: hub, kind: settings, path: []), phase: .settle),
      create(grant, ["database", hub, "sales_curated", "restorer"], .revoke, own: true),
      Action(
        .remove,
        RecordKey(account: hub, kind: grant, path: ["table", hub, "sales", "orders", "role/old"]),
        phase: .revoke, reason: "not in the snapshot"),
    ]
  }

  private static var changing: [Action] {
    ["gl_transactions", "employee_salary"].map { name in
      Action(
        .update, RecordKey(account: hub, kind: .table, path: ["finance_curated", name]),
        phase: .tables, fields: ["StorageDescriptor.Location", "Parameters.note"])
    }
  }

  private static func create(
    _ kind: Kind, _ path: [String], _ phase: Phase, in account: String = hub, own: Bool = false
  ) -> Action {
    Action(
      .create, RecordKey(account: account, kind: kind, path: path), phase: phase,
      isOwnAccess: own)
  }
}
