import AWSAccess
import Capture
import FileFormats

/// A file of a report in Parquet (S3 user guide, "Amazon S3 Inventory list"): keys are not encoded there,
/// and times are numbers.
struct InventoryParquet {
  private enum Column: String, CaseIterable {
    case key, time = "last_modified_date", size, etag = "e_tag"
    case status = "replication_status", isLatest = "is_latest", isMarker = "is_delete_marker"
  }

  private let file: ParquetFile
  private let wanted: [ParquetColumn]
  /// Where each stands in a batch.
  private let places: [Column: Int]
  private let unitsPerSecond: Double

  /// Reads the footer.
  /// - Throws: `InventoryDamage` where a column that is needed is not there, `FormatError`,
  ///   `AWSFailure`.
  init(_ listed: InventoryManifest.File, at place: BucketSite) async throws {
    file = try await ParquetFile(S3Source(place: place, key: listed.key))
    guard file.size == listed.size else {
      throw InventoryDamage(
        description: "\(listed.key) has \(file.size) bytes, and the manifest says \(listed.size)")
    }
    var wanted: [ParquetColumn] = []
    var places: [Column: Int] = [:]
    for name in Column.allCases {
      guard let column = file.column([name.rawValue]) else { continue }
      places[name] = wanted.count
      wanted.append(column)
    }
    guard places[.key] != nil, let time = places[.time] else {
      throw InventoryDamage(description: "it has no last_modified_date, so it tells of no age")
    }
    guard let units = wanted[time].unitsPerSecond else {
      throw InventoryDamage(description: "its last_modified_date is no time")
    }
    self.wanted = wanted
    self.places = places
    unitsPerSecond = Double(units)
  }

  var hasStatuses: Bool { places[.status] != nil }

  /// - Throws: `InventoryDamage` for a row without what it needs, `FormatError`, `AWSFailure`,
  ///   `CancellationError`.
  func read(into reading: inout InventoryReading) async throws {
    try await file.forEachBatch(of: wanted) { batch in
      for row in 0..<batch.rows { try add(batch, row, to: &reading) }
    }
  }

  private func add(
    _ batch: ParquetBatch, _ row: Int, to reading: inout InventoryReading
  ) throws {
    func value(_ column: Column) -> ParquetValue? { places[column].map { batch[$0, row] } }
    if value(.isLatest)?.truth == false || value(.isMarker)?.truth == true { return }
    guard let key = value(.key)?.bytes else {
      throw InventoryDamage(description: "a row has no key")
    }
    try reading.add(key) {
      guard let time = value(.time)?.integer else {
        throw InventoryDamage(description: "a row has no time")
      }
      return InventoryReading.Details(
        size: Int(value(.size)?.integer ?? 0), etag: try value(.etag)?.text() ?? "",
        modified: Double(time) / unitsPerSecond, status: try value(.status)?.text() ?? "")
    }
  }
}

/// One version of an object in S3, read as Parquet: GetObject of ranges, with the ETag of the first.
private struct S3Source: ParquetSource {
  let place: BucketSite
  let key: String
  private let etag = Guarded<String?>(nil)

  init(place: BucketSite, key: String) {
    self.place = place
    self.key = key
  }

  func read(from offset: Int, count: Int) async throws -> (bytes: [UInt8], size: Int) {
    let known = etag.withLock(\.self)
    let part = try await place.s3.object(
      place.bucket, key, range: offset..<offset + count, etag: known)
    etag.withLock { $0 = $0 ?? part.head.etag }
    return (part.bytes, part.head.size)
  }
}
