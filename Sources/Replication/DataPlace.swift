import MeshModel

/// Where data lies, as a location in the catalog says. Pure.
public enum DataPlace: Sendable, Hashable {
  /// Objects of a general purpose bucket whose keys begin with the prefix: empty, or ending in `/`.
  case objects(bucket: String, prefix: String)
  /// In S3, but by a way that does not tell which bucket's rules cover it.
  case unresolved(reason: String)
  /// Outside of S3, and the secondary has no bytes of it that meshdr could find.
  case elsewhere(reason: String)
  /// No bytes of its own: nothing that could be behind.
  case notApplicable(reason: String)

  /// - Parameter location: a URI, or an ARN as Lake Formation registers it. Empty for views.
  public init(_ location: String) {
    if location.isEmpty {
      self = .notApplicable(reason: "it has no location")
    } else if let s3 = S3Location(location) {
      self = Self.inS3(s3, location)
    } else if location.lowercased().hasPrefix("s3") && location.contains("://arn:") {
      self = .unresolved(reason: "it is an access point")
    } else if let arn = ARN(location) {
      self = Self.named(arn)
    } else {
      self = Self.elsewhere(location)
    }
  }

  private static func inS3(_ location: S3Location, _ text: String) -> DataPlace {
    let bucket = location.bucket
    if bucket.hasPrefix("arn:") { return .unresolved(reason: "it is an access point") }
    if bucket.hasSuffix("-s3alias") || bucket.hasSuffix("--ol-s3") {
      return .unresolved(reason: "it is the alias of an access point")
    }
    if bucket.hasSuffix(".mrap") || bucket.contains(".mrap.") {
      return .unresolved(reason: "it is a multi-region access point")
    }
    if bucket.hasSuffix("--x-s3") {
      return .unresolved(reason: "it is a directory bucket, which S3 does not replicate")
    }
    if bucket.hasSuffix("--table-s3") {
      return .unresolved(reason: "it is a table bucket, which replication rules do not cover")
    }
    return .objects(bucket: bucket, prefix: folder(location.rest))
  }

  /// `/a/b` as keys begin: `a/b/`. A key may begin with a slash of its own.
  private static func folder(_ rest: String) -> String {
    let prefix = String(rest.drop(while: { $0 == "/" }).isEmpty ? "" : rest.dropFirst())
    return prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
  }

  private static func named(_ arn: ARN) -> DataPlace {
    switch arn.service {
    case "s3" where arn.resource.hasPrefix("accesspoint"):
      let isGlobal = arn.region.isEmpty || arn.resource.hasSuffix(".mrap")
      return .unresolved(
        reason: isGlobal ? "it is a multi-region access point" : "it is an access point")
    case "s3" where arn.region.isEmpty && arn.account.isEmpty:
      return DataPlace("s3://\(arn.resource)")
    case "s3tables":
      return .unresolved(reason: "it is a table bucket, which replication rules do not cover")
    case "s3-object-lambda", "s3-outposts", "s3express":
      return .unresolved(reason: "buckets of \(arn.service) have no replication rules")
    case "glue", "redshift", "redshift-serverless", "rds", "dynamodb":
      return .notApplicable(reason: "its data is in \(arn.service), not in S3")
    default:
      return .elsewhere(reason: "an ARN of \(arn.service) is no place that can be compared")
    }
  }

  private static func elsewhere(_ location: String) -> DataPlace {
    let scheme = location.prefix { $0 != ":" }.lowercased()
    guard scheme.count < location.count else {
      // `database.schema.table`: what a crawler of a JDBC source writes.
      return .notApplicable(reason: "it is no URI: the data is in the source of its connection")
    }
    switch scheme {
    case "jdbc", "redshift", "dynamodb", "mongodb", "kafka", "kinesis", "snowflake", "bigquery":
      return .notApplicable(reason: "its data is behind \(scheme):, not in S3")
    case "hdfs", "viewfs", "file", "maprfs":
      return .elsewhere(reason: "\(scheme): is not replicated by S3")
    default:
      return .elsewhere(reason: "\(scheme): is no place that can be compared")
    }
  }
}
