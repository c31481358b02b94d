import CanonicalJSON
import Testing

@testable import TableFormats

/// Delta logs, by deltalake and by hand, and Hudi timelines, by hand after Hudi's own.
struct LogTests {
  private func delta(_ objects: FixtureObjects) async throws -> TableState {
    try await DeltaTable(root: objects.root + "/", objects: objects).state()
  }

  private func commit(_ version: Int) -> String {
    let digits = String(version)
    return "_delta_log/\(String(repeating: "0", count: 20 - digits.count))\(digits).json"
  }

  @Test func aDeltaTableFromItsFirstCommitOnIsCurrent() async throws {
    let state = try await delta(try FixtureObjects("delta"))
    #expect(state.standing == .current && state.examined == 5)
    #expect(state.recoveryPoint?.name == "version 4")
    #expect((state.recoveryPoint?.time ?? 0) > 1_700_000_000_000)
  }

  @Test func filesThatCompactionRemovedAreNotMissed() async throws {
    var objects = try FixtureObjects("delta")
    let kept = try #require(
      objects.names(".parquet").first { objects.sizes[$0] == 800 || $0.contains("zstd") })
    for name in objects.names(".parquet") where name != kept { objects.lose(name) }
    #expect(try await delta(objects).standing == .current)
    objects.lose(kept)
    let state = try await delta(objects)
    #expect(state.standing == .lost && state.missing.first == [objects.at(kept)])
  }

  @Test func aMissingDataFileLeavesTheVersionBefore() async throws {
    var objects = try FixtureObjects("delta")
    let kept = try #require(objects.names(".parquet").first { $0.contains("zstd") })
    objects.lose(kept)
    let state = try await delta(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name == "version 3")
    #expect(state.newest?.name == "version 4")
  }

  @Test func aGapInTheLogEndsWhatCanBeRead() async throws {
    var objects = try FixtureObjects("delta")
    objects.lose(commit(2))
    let state = try await delta(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name == "version 1")
    #expect(state.missing.first == [objects.at(commit(2))])
    objects.lose(commit(0))
    #expect(try await delta(objects).standing == .lost)
  }

  @Test func aLogThatIsNotThereOrCanNotBeRead() async throws {
    var objects = try FixtureObjects("delta")
    objects.refused = [objects.at("_delta_log/")]
    #expect(try await delta(objects).standing == .unknown)
    objects.refused = [commit(3)]
    let state = try await delta(objects)
    #expect(state.standing == .unknown && state.recoveryPoint?.name == "version 2")
    for spoiled in [
      "{", "[1]\n{\"add\":{}}", "{\"add\":{\"path\":\"%zz\"}}",
      "{\"protocol\":{\"minReaderVersion\":9}}",
    ] {
      var objects = try FixtureObjects("delta")
      objects.put(commit(4), Array(spoiled.utf8))
      #expect(try await delta(objects).standing == .unknown, "\(spoiled)")
    }
    #expect(try await delta(FixtureObjects(root: "s3://l/t", files: [:])).standing == .lost)
  }

  @Test func deletionVectorsArePartOfAVersion() async throws {
    let vector =
      #"{"storageType":"u","pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40}"#
    let add = #"{"add":{"path":"a%20b.parquet","size":3,"deletionVector":\#(vector)}}"#
    var objects = FixtureObjects(root: "s3://l/t", files: [commit(0): add, "a b.parquet": "abc"])
    // The example of the protocol's specification.
    let file = "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"
    let state = try await delta(objects)
    #expect(state.standing == .lost && state.missing.first == [objects.at(file)])
    objects.put(file, [1])
    #expect(try await delta(objects).standing == .current)
  }

  // MARK: - Hudi

  private func hudi(_ objects: FixtureObjects) async throws -> TableState {
    try await HudiTable(root: objects.root, objects: objects).state()
  }

  private func stats(_ writes: [(group: String, path: String, size: Int)], replaced: String = "{}")
    -> String
  {
    let list = writes.map {
      #"{"fileId":"\#($0.group)","path":"\#($0.path)","fileSizeInBytes":\#($0.size)}"#
    }
    return
      #"{"partitionToWriteStats":{"p":[\#(list.joined(separator: ","))]},"partitionToReplaceFileIds":\#(replaced)}"#
  }

  private var timeline: FixtureObjects {
    FixtureObjects(
      root: "s3://l/t",
      files: [
        ".hoodie/hoodie.properties": "hoodie.table.version=6",
        ".hoodie/20260101000000000.commit": stats([
          ("a", "p/a_1.parquet", 3), ("b", "p/b_1.parquet", 3),
        ]),
        ".hoodie/20260102000000000.deltacommit": stats([("a", "p/.a_1.log.1_0", 0)]),
        ".hoodie/20260103000000000.commit": stats([("a", "p/a_2.parquet", 3)]),
        ".hoodie/20260104000000000.replacecommit.requested": "",
        ".hoodie/20260104000000000.inflight": "",
        "p/a_1.parquet": "abc", "p/b_1.parquet": "abc", "p/.a_1.log.1_0": "l",
        "p/a_2.parquet": "abc",
      ])
  }

  @Test func aTimelineThatIsAllThereIsCurrent() async throws {
    let state = try await hudi(timeline)
    #expect(state.standing == .current && state.recoveryPoint?.name == "20260103000000000")
  }

  @Test func aNewBaseFileStandsForWhatWasBeforeIt() async throws {
    var objects = timeline
    objects.lose("p/.a_1.log.1_0")
    objects.lose("p/a_1.parquet")
    #expect(try await hudi(objects).standing == .current)
    objects = timeline
    objects.lose("p/a_2.parquet")
    let state = try await hudi(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name == "20260102000000000")
    #expect(state.missing.first == ["s3://l/t/p/a_2.parquet"])
  }

  @Test func replacedGroupsAreNotMissed() async throws {
    var objects = timeline
    objects.lose("p/b_1.parquet")
    #expect(try await hudi(objects).standing == .lost)
    objects.put(
      ".hoodie/20260105000000000.replacecommit",
      Array(stats([("c", "p/c_1.parquet", 1)], replaced: #"{"p":["b"]}"#).utf8))
    objects.put("p/c_1.parquet", [1])
    #expect(try await hudi(objects).standing == .current)
  }

  @Test func whatRestsOnArchivedInstantsOrFollowsARestoreIsUnknown() async throws {
    for name in [
      ".hoodie/archived/.commits_.archive.1_1-0-1", ".hoodie/timeline/history/1_2_0.parquet",
      ".hoodie/20260105000000000.restore",
    ] {
      var objects = timeline
      objects.put(name, [1])
      #expect(try await hudi(objects).standing == .unknown, "\(name)")
    }
    for text in ["", "{}", "{", #"{"partitionToWriteStats":{"p":[{"path":"x"}]}}"#, "Obj\u{1}"] {
      var objects = timeline
      objects.put(".hoodie/20260106000000000.commit", Array(text.utf8))
      #expect(try await hudi(objects).standing == .unknown, "\(text)")
    }
    #expect(try await hudi(FixtureObjects(root: "s3://l/t", files: [:])).standing == .lost)
  }
}
