/// The bytes of one version of an object, in pieces of one size, the last one shorter. Each piece
/// is a call of its own, tried again by itself.
public struct S3Pieces: AsyncSequence, Sendable {
  /// The bytes of one piece.
  public typealias Element = [UInt8]

  let s3: S3
  let bucket: String
  let key: String
  let size: Int

  /// Begins with `HeadObject`, at the first `next`.
  public func makeAsyncIterator() -> Iterator {
    Iterator(pieces: self)
  }

  /// Reads one piece at each `next`, none ahead.
  public struct Iterator: AsyncIteratorProtocol {
    let pieces: S3Pieces
    private var head: S3.Head?
    private var offset = 0
    private var ended = false

    init(pieces: S3Pieces) {
      self.pieces = pieces
    }

    /// - Throws: `AWSFailure`: `NoSuchKey` for a missing object, `PreconditionFailed` where it is
    ///   replaced while it is read.
    public mutating func next() async throws -> [UInt8]? {
      guard !ended else { return nil }
      let head = try await known()
      guard offset < head.size else {
        ended = true
        return nil
      }
      let range = offset..<Swift.min(offset + pieces.size, head.size)
      let bytes = try await pieces.s3.get(
        pieces.bucket, pieces.key, range: range, etag: head.etag)
      guard bytes.count == range.count else {
        throw pieces.s3.damaged(
          "GetObject", "\(pieces.key): \(bytes.count) bytes of \(range.count) at \(offset)")
      }
      offset = range.upperBound
      return bytes
    }

    private mutating func known() async throws -> S3.Head {
      if let head { return head }
      guard let found = try await pieces.s3.head(pieces.bucket, pieces.key) else {
        throw AWSFailure(
          code: "NoSuchKey", message: pieces.key, status: 404, operation: "HeadObject",
          account: pieces.s3.client.account, region: pieces.s3.client.region.name)
      }
      head = found
      return found
    }
  }
}
