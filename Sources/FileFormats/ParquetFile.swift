/// A Parquet file, of which the columns that are asked for are read, page by page
/// (Apache Parquet's format, `parquet.thrift`).
///
/// What it does not know it names in an error, and never guesses: codecs but snappy, gzip and zstd, types
/// but truth values, whole numbers of 32 and 64 bits and byte arrays, the deprecated BIT_PACKED and
/// BYTE_STREAM_SPLIT, encryption, columns repeated more than once. Counts and sizes have to add up, and
/// where pages have a checksum, it has to be right. Memory is bounded by a page for each column, at most
/// 64 MiB, and its dictionary.
public struct ParquetFile: Sendable {
  /// The most that a footer may have: it grows with columns and row groups.
  private static let mostFooter = 32 << 20

  private let pieces: ParquetPieces
  private let footer: ParquetFooter
  private let end: Int

  /// Reads the footer.
  /// - Throws: `FormatError`, and what the source throws.
  public init(_ source: any ParquetSource) async throws {
    pieces = try await ParquetPieces(source)
    let (bytes, start) = try await pieces.footer(most: Self.mostFooter)
    footer = try ParquetFooter(bytes)
    end = start
  }

  /// All of its columns, in the order of its schema.
  public var columns: [ParquetColumn] { footer.columns }
  /// How many rows it has.
  public var rows: Int { footer.rows }
  /// Bytes of the whole file.
  public var size: Int { pieces.size }

  /// The column with this path; nil for none.
  public func column(_ path: [String]) -> ParquetColumn? { columns.first { $0.path == path } }

  /// Gives all rows to `body`, with the columns that are asked for, some thousands at once.
  /// - Parameter wanted: columns of this file, at least one.
  /// - Throws: `FormatError`, what the source throws, and what `body` throws.
  public func forEachBatch(
    of wanted: [ParquetColumn], _ body: (ParquetBatch) async throws -> Void
  ) async throws {
    for column in wanted where column.maxRepetition > 1 {
      throw FormatError("its column \(column.name) is repeated more than once, which is not read")
    }
    for group in footer.groups where group.rows > 0 {
      var readers = try wanted.map { column in
        let chunk = group.chunks[column.index]
        try chunk.check(column, rows: group.rows, end: end)
        return ParquetColumnReader(column, chunk, pieces)
      }
      var left = group.rows
      while left > 0 {
        try Task.checkCancellation()
        let batch = try await Self.batch(&readers, most: left)
        left -= batch.rows
        try await body(batch)
      }
      for reader in readers { try reader.finish() }
    }
  }

  /// As many rows as all columns have ready.
  private static func batch(
    _ readers: inout [ParquetColumnReader], most: Int
  ) async throws -> ParquetBatch {
    var count = most
    for index in readers.indices {
      try await readers[index].fill()
      count = min(count, readers[index].ready)
    }
    guard count > 0 else { throw FormatError("a column of it has fewer rows than its row group") }
    return ParquetBatch(rows: count, columns: readers.indices.map { readers[$0].take(count) })
  }
}
