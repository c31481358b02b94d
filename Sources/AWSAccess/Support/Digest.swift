import CCrypto
import Foundation

/// Digests from libcrypto.
public enum Digest {
  /// `SHA256`.
  public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &digest)
    return digest
  }

  /// `SHA1`: the AWS CLI names its cached tokens by it. Not for anything that must be safe.
  static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
    SHA1(bytes, bytes.count, &digest)
    return digest
  }

  /// `HMAC` with SHA-256.
  static func hmac(key: [UInt8], _ message: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    var count = UInt32(digest.count)
    let bytes = Array(message.utf8)
    HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &digest, &count)
    return digest
  }

  /// As S3 has checksums in its headers.
  public static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Two lower-case digits a byte.
  public static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
