import CanonicalJSON
import Foundation
import Testing

@testable import TableFormats

/// Archived instants of Hudi tables: Parquet by pyarrow and Avro by fastavro, laid out as Hudi does.
@Suite struct HudiHistoryTests {
  private static let folder = ".hoodie/timeline/history"
  private static let late = "\(folder)/20260101000000000_20260104000000000_0.parquet"

  private func state(_ objects: FixtureObjects) async throws -> TableState {
    try await HudiTable(root: objects.root, objects: objects).state()
  }

  private func stats(_ writes: [(group: String, path: String, size: Int)]) -> [UInt8] {
    let list = writes.map {
      #"{"fileId":"\#($0.group)","path":"\#($0.path)","fileSizeInBytes":\#($0.size)}"#
    }
    return Array(#"{"partitionToWriteStats":{"p":[\#(list.joined(separator: ","))]}}"#.utf8)
  }

  /// Groups a and c are left of what is archived; a deltacommit is not yet.
  private func table() throws -> FixtureObjects {
    var objects = FixtureObjects(
      root: "s3://l/t",
      files: [
        ".hoodie/hoodie.properties": "hoodie.table.version=8", "p/a_2.parquet": "abc",
        "p/c_1.parquet": "c", "p/.a_2.log.1_0": "l",
      ])
    objects.put(
      ".hoodie/timeline/20260105000000000_20260105000100000.deltacommit",
      stats([("a", "p/.a_2.log.1_0", 0)]))
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/hudi-history")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      objects.put(
        "\(Self.folder)/\(name)", [UInt8](try Data(contentsOf: folder.appending(path: name))))
    }
    return objects
  }

  @Test func whatRestsOnArchivedInstantsIsCurrent() async throws {
    let state = try await state(try table())
    #expect(state.standing == .current, "\(state)")
    #expect(state.recoveryPoint?.name == "20260105000000000_20260105000100000")
    // An instant in two files counts once, and a clean is none that writes.
    #expect(state.examined == 5)
  }

  @Test func aFileThatOnlyAnArchivedInstantNamesIsMissed() async throws {
    for name in ["p/a_2.parquet", "p/c_1.parquet"] {
      var objects = try table()
      objects.lose(name)
      let state = try await state(objects)
      #expect(state.standing == .lost && state.missing.first == [objects.at(name)], "\(state)")
    }
    var objects = try table()
    objects.lose("p/.a_2.log.1_0")
    let state = try await state(objects)
    #expect(state.standing == .behind && state.recoveryPoint?.name.hasPrefix("20260104") == true)
    // A later base file stands for what is not there.
    objects.lose("p/a_2.parquet")
    objects.put(
      ".hoodie/timeline/20260106000000000_20260106000100000.commit",
      stats([("a", "p/a_3.parquet", 3)]))
    objects.put("p/a_3.parquet", [1, 2, 3])
    #expect(try await self.state(objects).standing == .current)
  }

  @Test func aHistoryThatIsNotWholeIsNamed() async throws {
    for name in [Self.late, "\(Self.folder)/manifest_7"] {
      var objects = try table()
      objects.lose(name)
      let state = try await state(objects)
      #expect(state.standing == .lost && state.missing.first == [objects.at(name)], "\(state)")
    }
    for (name, bytes) in [
      (Self.late, Array(try table().bytes(Self.late).dropLast())),
      ("\(Self.folder)/manifest_7", Array("{".utf8)),
      ("\(Self.folder)/manifest_7", Array("{}".utf8)),
      ("\(Self.folder)/manifest_8", []), ("\(Self.folder)/_version_", Array("x".utf8)),
      (".hoodie/archived/.commits_.archive.1_1-0-1", [1]),
    ] {
      var objects = try table()
      objects.put(name, bytes)
      let state = try await state(objects)
      #expect(state.standing != .current && state.recoveryPoint == nil, "\(name)")
      #expect(state.missing.count > 0 || !state.reasons.isEmpty, "\(name)")
    }
    var objects = try table()
    for name in objects.names("manifest_") + objects.names("_version_") { objects.lose(name) }
    let state = try await state(objects)
    #expect(state.standing == .unknown && state.reasons[0].contains("without a manifest"))
  }

  /// While a compaction runs, what is written to its group belongs to the slice that it makes.
  @Test func whatCompletedWhileACompactionRanIsNotForgotten() async throws {
    var objects = FixtureObjects(
      root: "s3://l/t", files: [".hoodie/hoodie.properties": "", "p/a_5.parquet": "abc"])
    objects.put(
      ".hoodie/timeline/20260106000000000_20260106000100000.deltacommit",
      stats([("a", "p/.a_6.log", 0)]))
    objects.put(
      ".hoodie/timeline/20260105000000000_20260107000000000.commit",
      stats([("a", "p/a_5.parquet", 3)]))
    let state = try await state(objects)
    #expect(state.standing == .lost && state.missing.first == ["s3://l/t/p/.a_6.log"], "\(state)")
    objects.put("p/.a_6.log", [1])
    #expect(try await self.state(objects).standing == .current)
  }
}
