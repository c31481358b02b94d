import AWSAccess
import SnapshotStore
import Synchronization

/// What was downloaded, in one temporary file that goes with the process.
final class Downloads: Sendable {
  /// Where in the file the bytes of a blob lie, in their order.
  struct Pieces: Sendable {
    fileprivate let file: ScratchFile
    fileprivate var extents: [Range<Int>] = []

    var blob: LocalBlob {
      LocalBlob(size: extents.reduce(0) { $0 + $1.count }) { [self] in
        var bytes: [UInt8] = []
        for extent in extents { bytes += try file.bytes(extent) }
        return bytes
      }
    }
  }

  private struct State {
    var file: ScratchFile?
    var blobs: [String: Pieces] = [:]
  }

  private let state = Mutex(State())
  private let scratchDirectory: String

  init(scratchDirectory: String) {
    self.scratchDirectory = scratchDirectory
  }

  subscript(name: String) -> Pieces? {
    get { state.withLock { $0.blobs[name] } }
    set { state.withLock { $0.blobs[name] = newValue } }
  }

  /// A blob without bytes.
  /// - Throws: `ArchiveError` (`.io`).
  func begin() throws -> Pieces {
    try state.withLock { state in
      let file = try state.file ?? ScratchFile(in: scratchDirectory)
      state.file = file
      return Pieces(file: file)
    }
  }

  /// - Throws: `ArchiveError` (`.io`): the disk is full.
  func append(_ bytes: [UInt8], to pieces: inout Pieces) throws {
    let extent = try state.withLock { _ in
      let start = pieces.file.size
      try bytes.withUnsafeBytes { try pieces.file.append($0) }
      return start..<start + bytes.count
    }
    pieces.extents.append(extent)
  }
}

extension ScratchFile {
  /// - Throws: `ArchiveError` (`.io`).
  func bytes(_ range: Range<Int>) throws -> [UInt8] {
    let bytes = try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = try read(at: range.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
    }
    guard bytes.count == range.count else {
      throw ArchiveError(.io, "a temporary file became shorter")
    }
    return bytes
  }
}
