import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshModel
import TestSupport
import Testing

/// A clock that stands still, at 10,000 seconds since 1970.
private struct StoppedClock: AWSClock {
  func now() -> Double { 0 }
  func wallTime() -> Double { 10_000 }
  func sleep(seconds: Double) async throws {}
}

/// Which databases and tables are asked for their LF-Tags.
@Suite struct TagBearersTests {
  static let values = (0..<60).map { "v\($0)" }

  /// A database `d` that inherits nothing down, of whose tables only `tagged` bears a tag.
  static let answers: [String: ScriptedSender.Answer] = [
    "ListLFTags": { _ in
      [
        "LFTags": [
          ["CatalogId": "111111111111", "TagKey": "k", "TagValues": JSON(values)],
          ["CatalogId": "222222222222", "TagKey": "foreign", "TagValues": ["x"]],
        ]
      ]
    },
    "SearchDatabasesByLFTags": { _ in ["DatabaseList": []] },
    "SearchTablesByLFTags": { input in
      let searched = input["Expression"]?.array?.first?["TagValues"]?.strings ?? []
      guard searched.contains("v55") else { return ["TableList": []] }
      return ["TableList": [found("tagged", byColumn: true)]]
    },
    "GetResourceLFTags": { input in
      guard input["Resource"]?["Table"]?["Name"] == "tagged" else { return [:] }
      return ["LFTagsOnTable": [["TagKey": "k", "TagValues": ["v55"]]]]
    },
  ]

  /// What the search finds: a table that bears the tag itself, or a column of it.
  static func found(_ name: String, byColumn: Bool) -> JSON {
    let tags: JSON = [["TagKey": "k", "TagValues": ["v55"]]]
    let table: JSON = ["CatalogId": "111111111111", "DatabaseName": "d", "Name": .string(name)]
    return byColumn
      ? ["Table": table, "LFTagsOnColumns": [["Name": "c", "LFTags": tags]]]
      : [
        "Table": table, "LFTagsOnTable": tags, "LFTagsOnColumns": [["Name": "c", "LFTags": tags]],
      ]
  }

  static func record(_ path: String..., created: Int? = 1_000) -> Record {
    var body: JSON = ["Name": .string(path.last ?? "")]
    if let created { body["CreateTime"] = JSON(created) }
    let kind: Kind = path.count == 1 ? .database : .table
    return Record(key: RecordKey(account: account, kind: kind, path: path), value: body)
  }

  static let parents = [
    record("d"), record("d", "plain"), record("d", "tagged"), record("d", "other"),
  ]

  /// Lists below every parent as a capture does.
  func listed(
    _ sender: ScriptedSender, below parents: [Record] = parents
  ) async throws -> RecordCollector {
    let site = sender.site()
    let kind = try await TagAssignmentKind(clock: StoppedClock()).prepared(at: site)
    let found = RecordCollector()
    for parent in parents where try kind.isListed(below: parent) {
      try await kind.list(at: site, below: parent, into: found)
    }
    return found
  }

  @Test func whatBearsNoTagCostsNoCall() async throws {
    let sender = ScriptedSender(Self.answers)
    let found = try await listed(sender)
    #expect(found.keys == ["111111111111/lakeformation/tag-assignment/d/tagged"])
    let asked = sender.inputs(of: "GetResourceLFTags").map { $0["Resource"]?["Table"]?["Name"] }
    #expect(asked == ["tagged"])
  }

  /// Nothing shows that the search goes by the tags of columns, so they are asked for.
  @Test func whereTheSearchMayMissColumnsEveryTableIsAsked() async throws {
    var answers = Self.answers
    answers["SearchTablesByLFTags"] = { input in
      let searched = input["Expression"]?.array?.first?["TagValues"]?.strings ?? []
      return [
        "TableList": searched.contains("v55") ? [Self.found("tagged", byColumn: false)] : []
      ]
    }
    answers["GetResourceLFTags"] = { input in
      guard input["Resource"]?["Table"]?["Name"] == "plain" else { return [:] }
      let tags: JSON = [["TagKey": "k", "TagValues": ["v1"]]]
      return ["LFTagsOnColumns": [["Name": "salary", "LFTags": tags]]]
    }
    let sender = ScriptedSender(answers)
    let found = try await listed(sender)
    #expect(found.keys == ["111111111111/lakeformation/tag-assignment/d/plain/salary"])
    #expect(sender.inputs(of: "GetResourceLFTags").count == 3)
  }

  /// What the database bears is not found by the column that inherits it.
  @Test func whatAColumnInheritsShowsNothing() async throws {
    var answers = Self.answers
    answers["SearchDatabasesByLFTags"] = { _ in
      ["DatabaseList": [["Database": ["CatalogId": "111111111111", "Name": "d"]]]]
    }
    let sender = ScriptedSender(answers)
    _ = try await listed(sender)
    #expect(sender.inputs(of: "GetResourceLFTags").count == 4)
  }

