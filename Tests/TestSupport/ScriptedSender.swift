import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Answers calls from a script, and keeps what it was sent. A call without an answer in the script
/// gets an error, so that no test passes by accident.
public final class ScriptedSender: AWSSender {
  public typealias Answer = @Sendable (JSON) throws -> JSON

  private let answers: [String: Answer]
  private let sent = Guarded<[(operation: String, input: JSON)]>([])

  /// - Parameter answers: what each operation answers, by its name.
  public init(_ answers: [String: Answer]) {
    self.answers = answers
  }

  public func send(_ call: AWSCall) async throws -> AWSReply {
    let (name, input) = (call.operation.name, call.input)
    sent.withLock { $0.append((name, input)) }
    guard let answer = answers[name] else {
      throw AWSFailure(code: "NotInTheScript", message: name, operation: name)
    }
    let value = try answer(input)
    var reply = AWSReply(body: value.canonicalBytes)
    // What would come as XML comes as it would be once it was read.
    if call.operation.xmlOutput != nil { reply.content = Self.content(value, call.form) }
    return reply
  }

  private static func content(_ value: JSON, _ form: AWSCall.Form) -> AWSReply.Content? {
    switch form {
    case .bytes, .objects: return nil
    case .value: return .value(value)
    case .page(let list, _):
      var rest = value
      rest[list] = nil
      let elements = (value[list]?.array ?? []).map(\.canonicalBytes)
      return .page(
        JSONPage(
          elements: JSONElements(elements), listFound: value[list] != nil, rest: rest))
    }
  }

  /// The inputs of all calls of an operation, in order.
  public func inputs(of operation: String) -> [JSON] {
    sent.withLock { sent in sent.filter { $0.operation == operation }.map(\.input) }
  }

  /// The operations that were called, in order.
  public var operations: [String] { sent.withLock { $0.map(\.operation) } }

  /// A site whose calls come here.
  public func site(
    account: String = "111111111111",
    principal: String = "arn:aws:iam::111111111111:role/meshdr-restorer"
  ) -> Site {
    Site(
      client: AWSClient(account: account, region: AWSRegion("eu-west-1"), sender: self),
      principal: principal)
  }
}

extension RecordCollector {
  public var keys: [String] { records.map(\.key.text) }
}
