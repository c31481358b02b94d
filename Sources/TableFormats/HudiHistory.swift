import CanonicalJSON
import FileFormats

/// The archived instants of a Hudi table of version 8 on: Parquet files in `.hoodie/timeline/history`, of
/// which the newest manifest names those that count (Hudi's `LSMTimeline`).
struct HudiHistory {
  static let most = 64 << 20

  /// An instant as it was archived.
  struct Instant {
    let name: String
    /// When it completed, in the same form.
    let completed: String
    let action: String
    /// What the completed instant's own file held; nil where it held nothing.
    let metadata: [UInt8]?
  }

  private let folder: String
  private let objects: any TableObjects
  /// Numbers of manifests that are there.
  private let manifests: [Int]
  private let hasFiles: Bool
  private let hasVersion: Bool

  /// - Parameter names: of what lies in the folder.
  init(folder: String, names: [String], objects: any TableObjects) {
    self.folder = folder
    self.objects = objects
    manifests = names.compactMap {
      $0.hasPrefix("manifest_") ? Int($0.dropFirst("manifest_".count)) : nil
    }
    hasFiles = names.contains { $0.hasSuffix(".parquet") }
    hasVersion = names.contains("_version_")
  }

  /// Gives every archived instant once, in any order, to `body`.
  /// - Returns: what the history lacks. Where it lacks anything, not all instants were given.
  /// - Throws: `FormatError`, and what `body` throws.
  func read(_ body: (Instant) async throws -> Void) async throws -> Closure {
    var closure = Closure()
    guard let newest = try await newest() else { return closure }
    let location = "\(folder)/manifest_\(newest)"
    guard manifests.contains(newest) else {
      closure.missing.add(location)
      return closure
    }
    let files = try await files(location)
    for start in stride(from: 0, to: files.count, by: FileProbe.batch) {
      let batch = Array(files[start...].prefix(FileProbe.batch))
      for (file, presence) in zip(batch, try await presences(of: batch, in: objects)) {
        closure.add(presence, of: file.location)
      }
    }
    guard closure.isWhole else { return closure }
    var seen: Set<String> = []
    for file in files {
      try await rows(of: file.location) { instant in
        guard seen.insert("\(instant.name).\(instant.action)").inserted else { return }
        try await body(instant)
      }
    }
    return closure
  }

  /// The newest manifest's number: that of `_version_`, or of a manifest that is newer than it; nil where
  /// nothing has been archived yet.
  private func newest() async throws -> Int? {
    let newest = max(manifests.max() ?? 0, try await version())
    guard newest > 0 || !hasFiles else {
      throw FormatError("\(folder)/: archived instants without a manifest")
    }
    return newest > 0 ? newest : nil
  }

  private func version() async throws -> Int {
    guard hasVersion else { return 0 }
    let location = "\(folder)/_version_"
    var reader = ObjectReader(location, objects: objects)
    guard try await reader.open() else { throw FormatError("\(location): it vanished") }
    let text = String(decoding: try await reader.all(limit: 100), as: UTF8.self)
    guard let version = Int(text.filter { !$0.isWhitespace }) else {
      throw FormatError("\(location): it is no number")
    }
    return version
  }

  private func files(_ location: String) async throws -> [FileReference] {
    var reader = ObjectReader(location, objects: objects)
    guard try await reader.open() else { throw FormatError("\(location): it vanished") }
    let bytes = try await reader.all(limit: Self.most)
    do {
      guard let entries = try JSON(parsing: bytes)["files"]?.array else {
        throw FormatError("\(location): it names no files, not even none")
      }
      return try entries.map { entry in
        guard let name = entry["fileName"]?.string, !name.contains("/") else {
          throw FormatError("\(location): it has a file without a name")
        }
        return FileReference(
          location: "\(folder)/\(name)", size: entry["fileLen"]?.integer.map(Int64.init))
      }
    } catch let error as JSONError {
      throw FormatError("\(location): it is \(error)")
    }
  }

  // MARK: - Parquet

  private static let columns = [
    "instantTime", "completionTime", "action", "metadata", "version",
  ]

  private func rows(
    of location: String, _ body: (Instant) async throws -> Void
  ) async throws {
    do {
      let file = try await ParquetFile(ObjectSource(location: location, objects: objects))
      let wanted = try Self.columns.map { name in
        guard let column = file.column([name]) else {
          throw FormatError("it has no column \(name)")
        }
        return column
      }
      try await file.forEachBatch(of: wanted) { batch in
        for row in 0..<batch.rows { try await body(try Self.instant(batch, row)) }
      }
    } catch let error as FormatError {
      throw FormatError("\(location): \(error)")
    }
  }

  private static func instant(_ batch: ParquetBatch, _ row: Int) throws -> Instant {
    guard let name = try batch[0, row].text(), let action = try batch[2, row].text() else {
      throw FormatError("it has an instant without a time or an action")
    }
    guard batch[4, row].integer == 1 else {
      throw FormatError("the instant \(name) is of an unknown version")
    }
    return Instant(
      name: name, completed: try batch[1, row].text() ?? name, action: action,
      metadata: batch[3, row].bytes.map(Array.init))
  }
}

/// One object in memory.
struct MemoryObject: TableObjects {
  let bytes: [UInt8]

  func read(_ location: String, from offset: Int64, count: Int) async throws -> ObjectPart? {
    ObjectPart(
      bytes: Array(bytes.dropFirst(Int(offset)).prefix(count)), size: Int64(bytes.count))
  }

  func presence(of files: [FileReference]) async throws -> [FilePresence] {
    files.map { _ in .unknown("it is not looked for") }
  }

  func list(_ prefix: String) async throws -> [ListedObject] { [] }
}
