import CanonicalJSON
import MeshModel
import Testing

@Suite struct DifferenceTests {
  func record(_ name: String, _ value: Int = 0) -> Record {
    Record(key: RecordKey(account: "1", kind: .table, path: [name]), value: ["v": JSON(value)])
  }

  @Test func pairsComeInOrderAndOnce() throws {
    let old = RecordList(["a", "b", "d"].map { record($0) })
    let new = RecordList(["b", "c", "d", "e"].map { record($0, 1) })
    var pairs = RecordPairs(old: old, new: new)
    var seen: [String] = []
    while let (old, new) = try pairs.next() {
      seen.append("\(old?.key.name ?? "-")\(new?.key.name ?? "-")")
    }
    #expect(seen == ["a-", "bb", "-c", "dd", "-e"])
  }

  @Test func twoEmptySetsHaveNoPairs() throws {
    var pairs = RecordPairs(old: RecordList([]), new: RecordList([]))
    #expect(try pairs.next() == nil)
  }

  @Test func fieldsAreNamedByTheirPaths() throws {
    let old = try JSON(parsing: #"{"a":{"b":1,"c":[1,2]},"d":1.0,"e":null}"#)
    let new = try JSON(parsing: #"{"a":{"b":2,"c":[1,3]},"d":1,"f":null}"#)
    #expect(new.differences(from: old) == ["a.b", "a.c[1]", "d", "e", "f"])
    #expect(new.differences(from: new).isEmpty)
  }

  @Test func valuesStandBesideTheirPaths() throws {
    let old = try JSON(parsing: #"{"a":1,"b":null,"c":{"d":[1]}}"#)
    let new = try JSON(parsing: #"{"a":2,"c":{"d":[1,2]},"e":null}"#)
    let changes = new.changes(from: old)
    #expect(changes.map(\.path) == ["a", "b", "c.d", "e"])
    #expect(changes.map(\.old) == [1, .null, [1], nil])
    #expect(changes.map(\.new) == [2, nil, [1, 2], .null])
  }

  @Test(arguments: [
    (
      #"[{"Name":"a"},{"Name":"b"}]"#, #"[{"Name":"a"},{"Name":"b"},{"Name":"c"}]"#,
      ["Columns[c]"]
    ),
    (
      #"[{"Name":"a"},{"Name":"b","x":1}]"#, #"[{"Name":"b","x":2}]"#,
      ["Columns[a]", "Columns[b].x"]
    ),
    // In another order, without names, or with one name twice, the lists differ as a whole.
    (#"[{"Name":"a"},{"Name":"b"}]"#, #"[{"Name":"b"},{"Name":"a"},{"Name":"c"}]"#, ["Columns"]),
    (#"[{"x":1}]"#, #"[{"x":1},{"x":2}]"#, ["Columns"]),
    (#"[{"Name":"a"}]"#, #"[{"Name":"a"},{"Name":"a"}]"#, ["Columns"]),
  ])
  func elementsAreToldApartByTheirNames(old: String, new: String, expected: [String]) throws {
    let (old, new) = (try JSON(parsing: old), try JSON(parsing: new))
    let changes = JSON.object(["Columns": new]).changes(from: ["Columns": old])
    #expect(changes.map(\.path) == expected)
  }

  @Test func listsOfOtherLengthDifferAsAWhole() throws {
    let old = try JSON(parsing: #"{"a":[1]}"#)
    let new = try JSON(parsing: #"{"a":[1,2]}"#)
    #expect(new.differences(from: old) == ["a"])
  }
}

@Suite struct SelectorTests {
  let table = RecordKey(account: "1", kind: .table, path: ["sales", "orders"])

  @Test(arguments: [
    ("sales", true), ("sales.orders", true), ("sales.lines", false), ("finance", false),
    ("kind:table", true), ("kind:grant", false),
  ])
  func selects(text: String, expected: Bool) throws {
    let selector = try #require(Selector(text))
    #expect(selector.matches(table, scope: ["sales", "orders"]) == expected)
  }

  @Test func aTableTakesItsDatabaseAlong() throws {
    let database = RecordKey(account: "1", kind: .database, path: ["sales"])
    #expect(try #require(Selector("sales.orders")).matches(database, scope: ["sales"]))
  }

  @Test(arguments: ["", "kind:", "sales.", ".orders"])
  func refuses(text: String) {
    #expect(Selector(text) == nil)
  }
}

@Suite struct RestoreResultTests {
  @Test func theDocumentComesBack() throws {
    var result = RestoreResult(
      command: "restore", mesh: "m", snapshot: "s", region: "eu-west-1",
      rto: .init(
        objectiveSeconds: 7200, seconds: 1.25,
        phases: [.init(name: "tables", seconds: 0.5, actions: 3)]))
    result.run = "restore-1"
    result.started = "2026-11-23T02:00:00.000Z"
    result.actions.create = 3
    result.changedByKind = ["table": 3]
    result.failures = [.init(kind: "table", key: "k", code: "c", message: "m")]
    result.timeline = [.init(account: "1", phase: "tables", start: 0, end: 0.5, actions: 3)]
    result.verified = .init()
    result.verified?.missing = ["a"]
    result.mappings = [.init(from: "a", to: "b", source: "c"): 2]
    result.warnings = ["w"]
    result.accounts = ["1": "sales"]
    #expect(try RestoreResult(json: result.json) == result)
    #expect(result.json["rto"]?["met"] == false)
    #expect(result.json["verified"]?["missing"] == 1)
  }

  @Test func anotherDocumentIsRefused() {
    #expect(throws: JSONError.self) { try RestoreResult(json: ["run": "x"]) }
  }
}
