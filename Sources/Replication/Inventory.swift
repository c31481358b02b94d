import CanonicalJSON
import MeshModel

/// An inventory that S3 makes of a bucket, as its configuration has it. Pure.
struct InventoryConfiguration: Sendable, Hashable {
  let id: String
  let isEnabled: Bool
  /// What keys begin with that it tells of.
  let prefix: String
  let bucket: String
  /// The owner of the bucket; nil where it is the source's, or not said.
  let account: String?
  /// What the reports' own keys begin with; empty or without a slash at its end.
  let folder: String

  /// Nil for one without a bucket.
  init?(_ json: JSON) {
    let destination = json["Destination"]?["S3BucketDestination"]
    guard let arn = destination?["Bucket"]?.string, let bucket = ARN(arn)?.resource,
      let id = json["Id"]?.string
    else { return nil }
    self.id = id
    self.bucket = bucket
    isEnabled = json["IsEnabled"]?.bool ?? (json["IsEnabled"]?.string == "true")
    prefix = json["Filter"]?["Prefix"]?.string ?? ""
    account = destination?["AccountId"]?.string
    folder = destination?["Prefix"]?.string ?? ""
  }

  /// Where reports of a bucket lie.
  func reports(of source: String) -> String {
    (folder.isEmpty ? "" : folder + "/") + "\(source)/\(id)/"
  }
}

/// A report's manifest (S3 user guide, "Locating your inventory list"). Pure.
struct InventoryManifest: Sendable, Hashable {
  /// Seconds since 1970.
  let created: Double
  /// `CSV`, `ORC`, `Parquet`.
  let format: String
  /// The names of the columns.
  let columns: [String]
  let files: [File]

  struct File: Sendable, Hashable {
    let key: String
    /// Bytes.
    let size: Int
  }

  /// - Throws: `JSONError` for what is no manifest.
  init(_ json: JSON) throws(JSONError) {
    guard let created = json["creationTimestamp"]?.string.flatMap({ Double($0) }),
      let format = json["fileFormat"]?.string, let files = json["files"]?.array
    else { throw JSONError("no manifest of an inventory") }
    self.created = created / 1000
    self.format = format
    columns = (json["fileSchema"]?.string ?? "").split(separator: ",").map {
      String($0.drop { $0 == " " })
    }
    var found: [File] = []
    for file in files {
      guard let key = file["key"]?.string, let size = file["size"]?.integer else {
        throw JSONError("a file without a key or a size")
      }
      found.append(File(key: key, size: size))
    }
    self.files = found
  }

  var bytes: Int { files.reduce(0) { $0 + $1.size } }
}

/// What an inventory says of one product.
public struct InventoryTally: Sendable {
  /// When it was made: seconds since 1970.
  public let created: Double
  /// Objects of the product, current versions.
  public internal(set) var objects = 0
  /// How many there are of each replication status; an empty one for none.
  public internal(set) var statuses: [String: Int] = [:]
  /// Whether it has replication statuses at all.
  public internal(set) var hasStatuses = false
  /// Objects to be asked for: the oldest that are not COMPLETED, and the youngest.
  var suspects = ListingTally()

  init(created: Double) {
    self.created = created
  }
}

/// Picks the rows of an inventory that concern one product. Pure.
struct InventoryReading {
  private static let statusesThatAreWell: Set<String> = ["COMPLETED", "COMPLETE", "REPLICA"]

  private let scopes: [[UInt8]]
  private let places: [String: Int]
  private(set) var tally: InventoryTally
  private var suspects = ListingTally()
  private let time: (String) -> Double?

  /// Nil where the columns don't have what is needed.
  /// - Parameter time: seconds since 1970 of a time as S3 writes it.
  init?(_ manifest: InventoryManifest, scopes: [String], time: @escaping (String) -> Double?) {
    places = Dictionary(manifest.columns.enumerated().map { ($1, $0) }) { first, _ in first }
    guard places["Key"] != nil, places["LastModifiedDate"] != nil else { return nil }
    self.scopes = scopes.map { Array($0.utf8) }
    self.time = time
    tally = InventoryTally(created: manifest.created)
    tally.hasStatuses = places["ReplicationStatus"] != nil
  }

  /// - Throws: `CSVRows.Damage` for a row that does not fit its columns.
  mutating func add(_ row: CSVRows.Row) throws {
    guard row.count == places.count else {
      throw CSVRows.Damage(description: "a row has \(row.count) values, not \(places.count)")
    }
    if text("IsLatest", row) == "false" || text("IsDeleteMarker", row) == "true" { return }
    guard let raw = places["Key"].flatMap({ row[$0] }) else { return }
    let key = Self.decoded(raw)
    guard scopes.contains(where: { key.starts(with: $0) }) else { return }
    guard let modified = text("LastModifiedDate", row).flatMap(time) else {
      throw CSVRows.Damage(description: "a row has no time")
    }
    tally.objects += 1
    let object = PendingObject(
      key: String(decoding: key, as: UTF8.self), etag: text("ETag", row) ?? "",
      size: text("Size", row).flatMap { Int($0) } ?? 0, modified: modified, kind: .missing)
    suspects.addYoungest(object)
    guard tally.hasStatuses else { return }
    let status = text("ReplicationStatus", row) ?? ""
    tally.statuses[status, default: 0] += 1
    if !Self.statusesThatAreWell.contains(status) { suspects.add(object) }
  }

  /// The oldest that are not well, as many as room is left beside the youngest.
  func finished() -> InventoryTally {
    var result = tally
    let youngest = suspects.youngest
    for object in suspects.oldest.prefix(ListingTally.kept - youngest.count) {
      result.suspects.add(object)
    }
    for object in youngest where !result.suspects.oldest.contains(where: { $0.key == object.key }) {
      result.suspects.add(object)
    }
    return result
  }

  private func text(_ column: String, _ row: CSVRows.Row) -> String? {
    places[column].flatMap { row.text($0) }
  }

  /// Keys are URL-encoded in CSV.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        key.append(value)
        rest = rest.dropFirst(2)
      } else {
        key.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return key
  }
}
