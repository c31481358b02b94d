/// A data page, unpacked: for each of its values either the place in a table, or how much of it is
/// there.
struct ParquetPage: Sendable {
  /// What one page may have of them.
  static let mostValues = 16 << 20

  /// Not negative: a place in `table`. Negative: a null, `-1 - definition level`.
  private let places: [Int32]
  private let table: ParquetTable
  /// Repetition levels; nil where the column is not repeated.
  let repetitions: [Int32]?

  var count: Int { places.count }

  subscript(index: Int) -> ParquetValue {
    let place = places[index]
    return place < 0 ? .null(defined: -1 - Int(place)) : table[Int(place)]
  }

  /// - Parameters:
  ///   - bytes: what stands behind the header.
  ///   - dictionary: that of the chunk.
  /// - Throws: `FormatError`.
  init(
    _ header: ParquetPageHeader, _ bytes: ArraySlice<UInt8>, _ column: ParquetColumn, codec: Int,
    dictionary: ParquetTable?
  ) throws {
    guard header.values <= Self.mostValues else {
      throw FormatError("a page has \(header.values) values, more than are read")
    }
    let content =
      try header.rows == nil
      ? Content(first: header, bytes, column, codec)
      : Content(second: header, bytes, column, codec)
    let present = content.definitions.map { levels in
      levels.reduce(0) { $0 + (Int($1) == column.maxDefinition ? 1 : 0) }
    }
    let count = present ?? header.values
    if let nulls = header.nulls, nulls != header.values - count {
      throw FormatError("a page has \(header.values - count) nulls, and its header says \(nulls)")
    }
    let isIndexed = [.dictionary, .plainDictionary].contains(
      try ParquetEncoding(code: header.encoding))
    let indices = try isIndexed ? content.indices(count, dictionary) : nil
    table =
      try isIndexed ? dictionary ?? .integers([]) : content.table(header.encoding, column, count)
    places = Self.places(content.definitions, indices, column, count: header.values)
    repetitions = content.repetitions
  }

  private static func places(
    _ definitions: [Int32]?, _ indices: [Int32]?, _ column: ParquetColumn, count: Int
  ) -> [Int32] {
    guard let definitions else { return indices ?? Array(0..<Int32(count)) }
    var next = 0
    return definitions.map { level in
      guard Int(level) == column.maxDefinition else { return -1 - level }
      defer { next += 1 }
      return indices.map { $0[next] } ?? Int32(next)
    }
  }
}

/// A page's levels, and the bytes of its values.
private struct Content {
  private(set) var repetitions: [Int32]?
  private(set) var definitions: [Int32]?
  private var values: [UInt8]
  private var start: Int

  /// Version 1: everything is packed, and levels have their length before them.
  init(
    first header: ParquetPageHeader, _ bytes: ArraySlice<UInt8>, _ column: ParquetColumn,
    _ codec: Int
  ) throws {
    values = try ParquetCodec.unpack(bytes, codec: codec, size: header.unpackedSize)
    var cursor = ByteCursor(values[...])
    func levels(_ most: Int, _ encoding: Int) throws -> [Int32]? {
      guard most > 0 else { return nil }
      let encoding = try ParquetEncoding(code: encoding)
      guard encoding == .runs else {
        throw FormatError("its encoding \(encoding.name) of levels is not read")
      }
      let size = Int(try cursor.number(4))
      return try Self.levels(try cursor.take(size), most, header.values)
    }
    repetitions = try levels(column.maxRepetition, header.repetitionEncoding)
    definitions = try levels(column.maxDefinition, header.definitionEncoding)
    start = cursor.position
  }

  /// Version 2: only the values are packed, and the header has the lengths.
  init(
    second header: ParquetPageHeader, _ bytes: ArraySlice<UInt8>, _ column: ParquetColumn,
    _ codec: Int
  ) throws {
    var cursor = ByteCursor(bytes)
    let repeated = try cursor.take(header.repetitionSize)
    let defined = try cursor.take(header.definitionSize)
    if column.maxRepetition > 0 {
      repetitions = try Self.levels(repeated, column.maxRepetition, header.values)
    }
    if column.maxDefinition > 0 {
      definitions = try Self.levels(defined, column.maxDefinition, header.values)
    }
    let size = header.unpackedSize - repeated.count - defined.count
    guard size >= 0 else { throw FormatError("a page has levels beyond its end") }
    values = try ParquetCodec.unpack(
      try cursor.take(cursor.left), codec: header.isPacked ? codec : 0, size: size)
    start = 0
  }

  private static func levels(_ bytes: ArraySlice<UInt8>, _ most: Int, _ count: Int) throws
    -> [Int32]
  {
    var cursor = ByteCursor(bytes)
    let width = Int.bitWidth - most.leadingZeroBitCount
    return try ParquetRuns.numbers(&cursor, width: width, count: count, most: most)
  }

  func indices(_ count: Int, _ dictionary: ParquetTable?) throws -> [Int32] {
    guard let dictionary else { throw FormatError("a page has no dictionary before it") }
    guard count > 0 else { return [] }
    guard dictionary.count > 0 else { throw FormatError("a page needs more than its dictionary") }
    var cursor = ByteCursor(values[start...])
    let width = Int(try cursor.byte())
    return try ParquetRuns.numbers(&cursor, width: width, count: count, most: dictionary.count - 1)
  }

  func table(_ code: Int, _ column: ParquetColumn, _ count: Int) throws -> ParquetTable {
    let encoding = try ParquetEncoding(code: code)
    var cursor = ByteCursor(values[start...])
    // Of nothing but nulls some writers write nothing at all.
    if count == 0, cursor.left == 0 { return .integers([]) }
    let table: ParquetTable
    switch (encoding, column.kind) {
    case (.plain, _): return try .plain(values, from: start, column.kind, count: count)
    case (.runs, .boolean):
      let size = Int(try cursor.number(4))
      var runs = ByteCursor(try cursor.take(size))
      let numbers = try ParquetRuns.numbers(&runs, width: 1, count: count, most: 1)
      table = .truths(numbers.map { $0 == 1 })
    case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64):
      let bits = column.kind == .int32 ? 32 : 64
      table = .integers(try ParquetDeltas.numbers(&cursor, count: count, bits: bits))
    case (.deltaLengthByteArray, .byteArray):
      table = try ParquetDeltas.strings(&cursor, count: count)
    case (.deltaByteArray, .byteArray):
      table = try ParquetDeltas.prefixed(&cursor, count: count)
    default: throw FormatError("its encoding \(encoding.name) of \(column.kind) is not read")
    }
    guard cursor.left == 0 else { throw FormatError("a page has bytes behind its values") }
    return table
  }
}
