import Testing

@testable import FileFormats

/// Files whose counts and sizes do not add up.
@Suite struct ParquetCountsTests {
  private func error(_ change: (inout MadeParquet) -> Void) async throws -> String {
    var made = MadeParquet()
    change(&made)
    do {
      _ = try await columns(BytesSource(made.bytes))
      return "no error"
    } catch let error as FormatError {
      return error.description
    }
  }

  @Test func whatAddsUpIsRead() async throws {
    for change in [{ _ in }, { $0.nulls = 0 }, { $0.numbers = [] }] as [(inout MadeParquet) -> Void]
    {
      var made = MadeParquet()
      change(&made)
      let found = try await columns(BytesSource(made.bytes))
      #expect(found["n"] == made.numbers.map(ParquetValue.integer))
    }
  }

  /// A page that is larger than what is fetched at once, and a chunk of many windows.
  @Test func largePagesAreReadWhole() async throws {
    var made = MadeParquet()
    made.numbers = (0..<400_000).map { $0 &* 7919 }
    #expect(made.bytes.count > 3 * ParquetPieces.first)
    let found = try await columns(BytesSource(made.bytes))["n"] ?? []
    #expect(found.count == 400_000)
    #expect(zip(found, made.numbers).allSatisfy { $0 == .integer($1) })
  }

  @Test func rowsAndValuesHaveToAddUp() async throws {
    #expect(try await error { $0.rows = 4 }.contains("row groups have 3 rows, and it says 4"))
    #expect(try await error { $0.rows = 2 }.contains("more than the 2 rows"))
    #expect(try await error { ($0.rows, $0.groupRows) = (4, 4) }.contains("3 values for 4 rows"))
    #expect(try await error { $0.chunkValues = 5 }.contains("5 values for 3 rows"))
    #expect(try await error { $0.pageValues = 2 }.contains("bytes behind its values"))
    #expect(try await error { $0.pageValues = 4 }.contains("more values than it says"))
    let more = try await error {
      $0.pageValues = 4
      ($0.chunkValues, $0.groupRows, $0.rows) = (4, 4, 4)
    }
    #expect(more.contains("ends too early"))
    let fewer = try await error { ($0.chunkValues, $0.groupRows, $0.rows) = (4, 4, 4) }
    #expect(fewer.contains("ends in the header of a page"))
    #expect(try await error { $0.nulls = 1 }.contains("0 nulls, and its header says 1"))
    #expect(try await error { $0.pageRows = 2 }.contains("3 rows, and its header says 2"))
  }

  @Test func sizesAndPlacesHaveToAddUp() async throws {
    #expect(try await error { $0.pageSize = 25 }.contains("its header says 25"))
    #expect(try await error { $0.pageSize = 1 << 30 }.contains("more than"))
    #expect(try await error { $0.chunkSize = 4000 }.contains("lies outside of it"))
    #expect(try await error { $0.chunkOffset = 0 }.contains("lies outside of it"))
    #expect(try await error { $0.chunkSize = 10 }.contains("ends in the header"))
    #expect(try await error { $0.chunkSize = 30 }.contains("reaches beyond its column"))
    #expect(try await error { $0.behind = [0] }.contains("bytes behind its last page"))
    #expect(try await error { $0.chunkPath = ["m"] }.contains("not where its schema says"))
    #expect(try await error { $0.chunkKind = 1 }.contains("not where its schema says"))
    #expect(try await error { $0.children = 2 }.contains("no tree"))
    #expect(try await error { $0.children = 0 }.contains("no tree"))
    #expect(try await error { $0.repetition = 3 }.contains("no repetition for n"))
  }

  @Test func whatIsNotKnownIsNamed() async throws {
    #expect(try await error { $0.encoding = 77 }.contains("unknown encoding 77"))
    #expect(try await error { $0.encoding = 4 }.contains("BIT_PACKED"))
    #expect(try await error { $0.encoding = 8 }.contains("no dictionary before it"))
    #expect(try await error { $0.encoding = 7 }.contains("DELTA_BYTE_ARRAY of int64"))
    #expect(try await error { $0.codec = 3 }.contains("compression LZO"))
    #expect(try await error { $0.codec = 99 }.contains("compression 99"))
    #expect(try await error { $0.pageType = 9 }.contains("does not fit its type 9"))
    // A second dictionary, behind one that is empty.
    let dictionary = ThriftWriter.structure { header in
      header.number(1, 2)
      header.number(2, 0)
      header.number(3, 0)
      header.structure(7) {
        $0.number(1, 0)
        $0.number(2, 0)
      }
    }
    #expect(try await error { $0.before = dictionary } == "no error")
    #expect(try await error { $0.before = dictionary + dictionary }.contains("second dictionary"))
    let empty = try await error { ($0.before, $0.encoding) = (dictionary, 8) }
    #expect(empty.contains("more than its dictionary"))
  }
}
