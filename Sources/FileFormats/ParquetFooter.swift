/// What the end of a Parquet file says of it (`FileMetaData` of the format's Thrift definition).
struct ParquetFooter: Sendable {
  let columns: [ParquetColumn]
  let rows: Int
  let groups: [ParquetRowGroup]

  /// - Throws: `FormatError`, also for an encrypted file.
  init(_ bytes: ArraySlice<UInt8>) throws {
    var reader = ThriftReader(bytes)
    var elements: [ParquetSchemaElement]?
    var rows: Int?
    var groups: [ParquetRowGroup]?
    do {
      try reader.structure { id, kind, reader in
        switch id {
        case 2:
          elements = try reader.list(of: .structure, as: kind) { try ParquetSchemaElement(&$0) }
        case 3: rows = try reader.count(kind)
        case 4: groups = try reader.list(of: .structure, as: kind) { try ParquetRowGroup(&$0) }
        case 8, 9: throw FormatError("it is encrypted")
        default: try reader.skip(kind)
        }
      }
    } catch is ThriftReader.TooShort {
      throw FormatError("its metadata ends too early")
    }
    guard reader.read == bytes.count else { throw FormatError("its metadata is damaged") }
    guard let elements, let rows, let groups else { throw FormatError("its metadata is not whole") }
    columns = try ParquetSchemaWalk(elements).columns
    self.rows = rows
    self.groups = groups
    try check()
  }

  /// Rows and columns have to add up.
  private func check() throws {
    var sum = 0
    for group in groups {
      guard group.rows <= rows - sum else {
        throw FormatError("its row groups have more than the \(rows) rows that it says")
      }
      sum += group.rows
      guard group.chunks.count == columns.count else {
        throw FormatError("a row group of it has \(group.chunks.count) columns")
      }
    }
    guard sum == rows else {
      throw FormatError("its row groups have \(sum) rows, and it says \(rows)")
    }
  }
}

/// A horizontal slice of the rows.
struct ParquetRowGroup: Sendable {
  private(set) var chunks: [ParquetChunk] = []
  private(set) var rows = 0

  init(_ reader: inout ThriftReader) throws {
    var rows: Int?
    try reader.structure { id, kind, reader in
      switch id {
      case 1:
        chunks = try reader.list(of: .structure, as: kind, least: ParquetChunk.least) {
          try ParquetChunk(&$0)
        }
      case 3: rows = try reader.count(kind)
      default: try reader.skip(kind)
      }
    }
    guard let rows else { throw FormatError("a row group of it has no number of rows") }
    self.rows = rows
  }
}

/// The pages of one column in one row group (`ColumnChunk` and its `ColumnMetaData`).
struct ParquetChunk: Sendable {
  /// The bytes that one takes at least: what names more than fit is not believed.
  static let least = 16

  /// Why it can't be read at all; nil where it can.
  private(set) var obstacle: String?
  private(set) var kind = -1
  private(set) var path: [String] = []
  private(set) var codec = -1
  /// Values with nulls; of a column that is not repeated, rows.
  private(set) var values = -1
  /// Bytes of all pages with their headers.
  private(set) var size = -1
  private var dataOffset = -1
  private var dictionaryOffset: Int?

  init(_ reader: inout ThriftReader) throws {
    try reader.structure { id, kind, reader in
      switch id {
      case 1:
        if try !reader.text(kind).isEmpty { obstacle = "is in a file of its own" }
      case 3: try metadata(&reader, kind)
      case 8, 9:
        obstacle = "is encrypted"
        try reader.skip(kind)
      default: try reader.skip(kind)
      }
    }
  }

  private mutating func metadata(_ reader: inout ThriftReader, _ kind: ThriftReader.Kind) throws {
    guard kind == .structure else { throw FormatError("its metadata is damaged") }
    try reader.structure { id, kind, reader in
      switch id {
      case 1: self.kind = try reader.count(kind)
      case 3: path = try reader.list(of: .binary, as: kind) { try $0.text(.binary) }
      case 4: codec = try reader.count(kind)
      case 5: values = try reader.count(kind)
      case 7: size = try reader.count(kind)
      case 9: dataOffset = try reader.count(kind)
      case 11: dictionaryOffset = try reader.count(kind)
      default: try reader.skip(kind)
      }
    }
  }

  /// Where its first page begins. Some writers put 0 where there is no dictionary.
  var offset: Int {
    if let dictionaryOffset, dictionaryOffset > 0 { return min(dictionaryOffset, dataOffset) }
    return dataOffset
  }

  /// - Parameter end: where the footer begins.
  /// - Throws: `FormatError` where it is not the column's, or lies outside of the file's data.
  func check(_ column: ParquetColumn, rows: Int, end: Int) throws {
    if let obstacle { throw FormatError("its column \(column.name) \(obstacle)") }
    guard kind == column.kind.rawValue, path == column.path else {
      throw FormatError("its column \(column.name) is not where its schema says")
    }
    guard values >= 0, size >= 0, offset >= 4, offset <= end, size <= end - offset else {
      throw FormatError("its column \(column.name) lies outside of it")
    }
    guard column.maxRepetition > 0 ? values >= rows : values == rows else {
      throw FormatError("its column \(column.name) has \(values) values for \(rows) rows")
    }
  }
}
