/// An Amazon Resource Name, taken apart: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
  public var partition: String
  public var service: String
  /// Empty for services without regions, such as IAM and S3.
  public var region: String
  /// Empty for S3 buckets and objects.
  public var account: String
  public var resource: String

  /// Nil for a text that is no ARN.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn" else { return nil }
    partition = String(parts[1])
    service = String(parts[2])
    region = String(parts[3])
    account = String(parts[4])
    resource = String(parts[5])
  }

  public var description: String {
    "arn:\(partition):\(service):\(region):\(account):\(resource)"
  }
}

/// An S3 URI in any of the spellings that Hadoop knows: `s3://`, `s3a://`, `s3n://`.
public struct S3Location: Sendable, Hashable, CustomStringConvertible {
  public var scheme: String
  public var bucket: String
  /// What stands behind the bucket, its leading slash included; may be empty.
  public var rest: String

  public static let schemes = ["s3", "s3a", "s3n"]

  /// Nil for a text that is no S3 URI, or has no bucket.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    scheme = String(text[..<colon])
    let behind = text[text.index(after: colon)...]
    guard Self.schemes.contains(scheme.lowercased()), behind.hasPrefix("//") else { return nil }
    let path = behind.dropFirst(2)
    let slash = path.firstIndex(of: "/") ?? path.endIndex
    bucket = String(path[..<slash])
    rest = String(path[slash...])
    guard !bucket.isEmpty else { return nil }
  }

  public var description: String { "\(scheme)://\(bucket)\(rest)" }
}

/// Whether a text has the form of an account id: twelve digits.
public func isAccountID(_ text: String) -> Bool {
  text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}
