import CanonicalJSON
import LakeSamples
import MeshModel
import Testing

@testable import Restore

/// On a warm standby a new table has its database's tags at once, and its own only later: whoever may see
/// the database by a policy that is in force would see what the table's own tags hide.
@Suite struct NewTableTests {
  private typealias Sample = LakeSamples.Sample

  private let table = LakeSamples.Sample.table("sales", "people", columns: ["id", "salary"])

  private func primary() -> [Record] {
    let tag = Record(
      key: Sample.key(Sample.owner, .lfTag, "level"),
      value: ["TagKey": "level", "TagValues": ["open", "secret"]])
    return [
      Sample.settings(), Sample.settings(Sample.consumer), tag, Sample.database("sales"),
      Sample.tags(["sales"], ["level": "open"]), Sample.table("sales", "orders"), table,
      Sample.tags(["sales", "people", "salary"], ["level": "secret"]),
      Sample.grant(Sample.analyst, On.policy(["level": ["open"]]), ["SELECT"]),
    ]
  }

  /// The standby of the night before the table was made.
  private func standby() -> [Record] {
    primary().filter { !$0.key.path.starts(with: ["sales", "people"]) }
  }

  @Test(arguments: 0..<20)
  func aSensitiveColumnIsNeverSeenBeforeItsTagIsThere(seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed))
    let end = try EveryChangeTests().restore(
      "seed \(seed)", primary(), over: standby(), &numbers)
    #expect(end.ended && Set(primary().map(\.key)).isSubset(of: end.records.map(\.key)))
  }

  /// And when the restore is killed on the way, and goes on.
  @Test(arguments: 1..<6)
  func norWhenItIsKilledOnTheWay(limit: Int) throws {
    var numbers = SeededNumbers(state: UInt64(limit))
    let half = try EveryChangeTests().restore(
      "limit \(limit)", primary(), over: standby(), &numbers, limit: limit)
    _ = try EveryChangeTests().restore("rest", primary(), over: half.records, &numbers)
  }

  /// The harness sees what the order prevents.
  @Test func aTableThatComesWhileThePolicyIsInForceShowsTheColumn() throws {
    withKnownIssue {
      var model = try SecondaryModel(standby())
      let watch = try EveryChangeTests.Watch("too early", primary(), standby())
      model.changed = { try watch.check($0, after: "the table") }
      try model.apply(Action(.create, table.key, phase: .tables), table.value(), nil)
    }
  }
}
