import CDigest
import CanonicalJSON

/// A signature over the digest of a manifest, kept beside it. It is checked with the public key alone:
/// nobody has to be asked.
public struct ManifestSignature: Sendable, Hashable {
  /// As KMS calls them.
  public enum Algorithm: String, Sendable, CaseIterable {
    /// With MGF1 and a salt as long as the digest.
    case rsaPSS = "RSASSA_PSS_SHA_256"
    /// With the signature in DER.
    case ecdsa = "ECDSA_SHA_256"
  }

  /// The id of the snapshot.
  public let snapshot: String
  /// The digest that the manifest has inside, which is what is signed.
  public let digest: String
  /// The ARN of the key that signed.
  public let key: String
  /// Its public half, as PEM.
  public let publicKey: String
  /// How it signed.
  public let algorithm: Algorithm
  /// In base64.
  public let signature: String

  /// Nothing is checked before `isValid`.
  public init(
    snapshot: String, digest: String, key: String, publicKey: String, algorithm: Algorithm,
    signature: String
  ) {
    self.snapshot = snapshot
    self.digest = digest
    self.key = key
    self.publicKey = publicKey
    self.algorithm = algorithm
    self.signature = signature
  }

  /// Whether the key made it, by libcrypto.
  public var isValid: Bool {
    guard let bytes = bytes(ofDigest: digest) else { return false }
    return cdigest_verify(publicKey, algorithm == .rsaPSS, bytes, signature)
  }

  /// Whether a key in PEM is the one that is named here.
  public func isBy(_ pem: String) -> Bool { cdigest_same_key(publicKey, pem) }

  static func blobName(_ id: String) -> String { "signatures/\(id).json" }

  /// The snapshot that a blob is the signature of; nil for other blobs.
  static func id(ofBlob name: String) -> String? {
    guard name.hasPrefix("signatures/"), name.hasSuffix(".json") else { return nil }
    let id = String(name.dropFirst("signatures/".count).dropLast(".json".count))
    return SnapshotID.isValid(id) ? id : nil
  }

  var fileBytes: [UInt8] {
    let json: JSON = [
      "algorithm": .string(algorithm.rawValue), "digest": .string(digest), "key": .string(key),
      "publicKey": .string(publicKey), "signature": .string(signature),
      "snapshot": .string(snapshot),
    ]
    return json.canonicalBytes + [UInt8(ascii: "\n")]
  }

  /// - Throws: `ArchiveError` (`.damaged`).
  init(fileBytes: [UInt8], id: String) throws {
    let json: JSON
    do { json = try JSON(parsing: fileBytes) } catch {
      throw ArchiveError.damaged("the signature of \(id) is no JSON", cause: error)
    }
    let fields = Fields(json, "the signature of \(id)")
    guard let algorithm = Algorithm(rawValue: try fields.string("algorithm")) else {
      throw fields.wrong("algorithm")
    }
    self.init(
      snapshot: try fields.string("snapshot"), digest: try fields.digest("digest"),
      key: try fields.string("key"), publicKey: try fields.string("publicKey"),
      algorithm: algorithm, signature: try fields.string("signature"))
  }
}

/// Signs manifests.
public protocol ManifestSigner: Sendable {
  /// - Parameter digest: 64 hexadecimal digits.
  /// - Throws: what keeps it from signing; the snapshot is not sealed then.
  func sign(digest: String, of snapshot: String) async throws -> ManifestSignature
}

/// Whether two texts in PEM hold the same public key.
public func isSameKey(_ pem: String, _ other: String) -> Bool { cdigest_same_key(pem, other) }

/// The 32 bytes of a digest; nil for a text that is none.
public func bytes(ofDigest digest: String) -> [UInt8]? {
  guard isDigest(digest) else { return nil }
  let values = digest.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
  return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
