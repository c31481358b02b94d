/// Writes Thrift's compact protocol.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  private var last = 0

  private mutating func field(_ id: Int, _ kind: UInt8) {
    bytes.append(UInt8(id - last) << 4 | kind)
    last = id
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func number(_ id: Int, _ value: Int, isLong: Bool = false) {
    field(id, isLong ? 6 : 5)
    varint(UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
  }

  mutating func text(_ id: Int, _ value: String) {
    field(id, 8)
    varint(UInt64(value.utf8.count))
    bytes += Array(value.utf8)
  }

  mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
    field(id, 12)
    bytes += Self.structure(body)
  }

  mutating func structures(_ id: Int, _ bodies: [(inout ThriftWriter) -> Void]) {
    field(id, 9)
    bytes.append(UInt8(bodies.count) << 4 | 12)
    for body in bodies { bytes += Self.structure(body) }
  }

  mutating func texts(_ id: Int, _ values: [String]) {
    field(id, 9)
    bytes.append(UInt8(values.count) << 4 | 8)
    for value in values {
      varint(UInt64(value.utf8.count))
      bytes += Array(value.utf8)
    }
  }

  static func structure(_ body: (inout ThriftWriter) -> Void) -> [UInt8] {
    var writer = ThriftWriter()
    body(&writer)
    return writer.bytes + [0]
  }
}

/// A file with one required column of numbers, and what of it a test wants to be otherwise.
struct MadeParquet {
  var numbers: [Int64] = [1, 2, 3]
  /// What the page's header says.
  var pageValues: Int?
  var pageSize: Int?
  var pageType = 0
  var encoding = 0
  /// Of version 2 where they are set.
  var nulls: Int?
  var pageRows: Int?
  /// What the footer says.
  var chunkValues: Int?
  var chunkSize: Int?
  var chunkOffset = 4
  var chunkKind = 2
  var chunkPath = ["n"]
  var codec = 0
  var groupRows: Int?
  var rows: Int?
  var repetition = 0
  var children = 1
  /// Stands before the data page.
  var before: [UInt8] = []
  /// Stands behind the data page, within the chunk.
  var behind: [UInt8] = []

  private var page: [UInt8] {
    let content = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let header = ThriftWriter.structure { header in
      header.number(1, nulls == nil && pageRows == nil ? pageType : 3)
      header.number(2, pageSize ?? content.count)
      header.number(3, content.count)
      let isSecond = nulls != nil || pageRows != nil
      header.structure(isSecond ? 8 : 5) { page in
        page.number(1, pageValues ?? numbers.count)
        if isSecond {
          page.number(2, nulls ?? 0)
          page.number(3, pageRows ?? numbers.count)
          page.number(4, encoding)
          page.number(5, 0)
          page.number(6, 0)
        } else {
          page.number(2, encoding)
          page.number(3, 3)
          page.number(4, 3)
        }
      }
    }
    return before + header + content + behind
  }

  var bytes: [UInt8] {
    let page = page
    let footer = ThriftWriter.structure { footer in
      footer.number(1, 1)
      footer.structures(
        2,
        [
          {
            $0.text(4, "root")
            $0.number(5, children)
          },
          {
            $0.number(1, 2)
            $0.number(3, repetition)
            $0.text(4, "n")
          },
        ])
      footer.number(3, rows ?? numbers.count, isLong: true)
      footer.structures(4, [{ group(&$0, page.count) }])
    }
    let length = (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> (8 * $0)) }
    return Array("PAR1".utf8) + page + footer + length + Array("PAR1".utf8)
  }

  private func group(_ writer: inout ThriftWriter, _ size: Int) {
    writer.structures(
      1,
      [
        { chunk in
          chunk.structure(3) { about in
            about.number(1, chunkKind)
            about.texts(3, chunkPath)
            about.number(4, codec)
            about.number(5, chunkValues ?? numbers.count, isLong: true)
            about.number(7, chunkSize ?? size, isLong: true)
            about.number(9, chunkOffset, isLong: true)
          }
        }
      ])
    writer.number(3, groupRows ?? numbers.count, isLong: true)
  }
}
