/// A request in the form of its protocol, not signed yet.
struct WireRequest: Sendable {
  var method: String
  var scheme: String
  var host: String
  /// The path in percent-encoded form, as it is sent.
  var path: String
  /// Names and values, not encoded.
  var query: [(name: String, value: String)]
  var headers: HTTPHeaders
  var body: [UInt8]

  /// The encoded query, sorted as signatures want it: each name with its `=`.
  var encodedQuery: String {
    query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
  }

  var url: String {
    let query = encodedQuery
    return "\(scheme)://\(host)\(path)\(query.isEmpty ? "" : "?\(query)")"
  }
}
