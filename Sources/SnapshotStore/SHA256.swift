import CDigest

/// A SHA-256 in the making, by libcrypto's `EVP_DigestUpdate`.
public final class SHA256 {
  private let handle: OpaquePointer

  /// Of nothing, so far.
  public init() {
    guard let handle = cdigest_sha256_create() else {
      preconditionFailure("libcrypto has no SHA-256")
    }
    self.handle = handle
  }

  deinit {
    cdigest_destroy(handle)
  }

  /// Takes over more bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    guard cdigest_update(handle, bytes.baseAddress, bytes.count) else {
      preconditionFailure("libcrypto refused to go on with a digest")
    }
  }

  /// The digest as 64 lower-case hexadecimal digits. What follows is a new digest.
  public func finish() -> String {
    var bytes = [UInt8](repeating: 0, count: Int(CDIGEST_SHA256_SIZE))
    guard cdigest_finish(handle, &bytes) else {
      preconditionFailure("libcrypto refused to end a digest")
    }
    return hexadecimal(bytes)
  }

  /// Of some bytes, written as `finish` does.
  public static func digest(_ bytes: [UInt8]) -> String {
    let digest = SHA256()
    bytes.withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}

/// Whether a text is a digest as `SHA256` writes it.
func isDigest(_ text: String) -> Bool {
  text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal)
}

/// Lower case only.
func isHexadecimal(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
