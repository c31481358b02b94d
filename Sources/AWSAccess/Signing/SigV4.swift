/// Signature Version 4, for one service and region.
struct SigV4 {
  let credentials: AWSCredentials
  let region: String
  let service: String
  /// Seconds since 1970 by the service's clock.
  let time: Double

  /// Adds `X-Amz-Date`, the session's token and, for S3, the body's digest, then `Authorization`
  /// over all headers that the request has by then.
  func sign(_ request: inout WireRequest) {
    let digest = Digest.hex(Digest.sha256(request.body))
    request.headers["Host"] = request.host
    request.headers["X-Amz-Date"] = Timestamps.basic(time)
    request.headers["X-Amz-Security-Token"] = credentials.sessionToken
    if isS3 { request.headers["X-Amz-Content-Sha256"] = digest }
    let canonical = canonicalRequest(request, bodyDigest: digest)
    request.headers["Authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
      + "SignedHeaders=\(Self.signedNames(request.headers)), "
      + "Signature=\(signature(of: stringToSign(canonical)))"
  }

  /// The request as both sides write it down before they sign.
  func canonicalRequest(_ request: WireRequest, bodyDigest: String) -> String {
    let headers = Self.canonicalHeaders(request.headers)
    return [
      request.method, canonicalPath(request.path), request.encodedQuery,
      headers.map { "\($0.name):\($0.value)\n" }.joined(),
      headers.map(\.name).joined(separator: ";"), bodyDigest,
    ].joined(separator: "\n")
  }

  func stringToSign(_ canonicalRequest: String) -> String {
    let digest = Digest.hex(Digest.sha256(Array(canonicalRequest.utf8)))
    return ["AWS4-HMAC-SHA256", Timestamps.basic(time), scope, digest].joined(separator: "\n")
  }

  func signature(of stringToSign: String) -> String {
    let first = Digest.hmac(key: Array("AWS4\(credentials.secretAccessKey)".utf8), day)
    let key = [region, service, "aws4_request"].reduce(first) { Digest.hmac(key: $0, $1) }
    return Digest.hex(Digest.hmac(key: key, stringToSign))
  }

  private var day: String { Timestamps.day(time) }
  private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }
  private var isS3: Bool { service == "s3" }

  /// S3 takes the path as it is sent; the other services tidy it and encode it once more.
  private func canonicalPath(_ path: String) -> String {
    guard !isS3 else { return path }
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

  private static func signedNames(_ headers: HTTPHeaders) -> String {
    canonicalHeaders(headers).map(\.name).joined(separator: ";")
  }

  /// Lower-cased, sorted by name; values trimmed, runs of white space as one space, fields of one
  /// name joined in their order.
  private static func canonicalHeaders(
    _ headers: HTTPHeaders
  ) -> [(name: String, value: String)] {
    var values: [String: [String]] = [:]
    for field in headers.fields {
      let words = field.value.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }
      values[field.name.lowercased(), default: []].append(words.joined(separator: " "))
    }
    return values.map { (name: $0.key, value: $0.value.joined(separator: ",")) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
