import CanonicalJSON

/// Reads answers as the call wanted them.
enum ReplyDecoder {
  /// - Throws: `AWSFailure` with the code `DamagedAnswer` for a body that is not whole.
  static func content(
    of reply: AWSReply, to call: AWSCall
  ) throws(AWSFailure) -> AWSReply.Content? {
    if let content = reply.content { return content }
    do throws(JSONError) {
      switch call.form {
      case .bytes: return nil
      case .value: return .value(try value(of: reply, to: call.operation))
      case .page(let list, let naming):
        return .page(try page(of: reply, to: call.operation, list: list, naming: naming))
      case .objects: return .objects(try S3ObjectPage(parsing: reply.body))
      }
    } catch {
      throw AWSFailure(
        call, code: AWSFailure.Code.damagedAnswer,
        message: "\(error.message) in an answer of \(reply.body.count) bytes",
        category: .transient, mayHaveHappened: true)
    }
  }

  private static func page(
    of reply: AWSReply, to operation: AWSOperation, list: String, naming: String?
  ) throws(JSONError) -> JSONPage {
    if operation.service.answersInJSON {
      return try JSONReader.pooled { (reader) throws(JSONError) in
        try reader.page(reply.body, list: list, naming: naming)
      }
    }
    var rest = try value(of: reply, to: operation)
    let found = rest[list]
    rest[list] = nil
    return JSONPage(
      elements: JSONElements((found?.array ?? []).map(\.canonicalBytes)), listFound: found != nil,
      rest: rest)
  }

  private static func value(
    of reply: AWSReply, to operation: AWSOperation
  ) throws(JSONError) -> JSON {
    var result = try bodyValue(of: reply, to: operation)
    for (name, member) in operation.rest?.outputHeaders ?? [:] {
      if name.hasSuffix("-") {
        result[member] = group(name, reply.headers)
      } else if let text = reply.headers[name] {
        result[member] = .string(text)
      }
    }
    return result
  }

  private static func bodyValue(
    of reply: AWSReply, to operation: AWSOperation
  ) throws(JSONError) -> JSON {
    let rest = operation.rest
    if rest?.outputIsBytes == true { return [:] }
    guard !reply.body.isEmpty else {
      guard !needsBody(operation) else { throw JSONError("no body") }
      return [:]
    }
    guard let shape = operation.xmlOutput else {
      let value = try JSON(parsing: reply.body)
      guard case .object = value else { throw JSONError("an answer that is not an object") }
      return value
    }
    let root = try XMLElement.parse(reply.body)
    guard root.name != "Error" else { throw JSONError("an error in a successful answer") }
    if case .query = operation.service.wire {
      return (root["\(operation.name)Result"] ?? root).json(shape, of: operation.service)
    }
    // Some answers of S3 are their only member.
    if root.children.isEmpty, !root.text.isEmpty {
      return .object([root.name: .string(root.text)])
    }
    guard let payload = rest?.outputPayload,
      case .object(let members) = AWSShape.xml(shape, of: operation.service),
      let member = members.first(where: { $0.name == payload })
    else { return root.json(shape, of: operation.service) }
    return .object([payload: root.json(member.shape, of: operation.service)])
  }

  /// What reads, and what may report failed entries, always says something, `{}` at least.
  private static func needsBody(_ operation: AWSOperation) -> Bool {
    operation.method != "HEAD" && (operation.effect == .read || operation.batch != nil)
  }

  private static func group(_ prefix: String, _ headers: HTTPHeaders) -> JSON {
    let found = headers.fields.filter { $0.name.lowercased().hasPrefix(prefix) }
    return .object(
      Dictionary(
        found.map { (String($0.name.lowercased().dropFirst(prefix.count)), JSON.string($0.value)) }
      ) { first, _ in first })
  }
}
