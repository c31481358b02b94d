import Foundation
import Testing

@testable import AWSAccess

/// One published vector: a raw request, what both sides write down of it, and its signature.
struct SigV4Vector: CustomTestStringConvertible, Sendable {
  let name: String
  let request: String
  let canonical: String
  let signature: String

  var testDescription: String { name }

  /// The raw request as our encoder would have left it.
  var wire: WireRequest {
    let lines = request.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let words = lines[0].split(separator: " ")
    let target = words[1..<(words.count - 1)].joined(separator: " ")
    let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
    var wire = WireRequest(
      method: String(words[0]), scheme: "https", host: "", path: halves[0], query: [],
      headers: [], body: [])
    for pair in (halves.count > 1 ? halves[1] : "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { Self.decoded(String($0)) }
      wire.query.append((name: parts[0], value: parts.count > 1 ? parts[1] : ""))
    }
    var index = 1
    while index < lines.count, !lines[index].isEmpty {
      add(lines[index], to: &wire)
      index += 1
    }
    if wire.headers["X-Amz-Security-Token"] == nil { wire.headers["X-Amz-Security-Token"] = token }
    wire.body = Array(lines.dropFirst(index + 1).joined(separator: "\n").utf8)
    return wire
  }

  /// The session's token of a vector whose raw request has none yet.
  private var token: String? {
    let mark = "\nx-amz-security-token:"
    return canonical.components(separatedBy: mark).dropFirst().first?.split(separator: "\n").first
      .map(String.init)
  }

  /// A folded line goes on with the value of the field before it.
  private func add(_ line: String, to wire: inout WireRequest) {
    guard let colon = line.firstIndex(of: ":"), line.first != " " else {
      guard let last = wire.headers.fields.last else { return }
      wire.headers[last.name] = "\(last.value)\n\(line)"
      return
    }
    let value = String(line[line.index(after: colon)...])
    if line[..<colon] == "Host" { wire.host = value }
    wire.headers.append(String(line[..<colon]), value)
  }

  private static func decoded(_ text: String) -> String {
    text.removingPercentEncoding ?? text
  }
}

@Suite struct SigV4Tests {
  static let signer = SigV4(
    credentials: AWSCredentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    region: "us-east-1", service: "service", time: 1_440_938_160)

  @Test(arguments: SigV4Vector.a + SigV4Vector.b + SigV4Vector.c)
  func publishedVector(_ vector: SigV4Vector) {
    let wire = vector.wire
    let digest = Digest.hex(Digest.sha256(wire.body))
    let canonical = Self.signer.canonicalRequest(wire, bodyDigest: digest)
    #expect(canonical == vector.canonical)
    #expect(Self.signer.signature(of: Self.signer.stringToSign(canonical)) == vector.signature)
  }

  @Test func allVectorsAreThere() {
    #expect(SigV4Vector.a.count + SigV4Vector.b.count + SigV4Vector.c.count == 34)
  }

  @Test func signingAddsWhatIsSigned() {
    var wire = WireRequest(
      method: "GET", scheme: "https", host: "example.amazonaws.com", path: "/", query: [],
      headers: [], body: [])
    Self.signer.sign(&wire)
    #expect(
      wire.headers["authorization"]
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=host;x-amz-date, "
        + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
  }

  @Test func sessionTokensAreSigned() {
    var wire = WireRequest(
      method: "GET", scheme: "https", host: "h", path: "/", query: [], headers: [], body: [])
    SigV4(
      credentials: AWSCredentials(accessKeyID: "A", secretAccessKey: "S", sessionToken: "T"),
      region: "eu-west-1", service: "glue", time: 0
    ).sign(&wire)
    #expect(wire.headers["X-Amz-Security-Token"] == "T")
    #expect(
      wire.headers["Authorization"]?.contains(
        "SignedHeaders=host;x-amz-date;x-amz-security-token,") == true)
  }

  @Test func headersWhoseNamesBeginAlikeAreSorted() {
    var wire = WireRequest(
      method: "PUT", scheme: "https", host: "h", path: "/a%20b", query: [],
      headers: [
        ("x-amz-server-side-encryption-aws-kms-key-id", "k"),
        ("x-amz-server-side-encryption", "aws:kms"),
      ], body: [])
    let signer = SigV4(
      credentials: Self.signer.credentials, region: "us-east-1", service: "s3", time: 0)
    signer.sign(&wire)
    let names = "x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id,"
    #expect(wire.headers["Authorization"]?.contains(names) == true)
    // S3's paths are signed as they are sent.
    #expect(signer.canonicalRequest(wire, bodyDigest: "").hasPrefix("PUT\n/a%20b\n"))
  }
}
