import MeshModel

extension MeshFile {
  /// Where snapshots are kept, and how they are written there.
  public struct Store: Sendable, Equatable {
    /// A folder or `s3://bucket/prefix`, as written.
    public let url: String
    /// The region of the bucket; nil where it has to be found.
    public let region: String?
    /// The KMS key that encrypts what is written; nil for what the bucket is set to.
    public let kmsKey: String?
    /// How long S3 keeps what is written, whoever wants to remove it; nil for what the bucket is
    /// set to.
    public let lock: Lock?

    /// One that is written to as its bucket is set.
    public init(url: String) {
      self.init(url: url, region: nil, kmsKey: nil, lock: nil)
    }

    init(url: String, region: String?, kmsKey: String?, lock: Lock?) {
      self.url = url
      self.region = region
      self.kmsKey = kmsKey
      self.lock = lock
    }

    /// Retention by Object Lock.
    public struct Lock: Sendable, Equatable {
      /// Whether whoever has the right may end it before its time.
      public enum Mode: String, Sendable, CaseIterable { case governance, compliance }

      /// How strict it is.
      public let mode: Mode
      /// From each snapshot on that needs what is kept. In seconds.
      public let seconds: Int
    }
  }

  /// How manifests are signed.
  public struct Signing: Sendable, Equatable {
    /// The ARN of an asymmetric KMS key.
    public let key: String
    /// Its public half, as PEM; nil where nothing says which it has to be.
    public let publicKey: String?
    /// `2026-11-25`: snapshots from before that day need no signature; nil for none.
    public let since: String?

    /// The region that the key is in.
    public var region: String { ARN(key)?.region ?? "" }
  }
}

/// Reads `store`: one, or a list.
func readStores(_ node: YAMLNode, _ name: String) throws(Complaint) -> [MeshFile.Store] {
  guard case .list(let nodes) = node.content else { return [try readStore(node, name)] }
  guard !nodes.isEmpty else { throw Complaint(node.mark, "\"store\" lists no store") }
  var stores: [MeshFile.Store] = []
  for node in nodes {
    let store = try readStore(node, name)
    guard !stores.contains(where: { $0.url == store.url }) else {
      throw Complaint(node.mark, "\"\(shortened(store.url))\" stands twice in \"store\"")
    }
    stores.append(store)
  }
  return stores
}

private func readStore(_ node: YAMLNode, _ name: String) throws(Complaint) -> MeshFile.Store {
  guard case .map = node.content else {
    return MeshFile.Store(url: try readURL(node, name))
  }
  let fields = try Fields(node, section: "store", keys: ["url", "region", "kms_key", "lock"])
  let url = try readURL(fields.required("url"), "url")
  for key in ["region", "kms_key", "lock"] where S3Location(url) == nil {
    if let node = fields[key] {
      throw Complaint(
        node.mark, "\"\(key)\" is for stores in S3, and \"\(shortened(url))\" is none")
    }
  }
  return MeshFile.Store(
    url: url, region: try fields.optional("region", readRegion),
    kmsKey: try fields.optional("kms_key", readKey), lock: try fields.optional("lock", readLock))
}

private func readURL(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  let text = try node.text(name)
  if let problem = problemOfStore(text) {
    throw Complaint(node.mark, "\"\(name)\" \(problem), not \(node.found)")
  }
  return text
}

private func readKey(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  let text = try node.text(name)
  guard !text.contains(where: \.isWhitespace) else {
    throw Complaint(node.mark, "\"\(name)\" must be a key's id, alias or ARN, not \(node.found)")
  }
  return text
}

private func readLock(_ node: YAMLNode, _ name: String) throws(Complaint) -> MeshFile.Store.Lock {
  let fields = try Fields(node, section: name, keys: ["mode", "for"])
  let mode = try fields.required("mode")
  guard let known = MeshFile.Store.Lock.Mode(rawValue: try mode.text("mode")) else {
    throw Complaint(mode.mark, "\"mode\" must be governance or compliance, not \(mode.found)")
  }
  return .init(mode: known, seconds: try readDuration(fields.required("for"), "for"))
}

/// Reads `signing`.
func readSigning(_ node: YAMLNode, _ name: String) throws(Complaint) -> MeshFile.Signing {
  let fields = try Fields(node, section: name, keys: ["key", "public_key", "since"])
  let key = try fields.required("key")
  let text = try key.text("key")
  guard let arn = ARN(text), arn.service == "kms", !arn.region.isEmpty,
    arn.resource.hasPrefix("key/") || arn.resource.hasPrefix("alias/")
  else {
    throw Complaint(key.mark, "\"key\" must be the ARN of a KMS key, not \(key.found)")
  }
  return .init(
    key: text, publicKey: try fields.optional("public_key", readPEM),
    since: try fields.optional("since", readDay))
}

private func readDay(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  let text = try node.text(name)
  let parts = text.split(separator: "-", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Int($0) }
  guard parts.map(\.count) == [4, 2, 2], numbers.count == 3, (1...12).contains(numbers[1]),
    (1...31).contains(numbers[2])
  else {
    throw Complaint(node.mark, "\"\(name)\" must be a day such as 2026-11-25, not \(node.found)")
  }
  return text
}

private func readPEM(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  guard case .scalar(let text, _) = node.content, text.contains("-----BEGIN PUBLIC KEY-----"),
    text.contains("-----END PUBLIC KEY-----")
  else {
    throw Complaint(
      node.mark,
      "\"\(name)\" must be a public key in PEM (-----BEGIN PUBLIC KEY-----), "
        + "not \(node.found)")
  }
  return text
}
