import CanonicalJSON
import FileFormats

/// A completed commit of Hudi's timeline (`HoodieCommitMetadata`, `HoodieReplaceCommitMetadata`).
struct HudiCommit {
  struct Write {
    /// The partition and the file group.
    let group: String
    /// Below the table.
    let path: String
    let size: Int64?

    /// A log file's name begins with a dot; anything else is a base file.
    var isBase: Bool { !(path.split(separator: "/").last ?? "").hasPrefix(".") }
  }

  static let most = 64 << 20

  private(set) var writes: [Write] = []
  /// File groups that this commit ends.
  private(set) var replaced: [String] = []

  /// - Throws: `FormatError`.
  static func read(_ object: ListedObject, objects: any TableObjects) async throws -> Self {
    var reader = ObjectReader(object.location, objects: objects)
    guard try await reader.open() else { throw FormatError("it vanished") }
    if reader.ahead.starts(with: [0x4f, 0x62, 0x6a, 0x01]) {
      return try await avro(object.location, objects)
    }
    let bytes = try await reader.all(limit: most)
    do {
      return try Self(JSON(parsing: bytes))
    } catch let error as JSONError {
      throw FormatError("it is \(error)")
    }
  }

  private static func avro(_ location: String, _ objects: any TableObjects) async throws -> Self {
    var file = AvroFile(location, objects: objects)
    guard try await file.open() else { throw FormatError("it vanished") }
    var rows: [JSON] = []
    try await file.forEach(wanted: .all) { rows.append($0) }
    guard let row = rows.first, rows.count == 1 else { throw FormatError("it is not one record") }
    return try Self(row)
  }

  private init(_ json: JSON) throws {
    guard let partitions = json["partitionToWriteStats"] else {
      throw FormatError("it names no files, not even none")
    }
    for (partition, written) in partitions.object ?? [:] {
      for entry in written.array ?? [] {
        guard let group = entry["fileId"]?.string, let path = entry["path"]?.string else {
          // A group that a commit looked at and did not write has no path.
          if entry["path"] == .null || entry["path"] == nil, entry["fileId"]?.string != nil {
            continue
          }
          throw FormatError("it has a file without a group")
        }
        writes.append(
          Write(
            group: "\(partition)|\(group)", path: path,
            size: entry["fileSizeInBytes"]?.integer.map(Int64.init)))
      }
    }
    for (partition, groups) in json["partitionToReplaceFileIds"]?.object ?? [:] {
      replaced += groups.strings.map { "\(partition)|\($0)" }
    }
  }
}
