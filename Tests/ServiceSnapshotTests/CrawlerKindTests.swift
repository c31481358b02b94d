import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import ServiceSnapshot

@Suite struct CrawlerKindTests {
  let crawler: JSON = [
    "Name": "orders", "Role": "service-role/crawl", "DatabaseName": "sales",
    "Classifiers": ["semicolons"], "State": "READY", "Version": 3, "CrawlElapsedTime": 7,
    "LastCrawl": ["Status": "SUCCEEDED"], "TablePrefix": "",
    "Schedule": ["ScheduleExpression": "cron(0 1 * * ? *)", "State": "SCHEDULED"],
    "Targets": [
      "S3Targets": [
        ["Path": "s3://b/orders", "ConnectionName": "erp"], ["Path": "b/lines", "Exclusions": []],
      ],
      "JdbcTargets": [["ConnectionName": "erp", "Path": "db/public/%"]],
      "CatalogTargets": [["DatabaseName": "sales", "Tables": ["t"]]],
      "DeltaTargets": [["DeltaTables": ["s3://b/delta/"]]],
    ],
  ]

  @Test func everyTargetIsMapped() {
    let mapped = CrawlerKind().mapped(crawler, by: mapper(prefix: "drill-"))
    let targets = mapped["Targets"]
    #expect(
      targets?["S3Targets"]?.array?.map { $0["Path"] } == ["s3://b-eu/orders", "b-eu/lines"])
    #expect(targets?["S3Targets"]?.array?.first?["ConnectionName"] == "drill-erp")
    #expect(
      targets?["JdbcTargets"] == [["ConnectionName": "drill-erp", "Path": "db/public/%"]])
    #expect(targets?["CatalogTargets"]?.array?.first?["DatabaseName"] == "drill-sales")
    #expect(targets?["DeltaTargets"] == [["DeltaTables": ["s3://b-eu/delta/"]]])
    #expect(mapped["DatabaseName"] == "drill-sales")
    #expect(mapped["Classifiers"] == ["drill-semicolons"])
  }

  @Test func aTargetWithoutAReplicaIsNoted() {
    let mapper = mapper()
    _ = CrawlerKind().mapped(
      ["Name": "c", "Targets": ["S3Targets": [["Path": "elsewhere/x"]]]], by: mapper)
    #expect(mapper.problems.map(\.name) == ["elsewhere"])
  }

  @Test(arguments: [Action.Step.create, .update])
  func itComesBackAtRest(step: Action.Step) async throws {
    let sender = ScriptedSender(["CreateCrawler": { _ in [:] }, "UpdateCrawler": { _ in [:] }])
    _ = try await apply(
      step, CrawlerKind(), key(.crawler, "orders"), desired: crawler, live: crawler, sender)
    let sent = try #require(
      sender.inputs(of: step == .create ? "CreateCrawler" : "UpdateCrawler").first)
    #expect(sent["Schedule"] == nil && sent["State"] == nil && sent["LastCrawl"] == nil)
    #expect(sent["Targets"] == crawler["Targets"])
  }

  @Test func itsScheduleIsAMatterOfAPerson() throws {
    let kind = CrawlerKind()
    let orders = key(.crawler, "orders")
    let step = try #require(kind.manualStep(orders, crawler, live: nil, in: "eu-west-1"))
    #expect(step.what == .finish)
    #expect(
      step.commands == [
        "aws glue update-crawler-schedule --region eu-west-1 --crawler-name orders"
          + " --schedule 'cron(0 1 * * ? *)'"
      ])
    #expect(kind.manualStep(orders, crawler, live: crawler, in: "eu-west-1") == nil)
    var stopped = crawler
    stopped["Schedule"]?["State"] = "NOT_SCHEDULED"
    #expect(kind.manualStep(orders, stopped, live: nil, in: "eu-west-1") == nil)
  }

  @Test func roleByNameOrArnAndScheduleAreNoDifference() {
    var other = crawler
    other["Role"] = "arn:aws:iam::111111111111:role/service-role/crawl"
    other["Schedule"] = nil
    other["Configuration"] = ""
    #expect(CrawlerKind().comparable(other) == CrawlerKind().comparable(crawler))
    other["Role"] = "service-role/another"
    #expect(CrawlerKind().comparable(other) != CrawlerKind().comparable(crawler))
  }

  @Test func itWaitsForItsClassifiersAndIsSelectedWithItsDatabase() {
    #expect(
      CrawlerKind().requirements(of: key(.crawler, "orders"), body: crawler)
        == [.record(key(.classifier, "semicolons"))])
    #expect(CrawlerKind().scope(of: key(.crawler, "orders"), body: crawler) == ["sales"])
  }
}

@Suite struct ClassifierKindTests {
  let csv: JSON = [
    "CsvClassifier": [
      "Name": "semicolons", "Delimiter": ";", "Version": 4, "CreationTime": 1, "LastUpdated": 2,
    ]
  ]
  let semicolons = key(.classifier, "semicolons")

  @Test func itIsCalledByTheNameInside() async throws {
    let answer = csv
    let sender = ScriptedSender(["GetClassifiers": { _ in ["Classifiers": [answer]] }])
    #expect(try await listed(ClassifierKind(), sender).map(\.key) == [semicolons])
    let mapped = ClassifierKind().mapped(csv, by: mapper(prefix: "drill-"))
    #expect(
      try ClassifierKind().mappedPath(["semicolons"], body: mapped, by: mapper(prefix: "drill-"))
        == ["drill-semicolons"])
  }

  @Test func aListingWithAFormThatNobodyKnowsIsAnError() async {
    let sender = ScriptedSender([
      "GetClassifiers": { _ in ["Classifiers": [["NewClassifier": ["Name": "n"]]]] }
    ])
    await #expect(throws: MalformedRecord.self) {
      try await listed(ClassifierKind(), sender)
    }
  }

  @Test func onlyWhatCanBeWrittenIsSent() async throws {
    let sender = ScriptedSender(["UpdateClassifier": { _ in [:] }])
    _ = try await apply(
      .update, ClassifierKind(), semicolons, desired: csv, live: csv, sender)
    #expect(
      sender.inputs(of: "UpdateClassifier")
        == [["CsvClassifier": ["Name": "semicolons", "Delimiter": ";"]]])
  }

  @Test func oneOfAnotherFormIsMadeAnew() async throws {
    let sender = ScriptedSender([
      "DeleteClassifier": { _ in [:] }, "CreateClassifier": { _ in [:] },
    ])
    let grok: JSON = ["GrokClassifier": ["Name": "semicolons", "GrokPattern": "%{IP:ip}"]]
    _ = try await apply(
      .update, ClassifierKind(), semicolons, desired: csv, live: grok, sender)
    #expect(sender.operations == ["DeleteClassifier", "CreateClassifier"])
  }
}
