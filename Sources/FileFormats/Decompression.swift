import CArchive
import CSnappy
import CZlib

/// Decompresses what lies in memory, up to a limit: what announces more is refused, not believed.
public enum Decompression {
  /// What stands around deflated data.
  public enum Form: Sendable {
    /// Nothing, as in Avro.
    case raw
    case gzip

    fileprivate var code: czlib_form { self == .raw ? CZLIB_RAW : CZLIB_GZIP }
  }

  /// - Throws: `FormatError` where the data is no whole stream or grows beyond `limit` bytes.
  public static func inflate(
    _ bytes: ArraySlice<UInt8>, _ form: Form, limit: Int
  ) throws -> [UInt8] {
    var room = min(limit, max(64 * 1024, bytes.count * 4))
    while true {
      var result = CZLIB_DAMAGED
      let output = [UInt8](unsafeUninitializedCapacity: room) { target, count in
        result = bytes.withUnsafeBufferPointer { source in
          czlib_inflate(
            form.code, source.baseAddress, source.count, target.baseAddress, room, &count)
        }
      }
      switch result {
      case CZLIB_DONE: return output
      case CZLIB_FULL where room < limit: room = min(limit, room * 4)
      case CZLIB_FULL: throw FormatError("it grows beyond \(limit) bytes")
      case CZLIB_NO_MEMORY: throw FormatError("zlib has no memory for it")
      default: throw FormatError("its deflated data is damaged")
      }
    }
  }

  /// Zstandard by libarchive, which takes it for a file without a name.
  /// - Throws: `FormatError`, likewise.
  public static func zstandard(_ bytes: ArraySlice<UInt8>, limit: Int) throws -> [UInt8] {
    guard let handle = archive_read_new() else { throw FormatError("libarchive has no memory") }
    defer { archive_read_free(handle) }
    return try bytes.withUnsafeBufferPointer { source in
      var entry: OpaquePointer?
      guard archive_read_support_format_raw(handle) == ARCHIVE_OK,
        archive_read_support_filter_zstd(handle) == ARCHIVE_OK,
        archive_read_open_memory(handle, source.baseAddress, source.count) == ARCHIVE_OK,
        archive_read_next_header(handle, &entry) == ARCHIVE_OK,
        archive_filter_code(handle, 0) == ARCHIVE_FILTER_ZSTD
      else { throw FormatError("its zstandard data is damaged") }
      return try readAll(handle, limit: limit)
    }
  }

  /// Snappy's raw format, which says itself how large it gets.
  /// - Throws: `FormatError`, likewise.
  public static func snappy(_ bytes: ArraySlice<UInt8>, limit: Int) throws -> [UInt8] {
    try bytes.withUnsafeBufferPointer { source in
      var length = 0
      guard csnappy_length(source.baseAddress, source.count, &length) else {
        throw FormatError("its snappy data is damaged")
      }
      guard length <= limit else { throw FormatError("it grows beyond \(limit) bytes") }
      var isWhole = false
      let output = [UInt8](unsafeUninitializedCapacity: max(length, 1)) { target, count in
        isWhole = csnappy_unpack(source.baseAddress, source.count, target.baseAddress, length)
        count = isWhole ? length : 0
      }
      guard isWhole else { throw FormatError("its snappy data is damaged") }
      return output
    }
  }

  /// The CRC-32 of zlib, gzip and Parquet's pages.
  public static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { czlib_crc32($0.baseAddress, $0.count) }
  }

  private static func readAll(_ handle: OpaquePointer, limit: Int) throws -> [UInt8] {
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = piece.withUnsafeMutableBytes {
        archive_read_data(handle, $0.baseAddress, $0.count)
      }
      guard count >= 0 else { throw FormatError("its zstandard data is damaged") }
      if count == 0 { return output }
      output += piece[..<count]
      guard output.count <= limit else { throw FormatError("it grows beyond \(limit) bytes") }
    }
  }
}
