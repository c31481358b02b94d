import CanonicalJSON
import FileFormats

/// An Iceberg table's metadata file, versions 1 to 3 (Iceberg specification, "Table Metadata").
struct IcebergMetadata {
  /// The most that a metadata file may have; its snapshots and log make it some megabytes.
  static let most = 64 << 20

  let point: StatePoint
  /// Its snapshot's manifest list; nil for an empty table, or where manifests stand in the metadata.
  let manifestList: String?
  /// Manifests that stand in the metadata, as version 1 allows.
  let manifests: [String]
  /// Statistics of the snapshot.
  let statistics: [FileReference]
  /// Older metadata files, the newest first.
  let older: [StatePoint]

  /// - Returns: nil where there is no such object.
  /// - Throws: `FormatError`.
  static func read(_ location: String, objects: any TableObjects) async throws -> Self? {
    var reader = ObjectReader(location, objects: objects)
    guard try await reader.open() else { return nil }
    var bytes = try await reader.all(limit: most)
    if isGzipped(location, bytes) {
      bytes = try Decompression.inflate(bytes, .gzip, limit: most)[...]
    }
    do {
      return try Self(JSON(parsing: bytes), at: location)
    } catch let error as JSONError {
      throw FormatError("it is \(error)")
    }
  }

  /// By its name (`.gz.metadata.json`, or `.metadata.json.gz` of old), or by its first bytes.
  private static func isGzipped(_ location: String, _ bytes: ArraySlice<UInt8>) -> Bool {
    location.hasSuffix(".gz.metadata.json") || location.hasSuffix(".gz")
      || bytes.starts(with: [0x1f, 0x8b])
  }

  private init(_ json: JSON, at location: String) throws {
    guard let version = json["format-version"]?.integer, (1...3).contains(version) else {
      throw FormatError("its format version is not one that is read")
    }
    let updated = json["last-updated-ms"]?.integer.map(Int64.init)
    older = (json["metadata-log"]?.array ?? []).reversed().compactMap { entry in
      entry["metadata-file"]?.string.map {
        StatePoint(name: $0, time: entry["timestamp-ms"]?.integer.map(Int64.init))
      }
    }
    // -1 is what version 1 wrote for none.
    guard let current = json["current-snapshot-id"]?.integer, current != -1 else {
      point = StatePoint(name: location, time: updated)
      (manifestList, manifests, statistics) = (nil, [], [])
      return
    }
    guard
      let snapshot = json["snapshots"]?.array?.first(where: {
        $0["snapshot-id"]?.integer == current
      })
    else { throw FormatError("its current snapshot is not in it") }
    point = StatePoint(
      name: location, snapshot: Int64(current),
      time: snapshot["timestamp-ms"]?.integer.map(Int64.init))
    manifestList = snapshot["manifest-list"]?.string
    manifests = snapshot["manifests"]?.strings ?? []
    guard manifestList != nil || snapshot["manifests"]?.array != nil else {
      throw FormatError("its current snapshot names no manifests")
    }
    statistics = try ["statistics", "partition-statistics"].flatMap { name in
      try (json[name]?.array ?? []).filter { $0["snapshot-id"]?.integer == current }.map { entry in
        guard let path = entry["statistics-path"]?.string else {
          throw FormatError("it names statistics without a path")
        }
        return FileReference(
          location: path, size: entry["file-size-in-bytes"]?.integer.map(Int64.init))
      }
    }
  }
}
