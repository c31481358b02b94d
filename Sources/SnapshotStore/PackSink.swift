/// Takes a pack as it is written: in memory, and from a size on in a scratch file.
final class PackSink: ArchiveSink {
  private let running = SHA256()
  private let scratchDirectory: String
  private var bytes: [UInt8] = []
  private var file: ScratchFile?
  private static let memoryLimit = 2 << 20

  init(scratchDirectory: String) {
    self.scratchDirectory = scratchDirectory
  }

  var content: BlobContent { file.map(BlobContent.file) ?? .bytes(bytes) }

  func append(_ piece: UnsafeRawBufferPointer) throws {
    running.update(piece)
    if file == nil, bytes.count + piece.count > Self.memoryLimit {
      let file = try ScratchFile(in: scratchDirectory)
      try bytes.withUnsafeBytes(file.append)
      bytes = []
      self.file = file
    }
    if let file { try file.append(piece) } else { bytes += piece }
  }

  /// The SHA-256 of everything, to be asked for once.
  func digest() -> String { running.finish() }
}
