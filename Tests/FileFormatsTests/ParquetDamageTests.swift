import Foundation
import Testing

@testable import FileFormats

/// Parquet from hands that mean no good, or had an accident.
@Suite struct ParquetDamageTests {
  private static let spoiled = [
    "dictionary-snappy-1", "dictionary-zstd-2", "dictionary-gzip-1", "plain-2", "pages-1",
    "delta-1", "delta-2",
  ]

  @Test(arguments: spoiled) func aFileThatEndsTooEarlyIsAnError(_ name: String) async throws {
    let whole = try BytesSource(name).bytes
    for count in stride(from: 0, to: whole.count, by: max(1, whole.count / 250)) {
      await #expect(throws: (any Error).self, "\(count) bytes") {
        try await columns(BytesSource(Array(whole.prefix(count))))
      }
    }
    for extra in [[0], Array("PAR1".utf8)] as [[UInt8]] {
      await #expect(throws: (any Error).self) { try await columns(BytesSource(whole + extra)) }
    }
  }

  /// Whatever byte is another: an error or other values, and neither a crash nor an endless loop.
  @Test(arguments: spoiled) func aFlippedByteNeverCrashes(_ name: String) async throws {
    let whole = try BytesSource(name).bytes
    let before = try await columns(BytesSource(whole))
    var random = Draw(seed: UInt64(whole.count))
    var errors = 0
    let footer = whole.count - 8 - Self.footerLength(whole)
    for turn in 0..<120 {
      var bytes = whole
      // Half of them where one byte means most.
      let place =
        turn % 2 == 0
        ? Int(random.next() % UInt64(whole.count))
        : footer + Int(random.next() % UInt64(whole.count - footer))
      bytes[place] = UInt8(truncatingIfNeeded: random.next())
      do {
        let after = try await columns(BytesSource(bytes))
        for (name, values) in after where before[name] != nil {
          #expect(values.count == before[name]?.count, "byte \(place)")
        }
      } catch is FormatError {
        errors += 1
      }
    }
    #expect(errors > 25)
  }

  private static func footerLength(_ bytes: [UInt8]) -> Int {
    bytes.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// With checksums no flipped byte of a page goes by unseen.
  @Test func checksumsOfPagesAreChecked() async throws {
    let whole = try BytesSource("plain-1").bytes
    let before = try await columns(BytesSource(whole))
    let data = whole.count - 8 - Self.footerLength(whole)
    var random = Draw(seed: 7)
    var unseen = 0
    for _ in 0..<120 {
      var bytes = whole
      bytes[4 + Int(random.next() % UInt64(data - 4))] ^= 0x10
      if let after = try? await columns(BytesSource(bytes)), after != before { unseen += 1 }
    }
    #expect(unseen == 0)
  }

  @Test func otherFilesAreNamed() async throws {
    for (bytes, words) in [
      ([], "no Parquet file"), (Array("PAR1PAR1".utf8), "no Parquet file"),
      (Array("PARE00000000PARE".utf8), "encrypted"), (Array("ORC0000000000ORC".utf8), "no Parquet"),
      (Array("PAR1".utf8) + [1, 2, 3, 4, 255, 255, 255, 127] + Array("PAR1".utf8), "footer has"),
      (Array("PAR1".utf8) + [1, 2, 3, 4, 99, 0, 0, 0] + Array("PAR1".utf8), "longer than"),
      (Array("PAR1".utf8) + [0, 0, 0, 0, 1, 0, 0, 0] + Array("PAR1".utf8), "not whole"),
    ] as [([UInt8], String)] {
      let error = await #expect(throws: FormatError.self) {
        try await columns(BytesSource(bytes))
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test func aFileThatChangesWhileItIsReadIsAnError() async throws {
    let filler = [UInt8](repeating: 0, count: ParquetPieces.first)
    let bytes = Array("PAR1".utf8) + filler + [0, 1, 0, 0, 0] + Array("PAR1".utf8)
    for (size, words) in [(bytes.count + 1, "changed"), (bytes.count, "not whole")] {
      let error = await #expect(throws: FormatError.self) {
        try await columns(BytesSource(bytes, laterSize: size))
      }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  // MARK: - Encodings

  @Test func runsThatCanNotBeAreNotBelieved() throws {
    // A run of 2^40 zeros, an empty one, a number above the highest, packed bits that are not there.
    let hostile: [[UInt8]] = [
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0], [0, 0], [8, 5], [0x81, 0x80, 0x80, 0x10, 1], [],
    ]
    for bytes in hostile {
      var cursor = ByteCursor(bytes[...])
      #expect(throws: FormatError.self) {
        try ParquetRuns.numbers(&cursor, width: 3, count: 40, most: 4)
      }
    }
    var cursor = ByteCursor([0x03, 0x88, 0xc6, 0xfa, 6, 4][...])
    let numbers = try ParquetRuns.numbers(&cursor, width: 3, count: 10, most: 7)
    // The format's own example, then a run of three of which two are wanted.
    #expect(numbers == [0, 1, 2, 3, 4, 5, 6, 7, 4, 4])
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func zigzag(_ value: Int64) -> [UInt8] {
    varint(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  private static func pack(_ values: [UInt64], width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (values.count * width + 7) / 8)
    for (index, value) in values.enumerated() {
      for bit in 0..<width where value >> UInt64(bit) & 1 == 1 {
        let place = index * width + bit
        bytes[place / 8] |= 1 << UInt8(place % 8)
      }
    }
    return bytes
  }

  /// DELTA_BINARY_PACKED in blocks of eight.
  private static func deltas(_ values: [Int64]) -> [UInt8] {
    var bytes = varint(8) + varint(1) + varint(UInt64(values.count)) + zigzag(values.first ?? 0)
    let steps = zip(values.dropFirst(), values).map { $0 &- $1 }
    for start in stride(from: 0, to: steps.count, by: 8) {
      let block = steps[start..<min(start + 8, steps.count)]
      let least = block.min() ?? 0
      let rests = block.map { UInt64(bitPattern: $0 &- least) }
      let width = 64 - (rests.max() ?? 0).leadingZeroBitCount
      bytes += zigzag(least) + [UInt8(width)]
      bytes += pack(rests + [UInt64](repeating: 0, count: 8 - rests.count), width: width)
    }
    return bytes
  }

  @Test func numbersOfAllWidthsAreUnpacked() throws {
    for width in 0...64 {
      let mask = width == 64 ? UInt64.max : UInt64(1) << UInt64(width) - 1
      let values = (0..<40).map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 & mask }
      var packed = PackedBits(Self.pack(values, width: width)[...], width: width)
      #expect(values.allSatisfy { $0 == packed.next() }, "\(width) bits")
    }
    let far: [Int64] = [.max, .min, 0, -1, 1, .max, .max, 5, 6, 7, .min, .min, 9]
    for count in 0...far.count {
      var cursor = ByteCursor(Self.deltas(Array(far.prefix(count)))[...])
      let found = try ParquetDeltas.numbers(&cursor, count: count, bits: 64)
      #expect(found == Array(far.prefix(count)) && cursor.left == 0)
    }
  }

  @Test func prefixesThatGrowWithoutEndAreRefused() throws {
    // Each value repeats all of the first one.
    let size: Int64 = 1 << 12
    let letters = [UInt8](repeating: 0x61, count: Int(size))
    for (count, isRead) in [(10, true), (17, false)] {
      let shared = [0] + [Int64](repeating: size, count: count - 1)
      let rests = [size] + [Int64](repeating: 0, count: count - 1)
      var cursor = ByteCursor((Self.deltas(shared) + Self.deltas(rests) + letters)[...])
      func read() throws -> ParquetTable {
        try ParquetDeltas.prefixed(&cursor, count: count, limit: 16 * Int(size))
      }
      if isRead {
        #expect(try read()[9] == .bytes(letters[...]))
      } else {
        #expect(throws: FormatError.self) { try read() }
      }
    }
    var cursor = ByteCursor((Self.deltas([1]) + Self.deltas([1]) + [0x61])[...])
    #expect(throws: FormatError.self) { try ParquetDeltas.prefixed(&cursor, count: 1) }
  }
}

/// Numbers that look drawn and are the same at every run.
struct Draw {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
