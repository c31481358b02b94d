import CanonicalJSON
import Capture
import Foundation
import MeshModel
import Synchronization

/// What a restore has begun and done, one JSON object a line, written before and after each
/// action. Lines survive the process being killed: each is handed to the system at once.
public final class Journal: Sendable {
  private let handle: Mutex<FileHandle?>
  private let now: @Sendable () -> String
  private let mirror: JournalMirror?

  /// Appends to a file, making it if there is none.
  /// - Parameters:
  ///   - now: gives the time of an entry, RFC 3339.
  ///   - mirror: where entries go besides, when it is flushed.
  /// - Throws: the error of the file system.
  public init(
    path: String, now: @escaping @Sendable () -> String, mirror: JournalMirror? = nil
  ) throws {
    self.mirror = mirror
    if !FileManager.default.fileExists(atPath: path) {
      let made = FileManager.default.createFile(
        atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
      guard made else { throw CocoaError(.fileWriteNoPermission) }
    }
    let file = try FileHandle(forUpdating: URL(filePath: path))
    // The last line of a run that was killed may be cut: what follows begins its own.
    let size = try file.seekToEnd()
    if size > 0 {
      try file.seek(toOffset: size - 1)
      if try file.read(upToCount: 1) != Data([UInt8(ascii: "\n")]) {
        try file.write(contentsOf: [UInt8(ascii: "\n")])
      }
    }
    handle = Mutex(file)
    self.now = now
  }

  /// Writes one entry.
  /// - Throws: the error of the file system; then nothing may be done that is not written down.
  public func write(_ event: String, _ members: [String: JSON]) throws {
    var entry = members
    entry["at"] = .string(now())
    entry["event"] = .string(event)
    let line = JSON.object(entry).canonicalBytes + [UInt8(ascii: "\n")]
    try handle.withLock { try $0?.write(contentsOf: line) }
    mirror?.append(line)
  }

  /// - Parameter more: what is written about a change besides.
  func begin(_ changes: [Change], _ more: (Change) -> [String: JSON] = { _ in [:] }) throws {
    for change in changes {
      let entry: [String: JSON] = [
        "key": .string(change.key.text), "step": .string(change.step.rawValue),
      ]
      try write("begin", entry.merging(more(change)) { first, _ in first })
    }
  }

  func end(_ changes: [Change], failed: [RecordKey: ChangeFailure]) throws {
    for change in changes {
      var members: [String: JSON] = [
        "key": .string(change.key.text), "step": .string(change.step.rawValue),
      ]
      if let failure = failed[change.key] { members["code"] = .string(failure.code) }
      try write(failed[change.key] == nil ? "done" : "failed", members)
    }
  }

  /// Closes the file.
  /// - Throws: the error of the file system.
  public func finish() throws {
    try handle.withLock { file in
      try file?.close()
      file = nil
    }
  }
}
