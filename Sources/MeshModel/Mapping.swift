import CanonicalJSON

/// What differs in the secondary.
public struct Mapping: Sendable, Hashable {
  /// Where a bucket's replica comes from.
  public enum Source: String, Sendable, Hashable {
    /// A replication rule of the bucket, captured in the snapshot.
    case replicationRule = "replication rule"
    /// The mesh file's `mapping`.
    case meshFile = "mesh file"
    /// The bucket is in the secondary region already.
    case inRegion = "already there"
  }

  public struct Replica: Sendable, Hashable {
    public var bucket: String
    public var source: Source

    public init(bucket: String, source: Source) {
      self.bucket = bucket
      self.source = source
    }
  }

  public var from: String
  public var to: String
  /// Replicas by the name of the bucket that they replicate.
  public var buckets: [String: Replica] = [:]
  /// Key ids, aliases or ARNs, by those of the primary.
  public var keys: [String: String] = [:]
  public var principals: [String: String] = [:]
  public var accounts: [String: String] = [:]
  /// The principal that restores, by the secondary's account. It stays an administrator.
  public var restorers: [String: String] = [:]
  /// Set before the names of databases and LF-Tags; empty but in drills.
  public var prefix = ""
  /// Whether only buckets and the regions of link targets are mapped, and no other ARN is.
  public var onlyLocations = false
  /// The region of the records that are mapped, where that is not `to`: a link there that names no
  /// region leads into its own.
  public var home: String?

  /// Where the records are that come of it.
  public var region: String { home ?? to }

  /// - Parameters:
  ///   - from: the region of the snapshot.
  ///   - to: the region in which it is restored.
  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}

/// Applies a mapping, and keeps count of what it used and what it found no answer for.
///
/// Not for two threads at once.
public final class Mapper {
  /// Something in a record that the mapping has no answer for.
  public struct Problem: Sendable, Hashable {
    /// The record, by its key in the primary.
    public let key: RecordKey
    /// What it names: a bucket or a key of KMS.
    public let name: String
    public let message: String
  }

  /// One line of the mapping, as it was used.
  public struct Use: Sendable, Hashable {
    public let from: String
    public let to: String
    public let source: String

    public init(from: String, to: String, source: String) {
      self.from = from
      self.to = to
      self.source = source
    }
  }

  public let mapping: Mapping
  public private(set) var problems: [Problem] = []
  /// What whoever runs the plan should know, once each.
  public private(set) var remarks: [String] = []
  public private(set) var uses: [Use: Int] = [:]
  private var current: RecordKey?
  private var noted: Set<Problem> = []

  public init(_ mapping: Mapping) {
    self.mapping = mapping
  }

  /// What a mapper has used, and found no answer for.
  public struct Findings: Sendable {
    fileprivate let uses: [Use: Int]
    fileprivate let problems: [Problem]
    fileprivate let remarks: [String]
  }

  public var findings: Findings { Findings(uses: uses, problems: problems, remarks: remarks) }

  /// Takes over what another mapper of the same mapping has found.
  public func take(_ others: Findings) {
    uses.merge(others.uses, uniquingKeysWith: +)
    for problem in others.problems where noted.insert(problem).inserted {
      problems.append(problem)
    }
    others.remarks.forEach(remark)
  }

  /// Names the record that problems are noted against from here on.
  public func begin(_ key: RecordKey) {
    current = key
  }

  /// The account, in the secondary, of the record that was begun.
  public var currentAccount: String { account(current?.account ?? "") }

  /// The principal that restores the account of the record that was begun.
  public var restorer: String? { mapping.restorers[currentAccount] }

  /// The name of a database or LF-Tag.
  public func name(_ name: String) -> String { mapping.prefix + name }

  public func account(_ id: String) -> String {
    guard let mapped = mapping.accounts[id] else { return id }
    use(id, mapped, "mesh file")
    return mapped
  }

  public func region(_ name: String) -> String {
    name == mapping.from ? mapping.to : name
  }

  /// The bucket's replica; a bucket without one stays, and is noted.
  public func bucket(_ name: String) -> String {
    guard let replica = mapping.buckets[name] else {
      problem(name, "bucket \(name) has no replica in \(mapping.to)")
      return name
    }
    use("s3://\(name)", "s3://\(replica.bucket)", replica.source.rawValue)
    return replica.bucket
  }

  /// An S3 URI with its bucket mapped; any other text as it is.
  public func uri(_ text: String) -> String {
    guard var location = S3Location(text) else { return text }
    location.bucket = bucket(location.bucket)
    return location.description
  }

