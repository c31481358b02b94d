import AWSAccess
import SnapshotStore

extension S3Store {
  /// Writes a blob where there is none.
  /// - Returns: nil where this very call made it; else what was there.
  /// - Throws: `AWSFailure`, `ArchiveError` (`.io`) from reading a file.
  func create(_ name: String, _ content: BlobContent, _ s3: S3) async throws -> S3.Head? {
    let writing = try writing(name, content)
    var tries = 3
    while true {
      tries -= 1
      do {
        try await write(name, content, writing, s3)
        return nil
      } catch let failure as AWSFailure where failure.leavesOpen {
        guard let head = try await s3.head(bucket, key(name)) else {
          // Who was in the way has gone again: another deleted it, or never finished.
          guard tries > 0, failure.isConflict else { throw failure }
          continue
        }
        let isOurs = head.metadata[Self.ticket] == writing.metadata[Self.ticket]
        return isOurs ? nil : head
      }
    }
  }

  /// By which a writer knows its own object after a lost answer.
  private static let ticket = "meshdr-writer"
  /// The digest of a blob, in hexadecimal digits.
  static let digest = "sha256"

  private func writing(_ name: String, _ content: BlobContent) throws -> S3.Writing {
    var writing = S3.Writing(ifAbsent: true)
    let digest = SHA256()
    try content.forEachPiece { digest.update($0) }
    writing.metadata = [
      Self.digest: digest.finish(),
      Self.ticket: String(UInt64.random(in: 0...UInt64.max), radix: 16),
    ]
    writing.contentType = mediaType(of: name)
    writing.kmsKey = options.kmsKey
    writing.lock = lock(for: name)
    return writing
  }

  private func write(
    _ name: String, _ content: BlobContent, _ writing: S3.Writing, _ s3: S3
  ) async throws {
    guard content.size >= options.partsFrom else {
      let bytes = try content.bytes(0..<content.size)
      return try await s3.write(bucket, key(name), bytes, writing)
    }
    let upload = try await s3.upload(bucket, key(name), writing)
    do {
      try await send(content, by: upload)
      try await upload.finish()
    } catch {
      // In a task of its own: a cancelled one can't call any more. If this fails too, the upload
      // is a leftover.
      await Task { try? await upload.abort() }.value
      throw error
    }
  }

  private func send(_ content: BlobContent, by upload: S3Upload) async throws {
    // S3 takes 10,000 parts at most.
    let size = max(options.partSize, (content.size + 9_999) / 10_000)
    let starts = Array(stride(from: 0, to: content.size, by: size))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, start) in starts.enumerated() {
        if index >= options.partsAtOnce { try await group.next() }
        let range = start..<min(start + size, content.size)
        group.addTask { try await upload.add(content.bytes(range), number: index + 1) }
      }
      try await group.waitForAll()
    }
  }
}

private func mediaType(of name: String) -> String {
  switch name.split(separator: ".").last {
  case "zst": "application/zstd"
  case "json": "application/json"
  case "ndjson": "application/x-ndjson"
  default: "application/octet-stream"
  }
}

extension BlobContent {
  /// A part of the blob, in memory.
  fileprivate func bytes(_ range: Range<Int>) throws -> [UInt8] {
    switch self {
    case .bytes(let bytes): Array(bytes[range])
    case .file(let file): try file.bytes(range)
    }
  }
}

extension AWSFailure {
  /// Whether S3 refused to overwrite, or another write was in the way.
  fileprivate var isConflict: Bool {
    ["PreconditionFailed", "ConditionalRequestConflict"].contains(code)
  }

  /// Whether the object may be there although the write failed.
  fileprivate var leavesOpen: Bool { isConflict || mayHaveHappened }
}
