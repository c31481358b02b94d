import CanonicalJSON
import CatalogSnapshot
import Capture
import MeshModel
import Testing

@testable import Restore

@Suite struct FormerStateTests {
  private let table = RecordKey(account: "111111111111", kind: .table, path: ["sales", "orders"])
  private let place = RecordKey(
    account: "111111111111", kind: Kind("lakeformation", "location"), path: ["arn:aws:s3:::old"])

  private func begun(_ key: RecordKey, _ step: Action.Step, _ more: [String: JSON]) -> JSON {
    let entry: [String: JSON] = [
      "event": "begin", "key": .string(key.text), "step": .string(step.rawValue),
    ]
    return .object(entry.merging(more) { first, _ in first })
  }

  private func moved(_ old: String, _ new: String) -> JSON {
    let change = Change(
      step: .update, key: table, desired: ["Description": .string(new), "Owner": "x"],
      live: ["Description": .string(old), "Owner": "x"])
    return begun(table, .update, TableKind().formerState(change))
  }

  @Test func theFirstStateAndTheLastOneCount() throws {
    var former = FormerState()
    former.add(journal: [moved("a", "b")])
    former.add(journal: [moved("b", "c")])
    var kept: [String] = []
    let changes = try #require(former.changed[table])
    let live: JSON = ["Description": "c", "Owner": "somebody else"]
    #expect(
      live.undoing(changes, kept: &kept) == ["Description": "a", "Owner": "somebody else"])
    #expect(kept.isEmpty)
  }

  @Test func whatSomebodyElseChangedStaysAndIsNamed() throws {
    var former = FormerState()
    former.add(journal: [moved("a", "b")])
    var kept: [String] = []
    let changes = try #require(former.changed[table])
    let live: JSON = ["Description": "theirs", "Owner": "x"]
    #expect(live.undoing(changes, kept: &kept) == live)
    #expect(kept == ["Description"])
  }

  /// A run that was killed before its call leaves what it had begun as it was.
  @Test func whatWasOnlyBegunIsAsItWas() throws {
    var former = FormerState()
    former.add(journal: [moved("a", "b")])
    var kept: [String] = []
    let live: JSON = ["Description": "a", "Owner": "x"]
    let changes = try #require(former.changed[table])
    #expect(live.undoing(changes, kept: &kept) == live)
    #expect(kept.isEmpty)
  }

  @Test func membersThatWereAddedGoAndElementsGoBack() {
    let changes = [
      "TargetDatabase.Region": FieldChange(
        path: "TargetDatabase.Region", old: nil, new: "eu-west-1"),
      "Places[1]": FieldChange(path: "Places[1]", old: "s3://a", new: "s3://b"),
    ]
    var kept: [String] = []
    let live: JSON = [
      "TargetDatabase": ["Region": "eu-west-1", "DatabaseName": "d"],
      "Places": ["s3://x", "s3://b"],
    ]
    #expect(
      live.undoing(changes, kept: &kept)
        == ["TargetDatabase": ["DatabaseName": "d"], "Places": ["s3://x", "s3://a"]])
  }

  @Test func whatWasRemovedComesBackAndWhatWasCreatedGoes() {
    var former = FormerState()
    let other = RecordKey(account: "111111111111", kind: .table, path: ["sales", "new"])
    former.add(journal: [
      begun(other, .create, [:]), begun(place, .remove, ["was": ["RoleArn": "r"]]),
    ])
    #expect(former.created == [other])
    #expect(former.removed == [place: ["RoleArn": "r"]])
    // Undone by hand, or by another run: then nothing is left to undo.
    former.add(journal: [begun(place, .create, [:]), begun(other, .remove, ["was": [:]])])
    #expect(former.isEmpty)
  }

  @Test func ownAccessIsLeftOnlyByRunsThatDidNotEnd() {
    let grant = RecordKey(
      account: "111111111111", kind: Kind("lakeformation", "grant"), path: ["g"])
    let taken: JSON = ["event": "own-access", "keys": [.string(grant.text)]]
    var former = FormerState()
    former.add(journal: [taken, begun(grant, .create, [:])])
    #expect(former.ownAccess == [grant])
    #expect(former.isEmpty)
    former.add(journal: [taken, begun(grant, .create, [:]), ["event": "access-given-back"]])
    #expect(former.ownAccess.isEmpty)
  }
}
