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
  /// The names of the columns in CSV; empty for other formats, whose files tell them.
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
    columns =
      format == "CSV"
      ? (json["fileSchema"]?.string ?? "").split(separator: ",").map {
        String($0.drop { $0 == " " })
      } : []
    var found: [File] = []
    for file in files {
      guard let key = file["key"]?.string, let size = file["size"]?.integer else {
        throw JSONError("a file without a key or a size")
      }
      found.append(File(key: key, size: size))
    }
    self.files = found
  }

  /// Whether files of its format are read.
  var isRead: Bool { format == "CSV" || format == "Parquet" }
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
