import CanonicalJSON
import FileFormats
import Foundation
import Testing

@testable import TableFormats

/// Checkpoints of Delta logs in Parquet: by deltalake, and forms made of that by pyarrow.
@Suite struct DeltaCheckpointTests {
  private static let classic = "_delta_log/00000000000000000004.checkpoint.parquet"
  private static let start = "_delta_log/00000000000000000004.checkpoint"
  private static let uuid = "80a083e8-7026-4e79-81be-64bd76c43a11"
  /// The vector of the protocol's specification, which a sidecar names.
  private static let vector = "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"

  private func state(_ objects: FixtureObjects) async throws -> TableState {
    try await DeltaTable(root: objects.root, objects: objects).state()
  }

  private func commit(_ version: Int) -> String {
    "_delta_log/0000000000000000000\(version).json"
  }

  private func form(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return [UInt8](
      try Data(contentsOf: folder.appending(path: "Fixtures/delta-forms/\(name)")))
  }

  /// The table with its checkpoint in other files.
  private func table(_ files: [String: String]) throws -> FixtureObjects {
    var objects = try FixtureObjects("delta-checkpoint")
    objects.lose(Self.classic)
    for (name, form) in files { objects.put(name, try self.form(form)) }
    return objects
  }

  private func sidecars(_ top: String, _ name: String) throws -> FixtureObjects {
    var objects = try table([
      "\(Self.start).\(name)": top, "_delta_log/_sidecars/side-1.parquet": "side-1.parquet",
      "_delta_log/_sidecars/side-2.parquet": "side-2.parquet",
    ])
    objects.put("with dv.parquet", size: 5)
    objects.put("p=1/other.parquet", size: 6)
    objects.put(Self.vector, [1])
    return objects
  }

  @Test func whatRestsOnACheckpointIsCurrent() async throws {
    let state = try await state(try FixtureObjects("delta-checkpoint"))
    #expect(state.standing == .current && state.recoveryPoint?.name == "version 5", "\(state)")
    #expect(state.examined == 2 && state.reasons.isEmpty)
  }

  @Test func aFileThatOnlyTheCheckpointNamesIsMissed() async throws {
    var objects = try FixtureObjects("delta-checkpoint")
    let kept = try #require(objects.names("zstd").first)
    objects.lose(kept)
    let lost = try await state(objects)
    #expect(lost.standing == .lost && lost.missing.first == [objects.at(kept)], "\(lost)")
    objects.put(kept, size: 801)
    let other = try await state(objects)
    #expect(other.missing.first == ["\(objects.at(kept)) (there with 801 bytes)"])
    // A later commit has removed it.
    objects.put(
      commit(6), Array(#"{"remove":{"path":"\#(kept)"},"commitInfo":{"timestamp":7}}"#.utf8))
    let later = try await state(objects)
    #expect(later.standing == .current && later.recoveryPoint?.time == 7, "\(later)")
  }

  @Test func aVersionBehindTheCheckpointThatIsNotWholeLeavesTheCheckpoint() async throws {
    var objects = try FixtureObjects("delta-checkpoint")
    let added = try String(decoding: objects.bytes(commit(5)), as: UTF8.self)
    objects.lose(try #require(objects.names(".parquet").first { added.contains($0) }))
    let state = try await state(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name == "version 4", "\(state)")
    #expect(state.oldestMissing?.name == "version 5")
    #expect((state.oldestMissing?.time ?? 0) > 1_700_000_000_000)
  }

  @Test func aCheckpointInParts() async throws {
    let names = (1...2).map { "\(Self.start).000000000\($0).0000000002.parquet" }
    var objects = try table([names[0]: "part-1.parquet", names[1]: "part-2.parquet"])
    #expect(try await state(objects).standing == .current)
    objects.lose(names[0])
    let state = try await state(objects)
    #expect(state.standing == .lost && state.missing.first == [objects.at(names[0])], "\(state)")
  }

  @Test(arguments: [
    ("top.parquet", "\(uuid).parquet"), ("top.json", "\(uuid).json"), ("top.parquet", "parquet"),
  ]) func aCheckpointWithSidecars(_ top: String, _ name: String) async throws {
    var objects = try sidecars(top, name)
    #expect(try await state(objects).standing == .current)
    for file in ["with dv.parquet", "p=1/other.parquet", Self.vector] {
      var lacking = objects
      lacking.lose(file)
      let state = try await state(lacking)
      #expect(state.standing == .lost && state.missing.first == [objects.at(file)], "\(state)")
    }
    objects.lose("_delta_log/_sidecars/side-2.parquet")
    let lacking = try await state(objects)
    #expect(lacking.standing == .lost && lacking.recoveryPoint == nil, "\(lacking)")
    #expect(lacking.missing.first == [objects.at("_delta_log/_sidecars/side-2.parquet")])
  }

  /// Readers begin with the newest checkpoint: without its sidecar the commits before are of no use to them.
  @Test func anOlderCheckpointIsGoneBackTo() async throws {
    var objects = try sidecars("top.parquet", "\(Self.uuid).parquet")
    objects.lose("_delta_log/_sidecars/side-1.parquet")
    objects.put("\(commit(0))", Array(#"{"add":{"path":"a.parquet","size":1}}"#.utf8))
    objects.put("a.parquet", [1])
    let state = try await state(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name == "version 0", "\(state)")
    // When the commit that comes next was made, nobody knows.
    #expect(state.oldestMissing == nil)
    objects.lose("a.parquet")
    #expect(try await self.state(objects).standing == .lost)
  }

  @Test func aCheckpointThatCanNotBeReadIsUnknownAndNamed() async throws {
    let whole = try FixtureObjects("delta-checkpoint")
    let bytes = try whole.bytes(Self.classic)
    for spoiled in [Array(bytes.dropLast(1)), Array(bytes.dropFirst(9)), [], Array("{}".utf8)] {
      var objects = whole
      objects.put(Self.classic, spoiled)
      let state = try await state(objects)
      #expect(state.standing == .unknown && state.recoveryPoint == nil)
      #expect(state.reasons.first?.contains("checkpoint 4: ") == true, "\(state.reasons)")
    }
    for (form, words) in [
      ("unknown.parquet", "reader feature catalogManaged"),
      ("side-1.parquet", "it has no protocol"),
    ] {
      let objects = try table([Self.classic: form])
      let state = try await state(objects)
      #expect(state.standing == .unknown && state.reasons[0].contains(words), "\(state.reasons)")
    }
    var refused = whole
    refused.refused = [Self.classic]
    #expect(try await state(refused).standing == .unknown)
    // It says that it is another version's.
    let moved = try sidecars("top.json", "x.json").bytes("\(Self.start).x.json")
    var objects = try table([:])
    objects.put("_delta_log/00000000000000000005.checkpoint.x.json", moved)
    #expect(try await state(objects).reasons.first?.contains("of version 4") == true)
  }

  @Test func featuresThatAreNotKnownAreNotPassedOver() async throws {
    var objects = try FixtureObjects("delta-checkpoint")
    let asked = #"{"protocol":{"minReaderVersion":3,"readerFeatures":["catalogManaged"]}}"#
    objects.put(commit(6), Array(asked.utf8))
    let state = try await state(objects)
    #expect(state.standing == .unknown && state.recoveryPoint?.name == "version 5")
    #expect(state.reasons[0].contains("catalogManaged"))
  }
}
