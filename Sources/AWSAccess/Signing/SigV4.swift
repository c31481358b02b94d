/// Signature Version 4, for one service and region.
struct SigV4 {
  let credentials: AWSCredentials
  let region: String
  let service: String
  /// Seconds since 1970 by the service's clock.
  let time: Double
  /// Keys that were derived before.
  var keys = SigningKeys()

  /// Adds `X-Amz-Date`, the session's token and, for S3, the body's digest, then `Authorization`
  /// over all headers that the request has by then.
  func sign(_ request: inout WireRequest) {
    let digest = Digest.hex(Digest.sha256(request.body))
    request.headers["Host"] = request.host
    request.headers["X-Amz-Date"] = Timestamps.basic(time)
    request.headers["X-Amz-Security-Token"] = credentials.sessionToken
    if isS3 { request.headers["X-Amz-Content-Sha256"] = digest }
    let headers = Self.canonicalHeaders(request.headers)
    let canonical = canonicalRequest(request, headers, bodyDigest: digest)
    request.headers["Authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
      + "SignedHeaders=\(Self.names(headers)), Signature=\(signature(of: stringToSign(canonical)))"
  }

  /// The request as both sides write it down before they sign.
  func canonicalRequest(_ request: WireRequest, bodyDigest: String) -> String {
    canonicalRequest(request, Self.canonicalHeaders(request.headers), bodyDigest: bodyDigest)
  }

  private func canonicalRequest(
    _ request: WireRequest, _ headers: [Header], bodyDigest: String
  ) -> String {
    var text = "\(request.method)\n\(canonicalPath(request.path))\n\(request.encodedQuery)\n"
    for header in headers { text += "\(header.name):\(header.value)\n" }
    return text + "\n\(Self.names(headers))\n\(bodyDigest)"
  }

  func stringToSign(_ canonicalRequest: String) -> String {
    let digest = Digest.hex(Digest.sha256(Array(canonicalRequest.utf8)))
    return "AWS4-HMAC-SHA256\n\(Timestamps.basic(time))\n\(scope)\n\(digest)"
  }

  func signature(of stringToSign: String) -> String {
    let key = keys.key(
      for: .init(
        secret: credentials.secretAccessKey, day: day, region: region, service: service))
    return Digest.hex(Digest.hmac(key: key, stringToSign))
  }

  private var day: String { Timestamps.day(time) }
  private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }
  private var isS3: Bool { service == "s3" }

  /// S3 takes the path as it is sent; the other services tidy it and encode it once more.
  private func canonicalPath(_ path: String) -> String {
    guard !isS3, path != "/" else { return path }
    var kept: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        _ = kept.popLast()
      } else {
        kept.append(part)
      }
    }
    let tidy = "/" + kept.joined(separator: "/")
    let endsOpen = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
    return PercentEncoding.encode(tidy + (endsOpen && tidy != "/" ? "/" : ""), keeping: "/")
  }

  private typealias Header = (name: String, value: String)

  private static func names(_ headers: [Header]) -> String {
    headers.map(\.name).joined(separator: ";")
  }

  /// Lower-cased, sorted by name; values trimmed, runs of white space as one space, fields of one
  /// name joined in their order.
  private static func canonicalHeaders(_ headers: HTTPHeaders) -> [Header] {
    var fields: [Header] = []
    for field in headers.fields {
      let name = field.name.lowercased()
      let value = isTidy(field.value) ? field.value : tidy(field.value)
      if let index = fields.firstIndex(where: { $0.name == name }) {
        fields[index].value += "," + value
      } else {
        fields.append((name, value))
      }
    }
    return fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Whether there is no white space in a text but single spaces between words.
  private static func isTidy(_ text: String) -> Bool {
    var last = UInt8(ascii: " ")
    for byte in text.utf8 {
      if byte < 0x20 || (byte == UInt8(ascii: " ") && last == byte) { return false }
      last = byte
    }
    return last != UInt8(ascii: " ")
  }

  private static func tidy(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }.joined(separator: " ")
  }
}

/// The keys that signatures are made with. Each is derived from a secret for one day, region and
/// service, in four steps that all calls of that day share.
final class SigningKeys: Sendable {
  struct Name: Hashable {
    let secret: String
    let day: String
    let region: String
    let service: String
  }

  private let keys = Locked<[Name: [UInt8]]>([:])
  /// Beyond this those of former days and sessions are forgotten, and with them all others.
  private static let most = 1_000

  func key(for name: Name) -> [UInt8] {
    if let key = keys.withLock({ $0[name] }) { return key }
    let first = Digest.hmac(key: Array("AWS4\(name.secret)".utf8), name.day)
    let key = [name.region, name.service, "aws4_request"].reduce(first) {
      Digest.hmac(key: $0, $1)
    }
    keys.withLock { keys in
      if keys.count >= Self.most { keys.removeAll() }
      keys[name] = key
    }
    return key
  }
}
