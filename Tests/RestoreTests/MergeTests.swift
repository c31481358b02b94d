import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Restore

@Suite struct MergeTests {
  /// A thousand triples of catalogs, merged in two ways that have nothing in common.
  @Test(arguments: 0..<20)
  func aMergeIsWhatReplayingTheEditsGives(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed))
    for round in 0..<50 {
      let base = SmallCatalog.random(&numbers)
      let secondary = base.changed(&numbers)
      let primary = base.changed(&numbers)
      for choice in ConflictChoice.allCases {
        var found = try merged(base, secondary, primary, choice)
        found.unjustified = []
        let expected = replayed(base, secondary, primary, choice)
        #expect(
          found == expected,
          "seed \(seed) round \(round) \(choice)\nbase \(base)\nsecondary \(secondary)\nprimary \(primary)"
        )
      }
    }
  }

  /// Failing back a second time changes nothing: what was merged is what both sides agree on.
  @Test(arguments: 0..<10)
  func aMergeOfItsOwnOutcomeIsTheSame(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(100 + seed))
    for _ in 0..<30 {
      let base = SmallCatalog.random(&numbers)
      let secondary = base.changed(&numbers)
      let once = try merged(base, secondary, base.changed(&numbers), .secondary).catalog
      let twice = try merged(base, secondary, once, .secondary).catalog
      #expect(twice == once, "base \(base)\nsecondary \(secondary)\nonce \(once)")
    }
  }

  @Test func schemaAndParametersOfOneTableAreMerged() throws {
    let base = one(["columns": "id", "sla": "daily"])
    let secondary = one(["columns": "id2", "sla": "daily"])
    let primary = one(["columns": "id", "sla": "hourly", "description": "d"])
    let result = try merged(base, secondary, primary, .stop)
    #expect(result.conflicts.isEmpty)
    #expect(
      result.catalog == one(["columns": "id2", "sla": "hourly", "description": "d"]))
  }

  @Test func conflictsNameTheMembersAndBothSides() throws {
    let base = one(["columns": "id"]).records
    let (_, report) = try judged(
      base: base, secondary: one(["columns": "left"]).records,
      primary: one(["columns": "right"]).records, MergeTerms())
    let conflict = try #require(report.conflicts.first)
    #expect(report.conflicts.count == 1)
    #expect(conflict.kind == "table")
    #expect(conflict.fields == ["StorageDescriptor.Columns[0].Name"])
    #expect(conflict.secondary == .changed && conflict.primary == .changed)
    #expect(conflict.taken == nil && report.open.count == 1)
  }

  /// A partition that was added to a table that the other side has dropped.
  @Test func whatHappensInWhatTheOtherSideHasRemovedIsAConflictOfTheWhole() throws {
    let base = one(["columns": "id"])
    var primary = base
    primary.tables["orders"]?.partitions["1"] = "new"
    let stopped = try merged(base, SmallCatalog(), primary, .stop)
    #expect(stopped.conflicts == ["orders"])
    #expect(try merged(base, SmallCatalog(), primary, .primary).catalog == primary)
    #expect(try merged(base, SmallCatalog(), primary, .secondary).catalog == SmallCatalog())
  }

  @Test func revocationOnEitherSideWins() throws {
    var base = one(["columns": "id"])
    base.tables["orders"]?.grants = ["ana": ["DESCRIBE", "INSERT"], "ben": ["DESCRIBE"]]
    var secondary = base
    secondary.tables["orders"]?.grants["ana"] = ["DESCRIBE", "DELETE"]
    var primary = base
    primary.tables["orders"]?.grants["ana"] = ["INSERT"]
    primary.tables["orders"]?.grants["ben"] = nil
    for choice in ConflictChoice.allCases {
      let result = try merged(base, secondary, primary, choice)
      #expect(result.conflicts.isEmpty && result.unjustified.isEmpty)
      let grants: [String: Set<String>] = result.catalog.tables["orders"]?.grants ?? [:]
      #expect(grants == ["ana": ["DELETE"]])
    }
  }

  private func one(_ members: [String: String]) -> SmallCatalog {
    var catalog = SmallCatalog()
    catalog.tables["orders"] = .init(members: members)
    return catalog
  }
}

