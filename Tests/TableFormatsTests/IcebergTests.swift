import CanonicalJSON
import Testing

@testable import TableFormats

/// Tables that pyiceberg and fastavro wrote, with what a replica may lack of them.
struct IcebergTests {
  private func state(_ objects: FixtureObjects) async throws -> TableState {
    try await IcebergTable(
      metadata: [try #require(objects.metadata)], folder: objects.root, objects: objects
    ).state()
  }

  /// Metadata files, the oldest first.
  private func metadata(_ objects: FixtureObjects) -> [String] { objects.names(".metadata.json") }

  private func manifests(
    of metadata: String, in objects: FixtureObjects
  ) async throws -> [FileReference] {
    let read = try await IcebergMetadata.read(objects.at(metadata), objects: objects)
    let list = try #require(read?.manifestList)
    let found = try await IcebergManifests(objects: objects).list(list)
    return try #require(found)
  }

  @Test(arguments: ["iceberg-v1", "iceberg-v2", "iceberg-zstd", "iceberg-deletes", "iceberg-empty"])
  func aTableThatIsAllThereIsCurrent(_ name: String) async throws {
    let objects = try FixtureObjects(name)
    let state = try await state(objects)
    #expect(state.standing == .current)
    #expect(state.recoveryPoint?.name == objects.metadata)
    #expect(state.recoveryPoint == state.newest)
    #expect((state.recoveryPoint?.snapshot == nil) == (name == "iceberg-empty"))
    #expect((state.recoveryPoint?.time ?? 0) >= 1_700_000_000_000)
    #expect(state.missing.count == 0 && state.reasons.isEmpty && state.examined == 1)
  }

  @Test func everyFileOfTheNewestStateCounts() async throws {
    for name in ["iceberg-v1", "iceberg-zstd", "iceberg-deletes"] {
      let whole = try FixtureObjects(name)
      let newest = try #require(whole.metadata)
      let list = try await IcebergMetadata.read(newest, objects: whole)?.manifestList
      // Older metadata files, and the lists of the snapshots before.
      let old = whole.sizes.keys.filter {
        let isList = $0.contains("snap-") && whole.at($0) != list
        return isList || ($0.contains(".metadata.json") && whole.at($0) != newest)
      }
      for gone in whole.sizes.keys.sorted() where !old.contains(gone) {
        var objects = whole
        objects.lose(gone)
        let state = try await state(objects)
        #expect(state.standing != .current, "\(name) without \(gone)")
        #expect(state.missing.count >= 1 || state.standing == .unknown, "\(name) without \(gone)")
        #expect(state.recoveryPoint?.name != objects.metadata, "\(name) without \(gone)")
      }
    }
  }

  @Test func aMissingManifestLeavesTheStateBeforeIt() async throws {
    var objects = try FixtureObjects("iceberg-v1")
    let lists = objects.names("snap-")
    let listed = try await manifests(of: try #require(metadata(objects).last), in: objects)
    let name = String(listed[0].location.dropFirst(objects.root.count + 1))
    objects.lose(name)
    let state = try await state(objects)
    #expect(lists.count == 2 && listed.count == 2)
    #expect(state.standing == .behind)
    #expect(state.recoveryPoint?.name == objects.at(metadata(objects)[1]))
    #expect(state.missing.first == [objects.at(name)])
    #expect(state.examined == 2)
  }

  @Test func filesThatTheNewestStateHasDeletedAreNotMissed() async throws {
    var objects = try FixtureObjects("iceberg-v2")
    for name in objects.names(".parquet") {
      var without = objects
      without.lose(name)
      if try await state(without).standing == .current { objects = without }
    }
    #expect(objects.names(".parquet").count == 1, "an overwrite leaves one data file")
  }

  @Test func aMetadataFileThatHasNotArrivedLeavesTheOneBefore() async throws {
    var objects = try FixtureObjects("iceberg-v2")
    objects.lose(metadata(objects)[4])
    let state = try await state(objects)
    #expect(state.standing == .behind)
    #expect(state.recoveryPoint?.name == objects.at(metadata(objects)[3]))
    #expect(state.missing.first == [try #require(objects.metadata)])
  }

  @Test func aFileOfAnotherSizeIsNotThatFile() async throws {
    var objects = try FixtureObjects("iceberg-deletes")
    objects.put("data/eq.parquet", size: 7)
    let state = try await state(objects)
    #expect(state.standing == .lost)
    #expect(state.missing.first == [objects.at("data/eq.parquet") + " (there with 7 bytes)"])
  }

  @Test func manifestsInSnappyAreReadAndTheirChecksumsChecked() async throws {
    let objects = try FixtureObjects("iceberg-snappy")
    #expect(try await state(objects).standing == .current)
    for name in objects.names("m0.avro") + objects.names("snap-") {
      var spoiled = objects
      var bytes = try objects.bytes(name)
      // The last byte of the block's checksum, before the mark of 16 bytes.
      bytes[bytes.count - 17] ^= 1
      spoiled.put(name, bytes)
      let state = try await state(spoiled)
      #expect(state.standing != .current, "\(name)")
      #expect(state.reasons.contains { $0.contains("checksum") }, "\(state.reasons)")
    }
  }

  @Test func aCodecThatIsNotReadIsNamedAndNoPass() async throws {
    var objects = try FixtureObjects("iceberg-snappy")
    let name = try #require(objects.names("m0.avro").first)
    let text = try objects.bytes(name)
    let place = try #require(text.indices.first { text[$0...].starts(with: Array("snappy".utf8)) })
    objects.put(name, Array(text[..<place]) + Array("bzip2!".utf8) + Array(text[(place + 6)...]))
    let state = try await state(objects)
    #expect(state.standing == .unknown)
    #expect(state.reasons.count == 1 && state.reasons[0].contains("codec bzip2!"))
    #expect(state.recoveryPoint?.snapshot == nil, "the empty table before it is whole")
  }

  @Test func whatCanNotBeAskedIsUnknown() async throws {
    for part in ["snap-", "m0.avro", ".parquet", "00002-"] {
      var objects = try FixtureObjects("iceberg-v1")
      objects.refused = Set(objects.names(part))
      let state = try await state(objects)
      #expect(state.standing == .unknown, "\(part)")
      #expect(state.reasons.contains { $0.contains("access denied") })
    }
  }

  @Test func aTableInAnotherBucketIsUnknown() async throws {
    var objects = try FixtureObjects("iceberg-deletes")
    let text = String(decoding: try objects.bytes("metadata/m-data.avro"), as: UTF8.self)
    #expect(text.contains("s3://lake/"))
    objects.put(
      "metadata/m-data.avro",
      Array(try objects.bytes("metadata/m-data.avro")).replacing(
        Array("lake/iceberg-deletes/data/a".utf8), with: Array("wave/iceberg-deletes/data/a".utf8)))
    let state = try await state(objects)
    #expect(state.standing == .unknown && state.reasons[0].contains("no replica is known"))
  }

  @Test func aLogThatNamesItselfEnds() async throws {
    let log = #"[{"metadata-file":"s3://l/t/metadata/1.metadata.json","timestamp-ms":1}]"#
    let text =
      #"{"format-version":2,"current-snapshot-id":5,"snapshots":[],"metadata-log":\#(log)}"#
    let objects = FixtureObjects(root: "s3://l/t", files: ["metadata/1.metadata.json": text])
    let state = try await IcebergTable(
      metadata: ["s3://l/t/metadata/1.metadata.json"], folder: "s3://l/t/", objects: objects
    ).state()
    #expect(state.standing == .unknown && state.examined == 1)
    #expect(state.reasons[0].contains("its current snapshot is not in it"))
  }

  @Test func metadataThatIsNoneIsUnknown() async throws {
    for text in ["", "{", "[]", "{}", #"{"format-version":4}"#, "\u{1f}\u{8b}", "null"] {
      var objects = try FixtureObjects("iceberg-empty")
      objects.put(metadata(objects)[0], Array(text.utf8))
      #expect(try await state(objects).standing == .unknown, "\(text)")
    }
  }

  @Test func withoutANameFromTheCatalogTheNewestOfTheFolderIsNoPass() async throws {
    let objects = try FixtureObjects("iceberg-v2")
    let state = try await IcebergTable(metadata: [], folder: objects.root, objects: objects).state()
    #expect(state.standing == .unknown)
    #expect(state.recoveryPoint?.name == objects.metadata)
  }

  @Test func glueTablesAreToldByTheirParameters() async throws {
    let objects = try FixtureObjects("iceberg-v2")
    let table: JSON = [
      "StorageDescriptor": ["Location": .string(objects.root)],
      "Parameters": [
        "table_type": "ICEBERG", "metadata_location": .string(try #require(objects.metadata)),
      ],
    ]
    let closure = TableClosure(objects: objects)
    #expect(try await closure.state(ofGlueTable: table)?.standing == .current)
    #expect(try await closure.state(ofGlueTable: ["Parameters": [:]]) == nil)
    #expect(
      TableFormat(glueTable: ["Parameters": ["spark.sql.sources.provider": "DELTA"]]) == .delta)
    let hudi: JSON = [
      "StorageDescriptor": ["InputFormat": "org.apache.hudi.hadoop.HoodieParquetInputFormat"]
    ]
    #expect(TableFormat(glueTable: hudi) == .hudi)
  }
}
