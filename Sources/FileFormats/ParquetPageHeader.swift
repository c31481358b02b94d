/// What stands before a page (`PageHeader` of the format's Thrift definition).
struct ParquetPageHeader {
  enum Kind: Int {
    case data
    case index, dictionary, dataV2
  }

  private(set) var code = -1
  /// Bytes of the page behind the header when it is unpacked.
  private(set) var unpackedSize = -1
  /// Bytes of the page behind the header.
  private(set) var packedSize = -1
  /// CRC-32 of those; nil where the writer did not put it.
  private(set) var crc: UInt32?
  /// Values with nulls; of a dictionary, its entries.
  private(set) var values = -1
  private(set) var encoding = -1
  private(set) var definitionEncoding = 3
  private(set) var repetitionEncoding = 3
  /// Of a page of version 2 only, like those below.
  private(set) var nulls: Int?
  private(set) var rows: Int?
  private(set) var definitionSize = 0
  private(set) var repetitionSize = 0
  private(set) var isPacked = true

  init(_ reader: inout ThriftReader) throws {
    var details: Set<Int> = []
    try reader.structure { id, kind, reader in
      switch id {
      case 1: code = try reader.count(kind)
      case 2: unpackedSize = try reader.count(kind)
      case 3: packedSize = try reader.count(kind)
      case 4: crc = UInt32(truncatingIfNeeded: try reader.integer(kind))
      case 5, 7, 8:
        guard kind == .structure else { throw FormatError("the header of a page is damaged") }
        details.insert(id)
        try id == 8 ? second(&reader) : first(&reader, isDictionary: id == 7)
      default: try reader.skip(kind)
      }
    }
    guard unpackedSize >= 0, packedSize >= 0 else {
      throw FormatError("the header of a page is not whole")
    }
    let wanted = [0: 5, 2: 7, 3: 8]
    guard details == Set([wanted[code]].compactMap(\.self)), code == 1 || values >= 0 else {
      throw FormatError("the header of a page does not fit its type \(code)")
    }
  }

  private mutating func first(_ reader: inout ThriftReader, isDictionary: Bool) throws {
    try reader.structure { id, kind, reader in
      switch id {
      case 1: values = try reader.count(kind)
      case 2: encoding = try reader.count(kind)
      case 3 where !isDictionary: definitionEncoding = try reader.count(kind)
      case 4 where !isDictionary: repetitionEncoding = try reader.count(kind)
      default: try reader.skip(kind)
      }
    }
  }

  private mutating func second(_ reader: inout ThriftReader) throws {
    try reader.structure { id, kind, reader in
      switch id {
      case 1: values = try reader.count(kind)
      case 2: nulls = try reader.count(kind)
      case 3: rows = try reader.count(kind)
      case 4: encoding = try reader.count(kind)
      case 5: definitionSize = try reader.count(kind)
      case 6: repetitionSize = try reader.count(kind)
      case 7: isPacked = try reader.truth(kind)
      default: try reader.skip(kind)
      }
    }
    guard nulls != nil, rows != nil else { throw FormatError("the header of a page is not whole") }
  }
}

/// The encodings of the format by their numbers.
enum ParquetEncoding: Int {
  case plain = 0
  case plainDictionary = 2
  case runs, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, dictionary
  case byteStreamSplit

  /// - Throws: `FormatError` for a number that no encoding is known by.
  init(code: Int) throws {
    guard let known = ParquetEncoding(rawValue: code) else {
      throw FormatError("a page has the unknown encoding \(code)")
    }
    self = known
  }

  /// As the format's definition calls it.
  var name: String {
    switch self {
    case .plain: "PLAIN"
    case .plainDictionary: "PLAIN_DICTIONARY"
    case .runs: "RLE"
    case .bitPacked: "BIT_PACKED"
    case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
    case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
    case .deltaByteArray: "DELTA_BYTE_ARRAY"
    case .dictionary: "RLE_DICTIONARY"
    case .byteStreamSplit: "BYTE_STREAM_SPLIT"
    }
  }
}

/// What packs the pages of a chunk.
enum ParquetCodec {
  private static let names = [
    "UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW",
  ]

  /// - Throws: `FormatError` for a codec that is not read, damage, and another size than `size`.
  static func unpack(_ bytes: ArraySlice<UInt8>, codec: Int, size: Int) throws -> [UInt8] {
    let output: [UInt8]
    switch codec {
    case 0: output = Array(bytes)
    // Where nothing is in a page, writers may leave out even what a codec makes of nothing.
    case 1 where size == 0, 2 where size == 0, 6 where size == 0: output = []
    case 1: output = try Decompression.snappy(bytes, limit: size)
    case 2: output = try Decompression.inflate(bytes, .gzip, limit: size)
    case 6: output = try Decompression.zstandard(bytes, limit: size)
    default:
      let name = names.indices.contains(codec) ? names[codec] : "\(codec)"
      throw FormatError("its compression \(name) is not read")
    }
    guard output.count == size else {
      throw FormatError("a page has \(output.count) bytes, and its header says \(size)")
    }
    return output
  }
}
