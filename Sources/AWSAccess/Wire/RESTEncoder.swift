import CanonicalJSON

/// Spreads the input of a REST operation over path, query, headers and body.
struct RESTEncoder {
  let call: AWSCall
  let endpoint: AWSEndpoint

  private var rest: AWSOperation.REST { call.operation.rest ?? AWSOperation.REST() }

  func encode(into request: inout WireRequest) throws(AWSFailure) {
    let parts = call.operation.path.split(separator: "?", maxSplits: 1)
    for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
      request.query.append((name: halves[0], value: halves.count > 1 ? halves[1] : ""))
    }
    for (member, name) in rest.query {
      if let text = call.input[member]?.wireText { request.query.append((name: name, value: text)) }
    }
    for (member, name) in rest.headers.sorted(by: { $0.key < $1.key }) {
      addHeader(name, call.input[member], to: &request.headers)
    }
    try setPath(String(parts.first ?? "/"), of: &request)
    try setBody(of: &request)
  }

  /// A name that ends in a hyphen begins a group of headers.
  private func addHeader(_ name: String, _ value: JSON?, to headers: inout HTTPHeaders) {
    guard let value else { return }
    if name.hasSuffix("-"), case .object(let members) = value {
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        if let text = value.wireText { headers.append(name + key, text) }
      }
    } else if let text = value.wireText {
      headers.append(name, text)
    }
  }

  private func setPath(_ template: String, of request: inout WireRequest) throws(AWSFailure) {
    var path = ""
    for part in template.split(separator: "/") {
      guard part.hasPrefix("{"), part.hasSuffix("}") else {
        path += "/\(part)"
        continue
      }
      let greedy = part.hasSuffix("+}")
      let name = String(part.dropFirst().dropLast(greedy ? 2 : 1))
      let member = rest.path[name] ?? name
      guard let value = call.input[member]?.wireText, !value.isEmpty else {
        throw AWSFailure(
          call, code: AWSFailure.Code.badInput, message: "\(member) is missing or empty")
      }
      if name == "Bucket", standsInHost(value) {
        request.host = "\(value).\(request.host)"
      } else {
        path += "/" + PercentEncoding.encode(value, keeping: greedy ? "/" : "")
      }
    }
    request.path = endpoint.basePath + (path.isEmpty ? "/" : path)
  }

  /// AWS's certificates cover one label before S3's host name, so no bucket with dots.
  private func standsInHost(_ bucket: String) -> Bool {
    !endpoint.pathStyle
      && bucket.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      }
  }

  private func setBody(of request: inout WireRequest) throws(AWSFailure) {
    let isXML = call.operation.service.wire == .restXML
    if let body = call.body {
      request.body = body
    } else if let (shape, root) = rest.xmlInput, let payload = rest.payload {
      let value = call.input[payload] ?? [:]
      request.body = XMLWriter(service: call.operation.service).document(value, shape, root: root)
      if rest.needsChecksum {
        request.headers.append(
          "x-amz-checksum-sha256", Digest.base64(Digest.sha256(request.body)))
      }
    } else if !isXML && call.operation.method != "GET" {
      let located = Set(rest.path.values).union(rest.query.keys).union(rest.headers.keys)
      let members = (call.input.object ?? [:]).filter { !located.contains($0.key) }
      if !members.isEmpty || located.isEmpty { request.body = JSON.object(members).canonicalBytes }
    }
    if request.headers["Content-Type"] == nil {
      let type =
        isXML
        ? (call.body == nil ? "application/xml" : "application/octet-stream")
        : "application/json"
      request.headers.append("Content-Type", type)
    }
  }
}
