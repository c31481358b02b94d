import CanonicalJSON
import Foundation
import Testing

@testable import FileFormats

/// Parquet files by pyarrow, in many codecs, encodings and both versions of pages.
@Suite struct ParquetTests {
  static let written = [
    "dictionary-none-1", "dictionary-none-2", "dictionary-snappy-1", "dictionary-snappy-2",
    "dictionary-gzip-1", "dictionary-gzip-2", "dictionary-zstd-1", "dictionary-zstd-2",
    "plain-1", "plain-2", "pages-1", "pages-2", "delta-1", "delta-2",
  ]

  private func rows() throws -> [JSON] {
    let data = try Data(contentsOf: BytesSource.folder.appending(path: "rows.json"))
    return try JSON(parsing: [UInt8](data)).array ?? []
  }

  @Test(arguments: written) func everyValueIsReadAsItWasWritten(_ name: String) async throws {
    let rows = try rows()
    let found = try await columns(try BytesSource(name))
    #expect(found.count == 13)
    for (name, values) in found {
      let path = name.split(separator: ".").map(String.init)
      try #require(values.count == rows.count, "\(name)")
      for (row, value) in zip(rows, values) {
        // A struct of the list's own stands between it and its items.
        let wanted = expected(row, path.first == "features" ? ["features"] : path)
        #expect(value == wanted, "\(name) of \(row)")
      }
    }
  }

  @Test func onlyTheColumnsThatAreAskedForAreFetched() async throws {
    let source = Counting(try BytesSource("dictionary-none-1"))
    let file = try await ParquetFile(source)
    #expect(file.rows == 300 && file.size == source.source.bytes.count)
    let column = try #require(file.column(["add", "path"]))
    #expect(file.column(["add", "nowhere"]) == nil)
    var paths = 0
    try await file.forEachBatch(of: [column]) { batch in
      for row in 0..<batch.rows where try batch[0, row].text() != nil { paths += 1 }
    }
    #expect(paths == 200)
    // A small file comes at once.
    #expect(source.calls == 1)
  }

  @Test func textsThatAreNoneAreErrors() throws {
    #expect(try ParquetValue.bytes([0x61]).text() == "a")
    #expect(try ParquetValue.null(defined: 0).text() == nil)
    #expect(throws: FormatError.self) { try ParquetValue.bytes([0xff]).text() }
    #expect(throws: FormatError.self) { try ParquetValue.integer(1).text() }
  }

  @Test func anEmptyFileHasNoRows() async throws {
    let found = try await columns(try BytesSource("empty"))
    #expect(found.count == 13 && found.values.allSatisfy(\.isEmpty))
  }

  @Test(arguments: [
    ("brotli", "name", "compression BROTLI"), ("lz4", "name", "compression LZ4_RAW"),
    ("split", "n", "encoding BYTE_STREAM_SPLIT of int64"), ("others", "d", "type double"),
    ("others", "deep.list.element.list.element", "repeated more than once"),
  ]) func whatIsNotReadIsNamed(_ name: String, _ column: String, _ words: String) async throws {
    let error = await #expect(throws: FormatError.self) {
      try await columns(try BytesSource(name), [column])
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    // Another column of the same file can be read.
    if name == "others" {
      #expect(try await columns(try BytesSource(name), ["s"])["s"]?.count == 2)
    }
  }
}

/// Counts how often it is asked.
private final class Counting: ParquetSource, @unchecked Sendable {
  let source: BytesSource
  private let lock = NSLock()
  private var count = 0

  init(_ source: BytesSource) { self.source = source }

  var calls: Int { lock.withLock { count } }

  func read(from offset: Int, count: Int) async throws -> (bytes: [UInt8], size: Int) {
    lock.withLock { self.count += 1 }
    return try await source.read(from: offset, count: count)
  }
}
