/// Reads comma-separated values as they come, quoted or not (RFC 4180).
struct CSVRows {
  struct Damage: Error, CustomStringConvertible {
    let description: String
  }

  /// The fields of one row, as bytes.
  struct Row {
    fileprivate var bytes: [UInt8] = []
    /// Where each field ends.
    fileprivate var ends: [Int] = []

    var count: Int { ends.count }

    /// Nil behind the last field.
    subscript(index: Int) -> ArraySlice<UInt8>? {
      guard ends.indices.contains(index) else { return nil }
      return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    func text(_ index: Int) -> String? { self[index].map { String(decoding: $0, as: UTF8.self) } }
  }

  /// What a row may have, in bytes: keys have 1,024 at most, three times that when they are encoded.
  private static let most = 1 << 16

  private enum State { case start, plain, quoted, closed }

  private var row = Row()
  private var state = State.start

  /// Calls `body` with every row that ends in the bytes.
  /// - Throws: `Damage`, and what `body` throws.
  mutating func add(_ bytes: some Sequence<UInt8>, _ body: (Row) throws -> Void) throws {
    for byte in bytes {
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .closed
      case (.quoted, _): row.bytes.append(byte)
      case (.closed, UInt8(ascii: "\"")):
        // A quote that stands twice is one.
        row.bytes.append(byte)
        state = .quoted
      case (_, UInt8(ascii: ",")): endField()
      case (_, UInt8(ascii: "\n")):
        endField()
        try body(row)
        row.bytes.removeAll(keepingCapacity: true)
        row.ends.removeAll(keepingCapacity: true)
      case (_, UInt8(ascii: "\r")): break
      case (.start, UInt8(ascii: "\"")): state = .quoted
      case (.closed, _): throw Damage(description: "something follows a closing quote")
      default:
        row.bytes.append(byte)
        state = .plain
      }
      guard row.bytes.count <= Self.most else { throw Damage(description: "a row has no end") }
    }
  }

  /// - Throws: `Damage` where the last row has no end.
  func finish() throws {
    guard row.ends.isEmpty, row.bytes.isEmpty, state == .start else {
      throw Damage(description: "its last row has no end")
    }
  }

  private mutating func endField() {
    row.ends.append(row.bytes.count)
    state = .start
  }
}
