import CanonicalJSON
import FileFormats

/// Reads an object from its beginning to its end through a window, so that memory does not grow
/// with the object.
struct ObjectReader {
  /// Bytes that are fetched at once.
  static let window = 1 << 20

  let location: String
  private let objects: any TableObjects
  private let window: Int
  private var buffer: ArraySlice<UInt8> = []
  private var fetched: Int64 = 0
  private(set) var size: Int64 = 0

  init(_ location: String, objects: any TableObjects, window: Int = Self.window) {
    self.location = location
    self.objects = objects
    self.window = window
  }

  /// What has been fetched and not been taken.
  var ahead: ArraySlice<UInt8> { buffer }
  /// Whether all bytes have been taken.
  var isAtEnd: Bool { buffer.isEmpty && fetched >= size }
  /// Whether there is more behind `ahead`.
  var canFetch: Bool { fetched < size }

  /// Fetches the beginning.
  /// - Returns: false where there is no such object.
  mutating func open() async throws -> Bool {
    guard let part = try await objects.read(location, from: 0, count: window) else { return false }
    size = part.size
    try take(part)
    return true
  }

  /// Fetches until `count` bytes lie ahead, or all that there are.
  mutating func fetch(_ count: Int) async throws {
    while buffer.count < count, fetched < size {
      let wanted = max(window, count - buffer.count)
      guard let part = try await objects.read(location, from: fetched, count: wanted) else {
        throw FormatError("it vanished while it was read")
      }
      guard part.size == size else { throw FormatError("it changed while it was read") }
      try take(part)
    }
  }

  private mutating func take(_ part: ObjectPart) throws {
    guard !part.bytes.isEmpty || fetched >= size else { throw FormatError("it ends too early") }
    guard fetched + Int64(part.bytes.count) <= size else {
      throw FormatError("it is longer than it says")
    }
    fetched += Int64(part.bytes.count)
    buffer = buffer.isEmpty ? part.bytes[...] : ArraySlice(Array(buffer) + part.bytes)
  }

  /// Leaves `count` of the bytes ahead behind.
  mutating func skip(_ count: Int) {
    buffer = buffer.dropFirst(count)
  }

  /// All of the object.
  /// - Throws: `FormatError` where it has more than `limit` bytes.
  mutating func all(limit: Int) async throws -> ArraySlice<UInt8> {
    guard size <= Int64(limit) else {
      throw FormatError("it has \(size) bytes, more than \(limit) are not read")
    }
    try await fetch(Int(size))
    return buffer
  }

  /// The next line without its end; nil behind the last.
  /// - Throws: `FormatError` where it has more than `limit` bytes.
  mutating func line(limit: Int) async throws -> ArraySlice<UInt8>? {
    var searched = 0
    while true {
      if let end = buffer.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end]
        buffer = buffer[(end + 1)...]
        return line
      }
      searched = buffer.count
      guard canFetch else { break }
      guard searched <= limit else { throw FormatError("a line has more than \(limit) bytes") }
      try await fetch(searched + 1)
    }
    guard !buffer.isEmpty else { return nil }
    defer { buffer = [] }
    return buffer
  }

  /// The most that one action of a log may have.
  private static let mostOfAnAction = 64 << 20

  /// The next line that is not blank, as JSON; nil behind the last.
  /// - Throws: `FormatError` for what is none.
  mutating func action() async throws -> JSON? {
    while let line = try await line(limit: Self.mostOfAnAction) {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { continue }
      do {
        return try JSON(parsing: line)
      } catch {
        throw FormatError("a line of it is \(error)")
      }
    }
    return nil
  }
}
