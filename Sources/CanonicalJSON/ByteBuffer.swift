#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that stay where they are and do not change, for as long as somebody holds them.
public final class ByteBuffer: @unchecked Sendable {
  // Written only before anybody else has it.
  private let start: UnsafeMutablePointer<UInt8>
  public let count: Int

  /// - Parameter bytes: from `malloc`; freed with the last reference.
  init(adopting bytes: UnsafeMutablePointer<UInt8>, count: Int) {
    start = bytes
    self.count = count
  }

  /// - Parameters:
  ///   - capacity: how many bytes `fill` may write.
  ///   - fill: gives how many it has written.
  public init(
    capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows {
    guard let room = malloc(max(capacity, 1)) else { preconditionFailure("out of memory") }
    start = room.assumingMemoryBound(to: UInt8.self)
    count = try fill(UnsafeMutableRawBufferPointer(start: start, count: capacity))
  }

  /// A copy.
  public convenience init(_ bytes: [UInt8]) {
    self.init(capacity: bytes.count) { target in
      target.copyBytes(from: bytes)
      return bytes.count
    }
  }

  deinit {
    free(start)
  }

  /// Lives as long as the buffer.
  public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// - Parameter range: within the buffer.
  public subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range])
  }
}

/// A part of a buffer, which it keeps.
public struct ByteSlice: Sendable, RandomAccessCollection, ContiguousBytesOwner {
  private let buffer: ByteBuffer
  private let range: Range<Int>

  public init(_ buffer: ByteBuffer, _ range: Range<Int>) {
    self.buffer = buffer
    self.range = range
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { range.count }
  public subscript(index: Int) -> UInt8 { buffer.bytes[range.lowerBound + index] }

  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withExtendedLifetime(buffer) { body(buffer[range]) }
  }

  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try withExtendedLifetime(buffer) { try body(buffer[range]) }
  }
}
