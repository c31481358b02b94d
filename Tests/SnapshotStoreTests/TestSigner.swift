import Foundation
import Testing

@testable import SnapshotStore

/// A key of one's own in a folder.
struct TestSigner: ManifestSigner {
  static let arn = "arn:aws:kms:eu-west-1:111111111111:key/1"
  let algorithm: ManifestSignature.Algorithm
  let folder: String

  init(_ algorithm: ManifestSignature.Algorithm, _ folder: String) throws {
    self.algorithm = algorithm
    self.folder = folder
    let kind =
      algorithm == .rsaPSS
      ? "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
      : "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    let made = try run(
      "bash", "-c",
      "cd \(folder) && openssl genpkey \(kind) -out key.pem 2>/dev/null"
        + " && openssl pkey -in key.pem -pubout -out public.pem")
    try #require(made.status == 0, "\(made.output)")
  }

  var publicKey: String {
    (try? String(contentsOfFile: "\(folder)/public.pem", encoding: .utf8)) ?? ""
  }

  func sign(digest: String, of snapshot: String) async throws -> ManifestSignature {
    let pss =
      algorithm == .rsaPSS
      ? "-pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest" : ""
    let signed = try run(
      "bash", "-c",
      "cd \(folder) && printf %s \(digest) | xxd -r -p > digest && openssl pkeyutl -sign"
        + " -inkey key.pem -in digest -pkeyopt digest:sha256 \(pss) | base64 -w0")
    try #require(signed.status == 0, "\(signed.output)")
    return ManifestSignature(
      snapshot: snapshot, digest: digest, key: Self.arn, publicKey: publicKey,
      algorithm: algorithm, signature: signed.output)
  }
}

/// What wants snapshots to be signed by a `TestSigner`.
func demand(_ publicKey: String? = nil, since: String? = nil) -> SignatureDemand {
  SignatureDemand(key: TestSigner.arn, publicKey: publicKey, since: since.flatMap { UTCTime($0) })
}
