import CanonicalJSON
import Capture
import MeshModel
import ServiceSnapshot
import Testing

@testable import Restore

/// What is left for a person is in the plan, and no action is.
@Suite struct ManualStepTests {
  func record(_ kind: Kind, _ name: String, _ body: JSON) -> Record {
    var body = body
    body["Name"] = .string(name)
    return Record(key: RecordKey(account: Sample.account, kind: kind, path: [name]), value: body)
  }

  func plan(
    _ kind: any CapturedKind, desired: [Record], live: [Record], _ policy: PlanPolicy = .init()
  ) throws -> Plan {
    var builder = PlanBuilder(
      plan: Plan(snapshot: "s", region: "eu-west-1"), policy: policy, restorers: [])
    try builder.compare(kind, desired: RecordList(desired), live: RecordList(live))
    return builder.plan
  }

  @Test func aManualRecordIsNoAction() throws {
    let connection = record(.connection, "erp", ["ConnectionType": "NETWORK"])
    let missing = try plan(ConnectionKind(), desired: [connection], live: [])
    #expect(missing.actions.isEmpty)
    #expect(missing.manual.map(\.what) == [.create])
    #expect(missing.isEmpty)
    let there = try plan(ConnectionKind(), desired: [connection], live: [connection])
    #expect(there.manual.isEmpty)
    #expect(there.unchanged == [.connection: 1])
    let other = record(.connection, "erp", ["ConnectionType": "JDBC"])
    #expect(
      try plan(ConnectionKind(), desired: [connection], live: [other]).manual.map(\.what)
        == [.change])
  }

  @Test func whatAPersonMadeIsNeverRemoved() throws {
    var policy = PlanPolicy()
    policy.removeExtra = true
    let extra = try plan(
      ConnectionKind(), desired: [], live: [record(.connection, "own", [:])], policy)
    #expect(extra.actions.isEmpty)
    #expect(extra.extra.count == 1)
  }

  @Test func aRestorableRecordCanLeaveSomethingToo() throws {
    let crawler = record(
      .crawler, "c",
      ["Schedule": ["ScheduleExpression": "cron(0 1 * * ? *)", "State": "SCHEDULED"]])
    let made = try plan(CrawlerKind(), desired: [crawler], live: [])
    #expect(made.actions.map(\.step) == [.create])
    #expect(made.manual.map(\.what) == [.finish])
  }

  @Test func eachRecordSaysWhatCanBeDoneWithIt() throws {
    let glue = record(
      .dataCatalog, "partner", ["Type": "GLUE", "Parameters": ["catalog-id": "222222222222"]])
    let lambda = record(.dataCatalog, "hbase", ["Type": "LAMBDA", "Parameters": ["function": "f"]])
    let mounted = record(.dataCatalog, "s3tables/b", ["Type": "GLUE"])
    let found = try plan(DataCatalogKind(), desired: [glue, lambda, mounted], live: [])
    #expect(found.actions.map(\.key.path) == [["partner"]])
    #expect(found.manual.map(\.key.path) == [["hbase"]])
  }

  @Test func onlyWhatIsAskedForIsLeft() throws {
    var policy = PlanPolicy()
    policy.only = [.kind("table")]
    let connection = record(.connection, "erp", ["ConnectionType": "NETWORK"])
    #expect(try plan(ConnectionKind(), desired: [connection], live: [], policy).manual.isEmpty)
    policy.only = [.database("sales")]
    #expect(try plan(ConnectionKind(), desired: [connection], live: [], policy).manual.isEmpty)
    let lambda = record(.dataCatalog, "hbase", ["Type": "LAMBDA", "Parameters": ["function": "f"]])
    #expect(try plan(DataCatalogKind(), desired: [lambda], live: [], policy).manual.isEmpty)
  }

  @Test func whatIsOnlyKeptForReadingIsNoDifference() throws {
    let mounted = record(.dataCatalog, "s3tables/b", ["Type": "GLUE"])
    let there = try plan(DataCatalogKind(), desired: [], live: [mounted])
    #expect(there.extra.isEmpty)
    #expect(try plan(DataCatalogKind(), desired: [mounted], live: []).isEmpty)
  }
}
