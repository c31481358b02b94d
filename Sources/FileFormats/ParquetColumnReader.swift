/// Reads the pages of one column in one row group, one after the other.
struct ParquetColumnReader {
  /// Bytes that are fetched at once.
  private static let window = 1 << 20
  /// The most that a page may have, packed or not.
  private static let mostPage = 64 << 20
  /// The most that the header of a page may have: statistics hold values.
  private static let mostHeader = 1 << 20

  private let column: ParquetColumn
  private let chunk: ParquetChunk
  private let pieces: ParquetPieces
  private var ahead: ArraySlice<UInt8> = []
  /// How many bytes of the chunk have been fetched.
  private var fetched = 0
  /// How many values have been seen.
  private var values = 0
  private var dictionary: ParquetTable?
  private var page: ParquetPage?
  /// How many rows of the page have been taken.
  private var taken = 0
  /// Rows of a repeated column that are complete.
  private var lists: ArraySlice<ParquetValue> = []
  /// The row that may go on in the next page: its items, or a null for a list that is not there.
  private var items: [ParquetValue]?
  private var absent: ParquetValue?

  init(_ column: ParquetColumn, _ chunk: ParquetChunk, _ pieces: ParquetPieces) {
    self.column = column
    self.chunk = chunk
    self.pieces = pieces
  }

  private var isRepeated: Bool { column.maxRepetition > 0 }

  /// How many rows can be taken without a further page.
  var ready: Int { isRepeated ? lists.count : (page?.count ?? 0) - taken }

  /// Takes rows that are ready.
  mutating func take(_ count: Int) -> ParquetValues {
    if isRepeated {
      defer { lists = lists.dropFirst(count) }
      return .lists(lists.prefix(count))
    }
    guard let page else { return .lists([]) }
    defer { taken += count }
    return .page(page, from: taken)
  }

  /// Reads pages until there is a row, or no page more.
  /// - Throws: `FormatError`, and what the source throws.
  mutating func fill() async throws {
    while ready == 0, values < chunk.values {
      try await nextPage()
    }
    if ready == 0 { closeRow() }
  }

  /// Nothing may be left when all rows of the row group have been taken.
  /// - Throws: `FormatError`.
  func finish() throws {
    guard values == chunk.values, ready == 0, items == nil, absent == nil else {
      throw FormatError("its column \(column.name) has more rows than its row group")
    }
    guard fetched == chunk.size, ahead.isEmpty else {
      throw FormatError("its column \(column.name) has bytes behind its last page")
    }
  }

  // MARK: - Pages

  private mutating func nextPage() async throws {
    let header = try await header()
    guard header.packedSize <= Self.mostPage, header.unpackedSize <= Self.mostPage else {
      throw FormatError("a page has more than \(Self.mostPage) bytes")
    }
    try await fetch(header.packedSize)
    guard ahead.count >= header.packedSize else {
      throw FormatError("a page reaches beyond its column \(column.name)")
    }
    let bytes = ahead.prefix(header.packedSize)
    ahead = ahead.dropFirst(header.packedSize)
    if let crc = header.crc, crc != Decompression.crc32(bytes) {
      throw FormatError("a page of its column \(column.name) is damaged")
    }
    switch ParquetPageHeader.Kind(rawValue: header.code) {
    case .data, .dataV2: try add(header, bytes)
    case .dictionary: try addDictionary(header, bytes)
    case .index: break
    case nil: throw FormatError("a page has the unknown type \(header.code)")
    }
  }

  private mutating func header() async throws -> ParquetPageHeader {
    var wanted = 4096
    while true {
      try await fetch(wanted)
      var reader = ThriftReader(ahead.prefix(wanted))
      do {
        let header = try ParquetPageHeader(&reader)
        ahead = ahead.dropFirst(reader.read)
        return header
      } catch is ThriftReader.TooShort {
        guard ahead.count >= wanted else {
          throw FormatError("its column \(column.name) ends in the header of a page")
        }
        guard wanted < Self.mostHeader else {
          throw FormatError("the header of a page has more than \(Self.mostHeader) bytes")
        }
        wanted = min(wanted * 8, Self.mostHeader)
      }
    }
  }

  /// Fetches until so many bytes lie ahead, or all that the chunk has.
  private mutating func fetch(_ count: Int) async throws {
    guard ahead.count < count, fetched < chunk.size else { return }
    let wanted = min(max(Self.window, count - ahead.count), chunk.size - fetched)
    let more = try await pieces.bytes(from: chunk.offset + fetched, count: wanted)
    fetched += wanted
    ahead = ahead.isEmpty ? more : ArraySlice(Array(ahead) + more)
  }

  private mutating func addDictionary(
    _ header: ParquetPageHeader, _ bytes: ArraySlice<UInt8>
  ) throws {
    guard dictionary == nil, values == 0 else {
      throw FormatError("its column \(column.name) has a second dictionary")
    }
    let encoding = try ParquetEncoding(code: header.encoding)
    guard encoding == .plain || encoding == .plainDictionary else {
      throw FormatError("its encoding \(encoding.name) of a dictionary is not read")
    }
    guard header.values <= ParquetPage.mostValues else {
      throw FormatError("a dictionary has \(header.values) values, more than are read")
    }
    let plain = try ParquetCodec.unpack(bytes, codec: chunk.codec, size: header.unpackedSize)
    dictionary = try .plain(plain, from: 0, column.kind, count: header.values)
  }

  private mutating func add(_ header: ParquetPageHeader, _ bytes: ArraySlice<UInt8>) throws {
    guard header.values <= chunk.values - values else {
      throw FormatError("its column \(column.name) has more values than it says")
    }
    let page = try ParquetPage(
      header, bytes, column, codec: chunk.codec, dictionary: dictionary)
    let rows = page.repetitions.map { $0.reduce(0) { $0 + ($1 == 0 ? 1 : 0) } } ?? page.count
    if let said = header.rows, said != rows {
      throw FormatError("a page has \(rows) rows, and its header says \(said)")
    }
    let isFirst = values == 0
    values += page.count
    if let levels = page.repetitions {
      guard !isFirst || levels.first ?? 0 == 0 else {
        throw FormatError("its column \(column.name) begins in the middle of a row")
      }
      try gather(page, levels)
    } else {
      self.page = page
      taken = 0
    }
  }

  // MARK: - Lists

  private mutating func gather(_ page: ParquetPage, _ levels: [Int32]) throws {
    for (index, level) in levels.enumerated() {
      if level == 0 { closeRow() }
      let value = page[index]
      // A null below the list's own level is a list that is empty or not there, not an item of one.
      if case .null(let defined) = value, defined < column.repeatedDefinition {
        guard level == 0 else {
          throw FormatError("its column \(column.name) has an item of a list that is not there")
        }
        if defined == column.repeatedDefinition - 1 { items = [] } else { absent = value }
      } else if items != nil {
        items?.append(value)
      } else if absent == nil {
        items = [value]
      } else {
        throw FormatError("its column \(column.name) has an item of a list that is not there")
      }
    }
  }

  private mutating func closeRow() {
    if let items { lists.append(.list(items)) } else if let absent { lists.append(absent) }
    items = nil
    absent = nil
  }
}