  /// A text in which S3 URIs and ARNs may stand: parameters, view definitions.
  public func text(_ text: String) -> String {
    if text.hasPrefix("arn:") { return arn(text) }
    guard Self.mark(in: text[...]) != nil else { return text }
    return mapURIs(in: text, by: bucket)
  }

  /// A text that only people use, such as a saved query: what has a counterpart is mapped, the rest
  /// stays and is not noted.
  public func hint(_ text: String) -> String {
    func known(_ name: String) -> String { mapping.buckets[name] == nil ? name : bucket(name) }
    guard let arn = ARN(text) else {
      return text.contains("://") ? mapURIs(in: text, by: known) : text
    }
    switch arn.service {
    case "s3": return mapping.buckets[Self.bucket(of: arn)] == nil ? text : self.arn(text)
    case "kms": return mapping.keys[text] == nil ? text : key(text)
    default: return self.arn(text)
    }
  }

  private static func bucket(of arn: ARN) -> String {
    String(arn.resource.prefix { $0 != "/" })
  }

  /// An ARN with bucket, key, principal, region and account mapped; any other text as it is.
  public func arn(_ text: String) -> String {
    guard var arn = ARN(text) else { return text }
    guard !mapping.onlyLocations || arn.service == "s3" else { return text }
    switch arn.service {
    case "s3":
      let slash = arn.resource.firstIndex(of: "/") ?? arn.resource.endIndex
      arn.resource = bucket(String(arn.resource[..<slash])) + arn.resource[slash...]
    case "iam", "sts":
      return principal(text)
    case "kms":
      return key(text)
    default:
      arn.region = region(arn.region)
      arn.account = account(arn.account)
    }
    return arn.description
  }

  /// A Lake Formation principal: an ARN, an account, or a group of principals.
  public func principal(_ text: String) -> String {
    if let mapped = mapping.principals[text] {
      use(text, mapped, "mesh file")
      return mapped
    }
    if var arn = ARN(text) {
      arn.account = account(arn.account)
      return arn.description
    }
    // An account id alone, or with a group behind it: 111122223333:IAMPrincipals.
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let id = parts.first.map(String.init), isAccountID(id) else { return text }
    return ([account(id)] + parts.dropFirst().map(String.init)).joined(separator: ":")
  }

  /// A KMS key: multi-region keys and aliases keep their names; others need the mesh file.
  public func key(_ text: String) -> String {
    if let mapped = mapping.keys[text] {
      use(text, mapped, "mesh file")
      return mapped
    }
    let arn = ARN(text)
    let name = arn.map(\.resource) ?? text
    if !["alias/", "key/mrk-", "mrk-"].contains(where: name.hasPrefix) {
      problem(text, "key \(text) is of one region only, and the mesh file maps it to none")
    }
    guard var arn else { return text }
    arn.region = region(arn.region)
    arn.account = account(arn.account)
    return arn.description
  }

  private func mapURIs(in text: String, by bucket: (String) -> String) -> String {
    var result = ""
    var rest = text[...]
    while let mark = Self.mark(in: rest) {
      let scheme = rest[..<mark.lowerBound].reversed().prefix { $0.isLetter || $0.isNumber }
      let tail = rest[mark.upperBound...]
      let bucketEnd = tail.firstIndex { !($0.isLetter || $0.isNumber || "-._".contains($0)) }
      let name = tail[..<(bucketEnd ?? tail.endIndex)]
      result += rest[..<mark.upperBound]
      let isS3 = S3Location.schemes.contains(String(scheme.reversed()).lowercased())
      result += isS3 && !name.isEmpty ? bucket(String(name)) : String(name)
      rest = tail[name.endIndex...]
    }
    return result + rest
  }

  /// Where `://` stands first. It is looked for in every text of every record, so byte by byte.
  private static func mark(in text: Substring) -> Range<String.Index>? {
    let bytes = text.utf8
    var from = bytes.startIndex
    while let colon = bytes[from...].firstIndex(of: UInt8(ascii: ":")) {
      from = bytes.index(after: colon)
      let slashes = bytes[from...].prefix(2)
      if slashes.elementsEqual("//".utf8) { return colon..<slashes.endIndex }
    }
    return nil
  }

  /// Notes something in the record that was begun which the mapping has no answer for.
  public func note(_ name: String, _ message: String) { problem(name, message) }

  /// Keeps what whoever runs the plan should know.
  public func remark(_ sentence: String) {
    if !remarks.contains(sentence) { remarks.append(sentence) }
  }

  private func use(_ from: String, _ to: String, _ source: String) {
    uses[Use(from: from, to: to, source: source), default: 0] += 1
  }

  private func problem(_ name: String, _ message: String) {
    guard let current else { return }
    let problem = Problem(key: current, name: name, message: message)
    if noted.insert(problem).inserted { problems.append(problem) }
  }
}
