@testable import MeshModel

/// A mesh like many, and what restores of it came to.
enum Samples {
  static let snapshot = "20261123T020012Z-9f3c01ab"

  static let accounts = [
    "111111111111": "governance", "222222222222": "sales", "333333333333": "marketing",
    "444444444444": "supply-chain", "555555555555": "finance", "666666666666": "analytics",
    "777777777777": "data-science",
  ]

  private static let phases: [(name: String, start: Double, length: Double, actions: Int)] = [
    ("prepare", 0.94, 0.12, 7), ("revoke", 1.02, 0.16, 3), ("locations", 1.1, 0.21, 9),
    ("tags", 1.14, 0.28, 14), ("databases", 1.22, 0.3, 12), ("tables", 1.38, 0.74, 38),
    ("assignments", 1.6, 0.7, 61), ("partitions", 1.71, 1.32, 1512), ("filters", 2.02, 0.31, 2),
    ("grants", 2.12, 0.78, 44), ("links", 2.3, 0.42, 21), ("settle", 3.04, 0.17, 7),
  ]

  /// All seven accounts restored and verified.
  /// - Parameter pace: how many times as long everything takes.
  static func restored(pace: Double = 1) -> RestoreResult {
    var result = RestoreResult(
      command: "restore", mesh: "nimbuscart", snapshot: snapshot, region: "eu-west-1",
      rto: .init(objectiveSeconds: 7200, seconds: 4.21 * pace, phases: []))
    result.run = "restore-20261123T041503Z-51ce7a90"
    result.started = "2026-11-23T04:15:03Z"
    result.recoveryPoint = "2026-11-23T02:00:12.481Z"
    result.accounts = accounts
    result.actions.create = 1716
    result.actions.update = 7
    result.actions.remove = 3
    result.actions.unchanged = 12
    result.changedByKind = [
      "partition": 1512, "tag-assignment": 61, "table": 59, "grant": 47, "lf-tag": 14,
      "database": 12, "location": 9, "settings": 7, "partition-index": 3, "data-cells-filter": 2,
    ]
    result.mappings = mappings
    result.verified = .init()
    result.timeline = spans(pace)
    result.rto.phases = phaseTimes(pace)
    return result
  }

  private static let mappings: [Mapper.Use: Int] = {
    let rule = "replication rule"
    let uses = [
      ("sales-products", 214), ("marketing-products", 96), ("supply-products", 301),
      ("finance-products", 1022), ("analytics-lake", 41),
    ].map { ($0.0, rule, $0.1) }
    var mappings: [Mapper.Use: Int] = [:]
    for (name, source, count) in uses {
      mappings[.init(from: "s3://nimbus-\(name)", to: "s3://nimbus-\(name)-eu", source: source)] =
        count
    }
    mappings[.init(from: "s3://nimbus-legacy", to: "s3://nimbus-legacy-eu", source: "mesh file")] =
      3
    return mappings
  }()

  private static func phaseTimes(_ pace: Double) -> [RestoreResult.PhaseTime] {
    var times = [
      RestoreResult.PhaseTime(name: "look", seconds: 0.86 * pace, actions: 0),
      RestoreResult.PhaseTime(name: "plan", seconds: 0.04 * pace, actions: 0),
    ]
    times += phases.map { .init(name: $0.name, seconds: $0.length * pace, actions: $0.actions) }
    return times + [.init(name: "verify", seconds: 0.94 * pace, actions: 0)]
  }

  private static func spans(_ pace: Double) -> [RestoreResult.Span] {
    var spans = [
      span("", "look", 0, 0.86, 0, pace), span("", "plan", 0.86, 0.9, 0, pace),
      span("", "verify", 3.26, 4.2, 0, pace),
    ]
    for (index, account) in accounts.keys.sorted().enumerated() {
      for (number, phase) in phases.enumerated() where takesPart(index, in: phase.name) {
        let late = Double((index * 5 + number * 3) % 7) / 7 * phase.length * 0.4
        let length = (phase.length - late) * (index.isMultiple(of: 2) ? 1 : 0.7)
        let start = phase.start + late
        spans.append(
          span(account, phase.name, start, start + length, phase.actions / 4 + 1, pace))
      }
    }
    return spans
  }

  /// The hub has the tags and filters, the consumers have the links.
  private static func takesPart(_ index: Int, in phase: String) -> Bool {
    switch phase {
    case "tags", "assignments", "filters": index == 0
    case "revoke": index < 2
    case "partitions", "locations": index < 5
    default: true
    }
  }

  private static func span(
    _ account: String, _ phase: String, _ start: Double, _ end: Double, _ actions: Int,
    _ pace: Double
  ) -> RestoreResult.Span {
    .init(
      account: account, phase: phase, start: start * pace, end: end * pace, actions: actions)
  }
}

// MARK: - What is left for a person