  @Test func withoutTagsNothingIsAsked() async throws {
    var answers = Self.answers
    answers["ListLFTags"] = { _ in ["LFTags": []] }
    let sender = ScriptedSender(answers)
    _ = try await listed(sender)
    #expect(sender.inputs(of: "GetResourceLFTags").isEmpty)
  }

  @Test func manyValuesTakeSeveralSearchesAndForeignTagsNone() async throws {
    let sender = ScriptedSender(Self.answers)
    _ = try await listed(sender)
    let terms = sender.inputs(of: "SearchTablesByLFTags").compactMap { $0["Expression"]?.array }
    #expect(terms.map(\.count) == [1, 1, 1, 1])
    #expect(terms.map { $0[0]["TagValues"]?.strings.count } == [50, 10, 50, 10])
    #expect(terms.allSatisfy { $0[0]["TagKey"] == "k" })
  }

  /// A table that GetTables did not list: it may have come since, or be hidden from the reader.
  @Test func aTaggedTableThatIsNotListedIsAskedAllTheSame() async throws {
    let found = try await listed(ScriptedSender(Self.answers), below: [Self.record("d")])
    #expect(found.keys == ["111111111111/lakeformation/tag-assignment/d/tagged"])
  }

  /// The search can't have found what was made after it.
  @Test func whatMayBeNewerThanTheSearchIsAsked() async throws {
    let sender = ScriptedSender(Self.answers)
    let parents = [
      Self.record("d"), Self.record("d", "new", created: 10_001),
      Self.record("d", "skewed", created: 9_500), Self.record("d", "undated", created: nil),
    ]
    _ = try await listed(sender, below: parents)
    let asked = sender.inputs(of: "GetResourceLFTags").map { $0["Resource"]?["Table"]?["Name"] }
    #expect(asked == ["tagged", "new", "skewed", "undated"])
  }

  @Test func withoutTheSearchEverythingIsAsked() async throws {
    var answers = Self.answers
    answers["SearchTablesByLFTags"] = { _ in
      throw AWSFailure(code: "AccessDeniedException", message: "no", operation: "SearchTables")
    }
    let sender = ScriptedSender(answers)
    _ = try await listed(sender)
    #expect(sender.inputs(of: "GetResourceLFTags").count == 4)
  }

  private static func notFound(_ operation: String) -> ScriptedSender.Answer {
    { _ in throw AWSFailure(code: "EntityNotFoundException", message: "no", operation: operation) }
  }

  /// A table that is dropped and made again in between would come back without its own tags.
  @Test func tagsThatAreNotFoundOfATableThatIsThereAreAnError() async throws {
    var answers = Self.answers
    answers["GetResourceLFTags"] = Self.notFound("GetResourceLFTags")
    answers["GetTable"] = { _ in ["Table": ["Name": "tagged"]] }
    let sender = ScriptedSender(answers)
    let failure = await #expect(throws: AWSFailure.self) {
      _ = try await listed(sender, below: [Self.record("d")])
    }
    #expect(failure?.code == "InconsistentAnswer")
    #expect(failure?.isNotFound == false)
    #expect(sender.inputs(of: "GetResourceLFTags").count == 2)
  }

  @Test func tagsOfATableThatIsGoneAreNone() async throws {
    var answers = Self.answers
    answers["GetResourceLFTags"] = Self.notFound("GetResourceLFTags")
    answers["GetTable"] = Self.notFound("GetTable")
    #expect(try await listed(ScriptedSender(answers), below: [Self.record("d")]).keys.isEmpty)
  }

  /// A table that was not restored holds no policy back: its tags hide nothing.
  @Test func tagsOfWhatIsNotThereHoldNothingBack() async throws {
    let change = Change(
      step: .create,
      key: RecordKey(account: account, kind: .tagAssignment, path: ["d", "t"]),
      desired: ["LFTags": [["TagKey": "k", "TagValues": ["v1"]]]], live: nil)
    let gone = ScriptedSender([
      "AddLFTagsToResource": Self.notFound("AddLFTagsToResource"),
      "GetTable": Self.notFound("GetTable"),
    ])
    let there = ScriptedSender([
      "AddLFTagsToResource": Self.notFound("AddLFTagsToResource"),
      "GetTable": { _ in ["Table": ["Name": "t"]] },
    ])
    let kind = TagAssignmentKind()
    #expect(try await kind.apply([change], at: gone.site()).map(\.holdsBack) == [false])
    #expect(try await kind.apply([change], at: there.site()).map(\.holdsBack) == [true])
  }
}
