import AWSAccess
import CanonicalJSON
import SnapshotStore

extension S3Store {
  /// Gives all bytes of a blob, in pieces of at most 8 MiB.
  ///
  /// What does not come as it was written is fetched twice more: a line can be at fault as well as
  /// the store. What comes wrong three times is damage.
  /// - Parameter take: is given each piece in its turn, and whether it is the blob's first; after a
  ///   first one, what came before is void.
  /// - Throws: `AWSFailure` (`NoSuchKey`), `ArchiveError` (`.damaged`), and what `take` throws.
  func download(
    _ name: String, _ s3: S3, _ take: (_ piece: [UInt8], _ isFirst: Bool) throws -> Void
  ) async throws {
    var tries = 3
    while true {
      tries -= 1
      do {
        return try await fetch(name, s3, take)
      } catch let error as ArchiveError where error.code == .damaged && tries > 0 {
        continue
      } catch let failure as AWSFailure
        where failure.code == AWSFailure.Code.damagedAnswer && tries > 0
      {
        continue
      }
    }
  }

  private func fetch(
    _ name: String, _ s3: S3, _ take: ([UInt8], Bool) throws -> Void
  ) async throws {
    let digest = SHA256()
    var count = 0
    func pass(_ piece: [UInt8], _ isFirst: Bool) throws {
      piece.withUnsafeBytes { digest.update($0) }
      count += piece.count
      try take(piece, isFirst)
    }
    let first = try await beginning(name, s3)
    try pass(first.bytes, true)
    while count < first.head.size {
      let range = count..<min(count + Self.pieceSize, first.head.size)
      let piece = try await s3.get(bucket, key(name), range: range, etag: first.head.etag)
      guard !piece.isEmpty, piece.count <= range.count else { break }
      try pass(piece, false)
    }
    guard count == first.head.size else {
      throw ArchiveError(
        .damaged, "\(name) comes from \(url) with \(count) of \(first.head.size) bytes")
    }
    // Copies that other programs made may have lost it.
    let expected = first.head.metadata[Self.digest]
    guard expected == nil || expected == digest.finish() else {
      throw ArchiveError(
        .damaged, "\(name) comes from \(url) with other bytes than were written")
    }
  }

  private static let pieceSize = 8 << 20

  /// The first piece, which most blobs fit into: one call for those.
  private func beginning(_ name: String, _ s3: S3) async throws -> (bytes: [UInt8], head: S3.Head) {
    do {
      return try await s3.object(bucket, key(name), range: 0..<Self.pieceSize)
    } catch let failure as AWSFailure where failure.code == "InvalidRange" {
      // No byte can be asked for where there is none.
      guard let head = try await s3.head(bucket, key(name)), head.size == 0 else { throw failure }
      return ([], head)
    }
  }

  /// What an element of a listing says; nil for a key that can't be that of a blob.
  func blob(listed element: some Collection<UInt8>) throws -> BlobInfo? {
    let object: JSON
    do { object = try JSON(parsing: Array(element)) } catch {
      throw ArchiveError(.io, "\(url): a listing can't be read", cause: error)
    }
    let own = key("")
    guard let key = object["Key"]?.string, key.hasPrefix(own),
      let size = object["Size"]?.integer
    else { return nil }
    let name = String(key.dropFirst(own.count))
    do { try checkBlobName(name) } catch { return nil }
    return BlobInfo(name: name, size: size)
  }
}
