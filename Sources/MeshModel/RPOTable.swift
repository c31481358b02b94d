import CanonicalJSON

extension RPOResult {
  /// A table whose format names its files (Iceberg, Delta, Hudi), and what of it the replica has.
  public struct Table: Sendable, Hashable {
    /// `database.table`.
    public var name: String
    /// The owner of its catalog.
    public var account: String
    /// `iceberg`, `delta` or `hudi`.
    public var format: String
    /// Where the catalog has it.
    public var location = ""
    public var status = Status.unknown
    /// `current`, `behind`, `lost` or `unknown`: what of its newest state is there.
    public var standing = "unknown"
    /// The age of the oldest state that is not whole in the replica, in seconds; 0 where the newest one
    /// is, nil where it is not known.
    public var lagSeconds: Double?
    /// What names the newest state that is whole: a metadata file, a version, an instant.
    public var state: String?
    /// When that one was committed, RFC 3339 in UTC: to this the table can be brought back.
    public var recoveryPoint: String?
    /// Files that the newest state lacks.
    public var missingFiles = 0
    /// The locations of some of them.
    public var missing: [String] = []
    /// What could not be judged, and why.
    public var reasons: [String] = []
    /// Whether its metadata names files by absolute paths in the bucket that would be lost: until they
    /// are rewritten, readers reach it only through that bucket's name.
    public var namesLostBucket = false
    /// Why its loss is accepted: it then does not count. Nil where it is not.
    public var accepted: String?

    public init(name: String, account: String, format: String) {
      self.name = name
      self.account = account
      self.format = format
    }
  }

  /// The tables that are reachable only through the lost bucket's name.
  public var tablesNamingLostBucket: [Table] { tables.filter(\.namesLostBucket) }
}

extension RPOResult.Table {
  var json: JSON {
    [
      "table": .string(name), "account": .string(account), "format": .string(format),
      "status": .string(status.rawValue), "standing": .string(standing),
      "lagSeconds": lagSeconds.map { JSON($0) } ?? .null,
      "state": state.map(JSON.string) ?? .null,
      "recoveryPoint": recoveryPoint.map(JSON.string) ?? .null,
      "missingFiles": JSON(missingFiles), "missing": JSON(missing), "reasons": JSON(reasons),
      "namesLostBucket": .bool(namesLostBucket), "location": .string(location),
      "accepted": accepted.map(JSON.string) ?? .null,
    ]
  }

  init(json: JSON) throws(JSONError) {
    guard let name = json["table"]?.string, let format = json["format"]?.string,
      let status = json["status"]?.string.flatMap(RPOResult.Status.init)
    else { throw JSONError("a table without name, format or status") }
    self.init(name: name, account: json["account"]?.string ?? "", format: format)
    self.status = status
    standing = json["standing"]?.string ?? "unknown"
    lagSeconds = json["lagSeconds"]?.double
    state = json["state"]?.string
    recoveryPoint = json["recoveryPoint"]?.string
    missingFiles = json["missingFiles"]?.integer ?? 0
    missing = json["missing"]?.strings ?? []
    reasons = json["reasons"]?.strings ?? []
    namesLostBucket = json["namesLostBucket"]?.bool ?? false
    location = json["location"]?.string ?? ""
    accepted = json["accepted"]?.string
  }
}
