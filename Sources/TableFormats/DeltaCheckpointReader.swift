import CanonicalJSON
import FileFormats

/// Reads what a checkpoint of a Delta log holds: files, and sidecars that hold more of them (Delta
/// protocol, "Checkpoints").
struct DeltaCheckpointReader {
  let root: String
  let objects: any TableObjects

  /// Gives all files of the version to `file`, in any order.
  /// - Returns: what it lacks: sidecars that are not there. It has been read to its end otherwise.
  /// - Throws: `FormatError` for what can't be read or does not fit, `CancellationError`.
  func read(
    _ checkpoint: DeltaCheckpoint, _ file: (DeltaFile) async throws -> Void
  ) async throws -> Closure {
    var found = Contents()
    if let json = checkpoint.json {
      try await named(json.location) {
        try await lines(of: json.location, checkpoint.version, &found, file)
      }
    }
    for part in checkpoint.parquet {
      try await named(part.location) {
        try await rows(of: part.location, checkpoint.version, &found, file)
      }
    }
    guard found.hasProtocol else {
      throw FormatError("checkpoint \(checkpoint.version) is not whole: it has no protocol")
    }
    let sidecars = found.sidecars
    var closure = Closure()
    for start in stride(from: 0, to: sidecars.count, by: FileProbe.batch) {
      let batch = Array(sidecars[start...].prefix(FileProbe.batch))
      for (sidecar, presence) in zip(batch, try await presences(of: batch, in: objects)) {
        closure.add(presence, of: sidecar.location)
      }
    }
    guard closure.isWhole else { return closure }
    for sidecar in sidecars {
      try await named(sidecar.location) {
        var inner = Contents()
        try await rows(of: sidecar.location, checkpoint.version, &inner, file)
        guard inner.sidecars.isEmpty else { throw FormatError("it has sidecars itself") }
      }
    }
    return closure
  }

  /// What files of a checkpoint hold beside those of the table.
  private struct Contents {
    var sidecars: [FileReference] = []
    /// Every checkpoint has one.
    var hasProtocol = false
  }

  /// Errors begin with the name of the file.
  private func named<Result>(
    _ location: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error as FormatError {
      throw FormatError("\(location): \(error)")
    }
  }

  // MARK: - JSON

  private func lines(
    of location: String, _ version: Int64, _ found: inout Contents,
    _ file: (DeltaFile) async throws -> Void
  ) async throws {
    var reader = ObjectReader(location, objects: objects)
    guard try await reader.open() else { throw FormatError("it vanished") }
    while let action = try await reader.action() {
      if let added = action.part("add") { try await file(try DeltaFile(added)) }
      if let asked = action.part("protocol") {
        try DeltaProtocol.check(asked)
        found.hasProtocol = true
      }
      if let about = action.part("checkpointMetadata") {
        try check(about["version"]?.integer.map(Int64.init), is: version)
      }
      if let sidecar = action.part("sidecar") {
        let size = sidecar["sizeInBytes"]?.integer.map(Int64.init)
        found.sidecars.append(try reference(sidecar["path"]?.string, size))
      }
    }
  }

  private func check(_ said: Int64?, is version: Int64) throws {
    guard said == nil || said == version else {
      throw FormatError("it is of version \(said ?? -1), and its name says \(version)")
    }
  }

  /// Sidecars lie in a folder of their own, whether their names or their paths are given.
  private func reference(_ path: String?, _ size: Int64?) throws -> FileReference {
    guard let path, let name = path.split(separator: "/").last else {
      throw FormatError("it has a sidecar without a path")
    }
    let folder = "\(root)/_delta_log/_sidecars"
    return FileReference(
      location: try DeltaPath.location(String(name), in: folder), size: size)
  }

  // MARK: - Parquet

  private func rows(
    of location: String, _ version: Int64, _ found: inout Contents,
    _ file: (DeltaFile) async throws -> Void
  ) async throws {
    let parquet = try await ParquetFile(ObjectSource(location: location, objects: objects))
    let columns = try DeltaColumns(parquet)
    try await parquet.forEachBatch(of: columns.wanted) { batch in
      for row in 0..<batch.rows {
        if let added = try columns.file(batch, row) { try await file(added) }
        if let sidecar = try columns.sidecar(batch, row) {
          found.sidecars.append(try reference(sidecar.path, sidecar.size))
        }
        if try columns.checkProtocol(batch, row) { found.hasProtocol = true }
        try check(columns.version(batch, row), is: version)
      }
    }
  }
}

/// An object of a table, read as Parquet.
struct ObjectSource: ParquetSource {
  let location: String
  let objects: any TableObjects

  func read(from offset: Int, count: Int) async throws -> (bytes: [UInt8], size: Int) {
    guard let part = try await objects.read(location, from: Int64(offset), count: count) else {
      throw FormatError("it vanished")
    }
    return (part.bytes, Int(part.size))
  }
}