/// What records of other kinds come to.
@Suite struct MergeRuleTests {
  private func merge(
    _ base: [Record], _ secondary: [Record], _ primary: [Record],
    _ terms: MergeTerms = MergeTerms()
  ) throws -> (records: [RecordKey: JSON], report: FailbackReport) {
    func keyed(_ records: [Record]) -> [RecordKey: Record] {
      Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (records, report) = try judged(
      base: keyed(base), secondary: keyed(secondary), primary: keyed(primary), terms)
    return (
      Dictionary(
        try records.map { ($0.key, try $0.value()) }, uniquingKeysWith: { first, _ in first }),
      report
    )
  }

  private let lake = [Sample.database("sales"), Sample.table("sales", "orders")]

  /// One side's tag and the other side's policy would open to somebody what neither does.
  @Test func whatNeitherSideGivesIsNotGiven() throws {
    let secret = Sample.assignment("sales", "orders", tags: ["sensitivity": "pii"])
    let open = Sample.assignment("sales", "orders", tags: ["sensitivity": "public"])
    let policy = Sample.grant(on: Sample.policy)
    let tags = Record(
      key: Sample.key(Kind("lakeformation", "lf-tag"), "sensitivity"),
      value: ["TagKey": "sensitivity", "TagValues": ["pii", "public"]])
    let base = lake + [tags, secret]
    let (_, report) = try merge(base, lake + [tags, open], base + [policy])
    #expect(report.conflicts.isEmpty)
    #expect(report.unjustified.count == 1)
    #expect(report.unjustified.first?.contains("neither side gives") == true)
  }

  /// A grant that one side has revoked, given by the other in other words.
  @Test func whatIsRevokedIsNotGivenInOtherWords() throws {
    let byTable = Sample.grant(on: Sample.onTable("sales", "orders"), ["INSERT"])
    let byDatabase = Sample.grant(
      on: ["Table": ["DatabaseName": "sales", "TableWildcard": [:]]], ["INSERT"])
    let (_, report) = try merge(lake + [byTable], lake, lake + [byTable, byDatabase])
    #expect(report.unjustified.contains { $0.contains("revoked in the secondary") })
    // What was never revoked is no matter.
    let (_, none) = try merge(lake + [byTable], lake + [byTable], lake + [byTable, byDatabase])
    #expect(none.unjustified.isEmpty, "\(none.unjustified)")
  }

  /// A policy reaches what the other side has made since.
  @Test func aPolicyOfOneSideReachesTheNewTablesOfTheOther() throws {
    let tags = Record(
      key: Sample.key(Kind("lakeformation", "lf-tag"), "sensitivity"),
      value: ["TagKey": "sensitivity", "TagValues": ["public"]])
    let new = [
      Sample.table("sales", "returns"),
      Sample.assignment("sales", "returns", tags: ["sensitivity": "public"]),
    ]
    let (records, report) = try merge(
      lake + [tags], lake + [tags] + new, lake + [tags, Sample.grant(on: Sample.policy)])
    #expect(report.unjustified.isEmpty, "\(report.unjustified)")
    #expect(records[new[0].key] != nil && records[new[1].key] != nil)
  }

  @Test func tagsOfOneResourceAreMergedOneByOne() throws {
    func tagged(_ tags: [String: String]) -> [Record] {
      lake + [Sample.assignment("sales", "orders", tags: tags)]
    }
    let (records, report) = try merge(
      tagged(["a": "1", "b": "1"]), tagged(["a": "2", "b": "1"]), tagged(["a": "1", "c": "1"]))
    let key = Sample.key(
      Kind("lakeformation", "tag-assignment", belongsToDatabase: true), "sales", "orders")
    #expect(report.conflicts.isEmpty)
    let kind = try #require(allRestorable.first { $0.kind.name == "tag-assignment" })
    #expect(records[key].map(kind.comparable) == ["a": ["2"], "c": ["1"]])
  }

  @Test func administratorsOfBothSidesAreMergedAndRemovalWins() throws {
    let (records, _) = try merge(
      [Sample.settings(admins: ["a", "b"])], [Sample.settings(admins: ["a", "b", "c"])],
      [Sample.settings(admins: ["b", "d"])])
    let admins = records[Sample.key(.settings)]?["DataLakeAdmins"]?.array?.compactMap {
      $0["DataLakePrincipalIdentifier"]?.string
    }
    #expect(admins?.sorted() == ["b", "c", "d"])
  }

  /// An optimizer that was put to rest in the secondary is not put to rest in the primary.
  @Test func whatWasPutToRestDoesNotComeHome() throws {
    func optimizer(enabled: Bool, days: Int = 5) -> Record {
      Record(
        key: Sample.key(.tableOptimizer, "sales", "orders", "retention"),
        value: [
          "type": "retention",
          "configuration": [
            "enabled": .bool(enabled), "roleArn": "r",
            "retentionConfiguration": [
              "icebergConfiguration": ["snapshotRetentionPeriodInDays": JSON(days)]
            ],
          ],
        ])
    }
    let on = optimizer(enabled: true)
    let (kept, _) = try merge(lake + [on], lake + [optimizer(enabled: false)], lake + [on])
    #expect(kept[on.key]?["configuration"]?["enabled"] == true)
    let (changed, _) = try merge(
      lake + [on], lake + [optimizer(enabled: false, days: 9)], lake + [on])
    #expect(try changed[on.key] == optimizer(enabled: true, days: 9).value())
  }

  /// What the restore did not bring over was not removed by anybody.
  @Test func whatWasNeverRestoredStays() throws {
    let grant = Sample.grant(on: Sample.onTable("sales", "orders"))
    var terms = MergeTerms(choice: .secondary)
    terms.unrestored = [grant.key]
    let (kept, report) = try merge(lake + [grant], lake, lake + [grant], terms)
    #expect(kept[grant.key] != nil && report.unjustified.isEmpty)
    let (gone, _) = try merge(lake + [grant], lake, lake + [grant])
    #expect(gone[grant.key] == nil)
    var scoped = MergeTerms()
    scoped.scope.only = [.database("marketing")]
    #expect(try merge(lake, [], lake, scoped).records.count == 2)
  }

  /// What the standby held beyond the snapshot before the outage was given by nobody during it.
  @Test func whatTheRestoreHadLeftBeyondTheSnapshotDoesNotGoHome() throws {
    let extra = [
      Sample.table("sales", "dropped"), Sample.grant(on: Sample.onTable("sales", "dropped")),
      Sample.grant(
        to: "arn:aws:iam::222222222222:role/revoked", on: Sample.onTable("sales", "orders")),
    ]
    var terms = MergeTerms(choice: .secondary)
    terms.unrestored = Set(extra.map(\.key))
    let (kept, report) = try merge(lake, lake + extra, lake, terms)
    #expect(extra.allSatisfy { kept[$0.key] == nil })
    #expect(Set(report.left.map(\.key)) == Set(extra.map(\.key.text)))
    #expect(report.left.allSatisfy { $0.reason.contains("before the restore") })
    let (made, _) = try merge(lake, lake + extra, lake, MergeTerms(choice: .secondary))
    #expect(extra.allSatisfy { made[$0.key] != nil })
  }

  /// What the restorer holds to work with is nobody's change.
  @Test func grantsOfTheRestorerDoNotGoHome() throws {
    let own = Sample.grant(to: Sample.restorer, on: Sample.onTable("sales", "orders"))
    var terms = MergeTerms()
    terms.restorers = [Sample.restorer]
    #expect(try merge(lake, lake + [own], lake, terms).records[own.key] == nil)
    #expect(try merge(lake, lake + [own], lake).records[own.key] != nil)
  }

  @Test func manualRecordsAreLeftForAPerson() throws {
    let kind = Kind("glue", "catalog")
    func catalog(_ text: String) -> Record {
      Record(
        key: Sample.key(kind, "nested"), value: ["Name": "nested", "Description": .string(text)])
    }
    let terms = MergeTerms(choice: .secondary)
    let judgeKinds = catalogKinds().filter { $0.kind == kind }
    #expect(judgeKinds.count == 1)
    var judge = MergeJudge(terms, FailbackReport(from: "eu", baseRun: nil, onConflict: ""))
    let triple = RecordTriple(
      key: catalog("a").key, base: catalog("a"), mapped: try catalog("a").value(), there: nil,
      secondary: catalog("b"), primary: catalog("a"))
    let record = try judge.merged(RecordShape(judgeKinds[0]), triple)
    #expect(record == catalog("a"))
    #expect(judge.report.left.map(\.key) == [triple.key.text])
  }
}

@Suite struct MappingInverseTests {
  @Test func theWayBackIsTheInverse() {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.buckets = [
      "a": .init(bucket: "a-eu", source: .replicationRule),
      "b": .init(bucket: "shared", source: .meshFile),
      "c": .init(bucket: "shared", source: .meshFile),
      "there": .init(bucket: "there", source: .inRegion),
    ]
    mapping.accounts = ["111111111111": "999999999999"]
    let back = mapping.inverse
    #expect(back.from == "eu-west-1" && back.to == "us-east-1")
    #expect(back.buckets["a-eu"] == .init(bucket: "a", source: .replicationRule))
    // Nobody can tell whose the shared one is.
    #expect(back.buckets["shared"] == nil && back.buckets["there"] == nil)
    #expect(back.buckets["a"] == .init(bucket: "a", source: .inRegion))
    #expect(back.accounts == ["999999999999": "111111111111"])
  }
}
