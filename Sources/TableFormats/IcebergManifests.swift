import CanonicalJSON
import FileFormats

/// Reads manifest lists and manifests (Iceberg specification, "Manifests"), whose fields are known by
/// their ids.
struct IcebergManifests {
  private static let names = [
    0: "status", 2: "data_file", 100: "file_path", 104: "file_size_in_bytes", 500: "manifest_path",
    501: "manifest_length",
  ]
  private static let deleted = 2

  let objects: any TableObjects

  /// The manifests of a list; nil where there is no such object.
  /// - Throws: `FormatError`.
  func list(_ location: String) async throws -> [FileReference]? {
    var file = AvroFile(location, objects: objects, fieldNames: Self.names)
    guard try await file.open() else { return nil }
    var found: [FileReference] = []
    let wanted = AvroWanted.fields(["manifest_path": .all, "manifest_length": .all])
    try await file.forEach(wanted: wanted) { row in
      guard let path = row["manifest_path"]?.string else {
        throw FormatError("it names a manifest without a path")
      }
      found.append(
        FileReference(location: path, size: row["manifest_length"]?.integer.map(Int64.init)))
    }
    return found
  }

  /// What of a manifest's files is there: data files, and position and equality deletes alike.
  /// Entries of deleted files are of no state but earlier ones.
  func closure(_ manifest: FileReference) async throws -> Closure {
    switch try await told({ try await read(manifest) }) {
    case .success(let closure): return closure
    case .failure(let error):
      var closure = Closure()
      closure.unknown.add("\(manifest.location): \(error)")
      return closure
    }
  }

  private func read(_ manifest: FileReference) async throws -> Closure {
    var file = AvroFile(manifest.location, objects: objects, fieldNames: Self.names)
    guard try await file.open() else {
      var closure = Closure()
      closure.missing.add(manifest.location)
      return closure
    }
    if let size = manifest.size, size != file.size {
      var closure = Closure()
      closure.add(.differs(size: file.size), of: manifest.location)
      return closure
    }
    var probe = FileProbe(objects: objects)
    let wanted = AvroWanted.fields([
      "status": .all, "data_file": .fields(["file_path": .all, "file_size_in_bytes": .all]),
    ])
    try await file.forEach(wanted: wanted) { row in
      guard let status = row["status"]?.integer, let path = row["data_file"]?["file_path"]?.string
      else { throw FormatError("it has an entry without a status or a path") }
      if status == Self.deleted { return }
      let size = row["data_file"]?["file_size_in_bytes"]?.integer.map(Int64.init)
      try await probe.add(FileReference(location: path, size: size))
    }
    return try await probe.finish()
  }
}