extension Samples {
  static let manual: [ManualStep] = {
    let hub = "111111111111"
    let input = CLICommand("glue create-connection", region: "eu-west-1")
      .option(
        "connection-input", ["Name": "erp", "ConnectionProperties": ["PASSWORD": "<password>"]])
    let schedule = CLICommand("glue update-crawler-schedule", region: "eu-west-1")
      .option("crawler-name", "orders").option("schedule", "cron(0 1 * * ? *)")
    var steps = [
      ManualStep(
        .create, RecordKey(account: hub, kind: Kind("glue", "connection"), path: ["erp"]),
        reason: "passwords are not archived; fill in what stands in angle brackets",
        commands: [input.text])
    ]
    steps += (1...6).map { number in
      ManualStep(
        .finish,
        RecordKey(
          account: "222222222222", kind: Kind("glue", "crawler"), path: ["orders_\(number)"]),
        reason: "is kept at rest; give it its schedule when the mesh runs here",
        commands: [schedule.text])
    }
    return steps
  }()

  /// All is restored, but for what meshdr must not do.
  static func leftForAPerson() -> RestoreResult {
    var result = restored()
    result.manual = manual
    return result
  }
}

// MARK: - Runs that did not end well

extension Samples {
  /// Some records were refused, one account could not be entered, and it shows.
  static func failed() -> RestoreResult {
    var result = restored(pace: 61)
    result.timeline.removeAll { $0.account == "333333333333" }
    result.actions.create = 1683
    result.actions.failed = 3
    result.actions.skipped = 28
    result.failures = [
      .init(
        kind: "account", key: "333333333333", code: "AccessDenied",
        message: "User: arn:aws:iam::900000000000:user/oncall is not authorized to perform: "
          + "sts:AssumeRole on resource: arn:aws:iam::333333333333:role/meshdr-restorer"),
      .init(
        kind: "table", key: "111111111111/glue/table/sales_curated/orders",
        code: "ResourceNumberLimitExceeded",
        message: "Number of TABLE_VERSION resources exceeds the limit of 10 <soft> & fixed"),
      .init(
        kind: "grant", key: grantKey, code: "ConcurrentModificationException",
        message: "The request was rejected: another one is under way"),
    ]
    var verified = RestoreResult.Verification()
    verified.missing = [
      "111111111111/glue/table/sales_curated/orders", grantKey,
      "333333333333/glue/database/marketing_raw",
    ]
    verified.different = ["111111111111/lakeformation/lf-tag/confidentiality"]
    verified.extra = ["222222222222/glue/table/scratch/orders_copy"]
    result.verified = verified
    result.warnings = [
      "finance_curated.ledger_iceberg is an Iceberg table: its metadata names files in the lost "
        + "bucket, so it can be found but not read until they are rewritten"
    ]
    return result
  }

  static let grantKey =
    "111111111111/lakeformation/grant/lf-tag-policy/arn:aws:iam::555555555555:role%2FRegionalCtrl"

  /// Stopped in the middle: nothing was verified.
  static func interrupted() -> RestoreResult {
    var result = restored(pace: 90)
    let end = 201.0
    result.interrupted = true
    result.verified = nil
    result.rto.seconds = end
    result.actions.create = 802
    result.changedByKind = ["partition": 690, "table": 52, "lf-tag": 14, "database": 12]
    result.timeline = result.timeline.filter { $0.start < end }.map { span in
      var span = span
      span.end = min(span.end, end)
      return span
    }
    let names = Set(result.timeline.map(\.phase))
    result.rto.phases.removeAll { !names.contains($0.name) }
    return result
  }

  /// All is there, and somebody may read more than before.
  static func widened() -> RestoreResult {
    var result = restored(pace: 3)
    var verified = RestoreResult.Verification()
    verified.widened = [grantKey]
    result.verified = verified
    return result
  }

  /// A second run that found nothing to do.
  static func repeated() -> RestoreResult {
    var result = restored()
    result.actions = .init()
    result.actions.unchanged = 1738
    result.changedByKind = [:]
    result.timeline = result.timeline.filter { $0.account.isEmpty }
    result.rto.phases.removeAll { !["look", "plan", "verify"].contains($0.name) }
    result.rto.seconds = 1.9
    result.timeline[2].start = 0.9
    result.timeline[2].end = 1.9
    return result
  }

  /// Text from elsewhere that tries to be obeyed.
  static func hostile() -> RestoreResult {
    var result = failed()
    let script = "</title><script>alert(1)</script>\u{1B}[2J\r\n\u{202E}'\"&amp;"
    result.mesh = script
    result.accounts["111111111111"] = script
    result.failures.append(.init(kind: script, key: script, code: script, message: script))
    result.warnings.append(script)
    result.verified?.widened = [script]
    result.mappings[.init(from: script, to: script, source: script)] = 1
    result.changedByKind[script] = 1
    result.timeline.append(
      .init(account: script, phase: script, start: -.infinity, end: .nan, actions: .max))
    result.rto.phases.append(.init(name: script, seconds: .infinity, actions: -1))
    return result
  }
}
