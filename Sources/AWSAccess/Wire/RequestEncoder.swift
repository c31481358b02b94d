import CanonicalJSON

/// Puts a call into the wire form of its service.
enum RequestEncoder {
  /// - Throws: `AWSFailure` with the code `InvalidInput` where a part of the path is missing.
  static func encode(_ call: AWSCall, to endpoint: AWSEndpoint) throws(AWSFailure) -> WireRequest {
    var request = WireRequest(
      method: call.operation.method, scheme: endpoint.scheme, host: endpoint.host,
      path: endpoint.basePath + "/", query: [], headers: [], body: [])
    switch call.operation.service.wire {
    case .json(let version, let target):
      request.headers = [
        ("Content-Type", "application/x-amz-json-\(version)"),
        ("X-Amz-Target", "\(target).\(call.operation.name)"),
      ]
      request.body = call.input.canonicalBytes
    case .query(let version):
      request.headers = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
      request.body = Array(form(call, version: version).utf8)
    case .restJSON, .restXML:
      try RESTEncoder(call: call, endpoint: endpoint).encode(into: &request)
    }
    return request
  }

  private static func form(_ call: AWSCall, version: String) -> String {
    var pairs = [("Action", call.operation.name), ("Version", version)]
    for (name, value) in (call.input.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      flatten(value, named: name, into: &pairs)
    }
    return pairs.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }
      .joined(separator: "&")
  }

  /// `Tags.member.1.Key=...`: how the query protocol writes lists and structures.
  private static func flatten(
    _ value: JSON, named name: String, into pairs: inout [(String, String)]
  ) {
    switch value {
    case .array(let elements):
      if elements.isEmpty { pairs.append((name, "")) }
      for (index, element) in elements.enumerated() {
        flatten(element, named: "\(name).member.\(index + 1)", into: &pairs)
      }
    case .object(let members):
      for (member, value) in members.sorted(by: { $0.key < $1.key }) {
        flatten(value, named: "\(name).\(member)", into: &pairs)
      }
    default:
      if let text = value.wireText { pairs.append((name, text)) }
    }
  }
}

extension JSON {
  /// The value as parameters and headers have it; nil for null, lists and structures.
  var wireText: String? {
    switch self {
    case .string(let text): text
    case .number(let token): token
    case .bool(let value): value ? "true" : "false"
    case .null, .unpaired, .array, .object: nil
    }
  }
}
