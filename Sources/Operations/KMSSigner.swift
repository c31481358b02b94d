import AWSAccess
import CanonicalJSON
import MeshFile
import MeshModel
import SnapshotStore

/// Signs manifests with a KMS key, by the caller's own credentials.
struct KMSSigner: ManifestSigner {
  private let client: AWSClient
  private let key: String
  private let publicKey: String
  private let algorithm: ManifestSignature.Algorithm

  /// Asks for the public half of the key: `GetPublicKey`.
  /// - Throws: `AWSFailure`; `CommandFailure` with exit code 2 for a key that can't sign, or another
  ///   than the mesh file's `public_key` is of.
  init(_ signing: MeshFile.Signing, _ session: AWSSession) async throws {
    key = signing.key
    client = try await session.client(
      account: "", role: nil, region: AWSRegion(signing.region))
    let answer = try await client.call(.kmsGetPublicKey, ["KeyId": .string(signing.key)])
    let offered = answer["SigningAlgorithms"]?.strings ?? []
    let known = ManifestSignature.Algorithm.allCases.first { offered.contains($0.rawValue) }
    guard let known, let encoded = answer["PublicKey"]?.string else {
      let needed = ManifestSignature.Algorithm.allCases.map(\.rawValue).joined(separator: " or ")
      throw CommandFailure(.usage, "the key \(signing.key) can't sign with \(needed)")
    }
    algorithm = known
    publicKey = Self.pem(encoded)
    if let expected = signing.publicKey, !isSameKey(expected, publicKey) {
      throw CommandFailure(
        .usage,
        "`public_key` in the mesh file is not that of \(signing.key), which is\n\(publicKey)")
    }
  }

  /// Signs something that is no manifest, and forgets it: what keeps a key from signing is found before
  /// hours of capture, not behind them.
  /// - Throws: `AWSFailure`.
  func rehearse() async throws {
    _ = try await sign(digest: SHA256.digest(Array("meshdr rehearses".utf8)), of: "")
  }

  /// `Sign` of the digest itself. What comes back is checked before it is kept.
  func sign(digest: String, of snapshot: String) async throws -> ManifestSignature {
    let answer = try await client.call(
      .kmsSign,
      [
        "KeyId": .string(key), "Message": .string(Digest.base64(bytes(ofDigest: digest) ?? [])),
        "MessageType": "DIGEST", "SigningAlgorithm": .string(algorithm.rawValue),
      ])
    let signature = ManifestSignature(
      snapshot: snapshot, digest: digest, key: answer["KeyId"]?.string ?? key,
      publicKey: publicKey, algorithm: algorithm, signature: answer["Signature"]?.string ?? "")
    guard signature.isValid else {
      throw AWSFailure(
        code: AWSFailure.Code.damagedAnswer, message: "the signature is not by the key",
        operation: "Sign", region: client.region.name)
    }
    return signature
  }

  private static func pem(_ base64: String) -> String {
    var lines = ["-----BEGIN PUBLIC KEY-----"]
    var rest = base64[...]
    while !rest.isEmpty {
      lines.append(String(rest.prefix(64)))
      rest = rest.dropFirst(64)
    }
    return (lines + ["-----END PUBLIC KEY-----"]).joined(separator: "\n") + "\n"
  }
}

extension MeshFile {
  /// What has to be signed; nil where nothing has to be.
  var signatureDemand: SignatureDemand? {
    signing.map {
      SignatureDemand(
        key: $0.key, publicKey: $0.publicKey, since: $0.since.flatMap { UTCTime("\($0)T00:00Z") })
    }
  }
}
