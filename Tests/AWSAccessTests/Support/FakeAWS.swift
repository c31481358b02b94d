import CanonicalJSON
import Foundation

@testable import AWSAccess

/// A transport that answers as STS, Glue and S3 would, and remembers what it was asked.
final class FakeAWS: HTTPTransport {
  struct Sent: Sendable {
    let host: String
    let action: String
    let request: HTTPRequest
  }

  let sent = Collected<Sent>()
  private let answer: @Sendable (Sent) throws -> HTTPResponse?

  /// `answer` comes before the usual answers; nil leaves those.
  init(_ answer: @escaping @Sendable (Sent) throws -> HTTPResponse? = { _ in nil }) {
    self.answer = answer
  }

  func perform(_ request: HTTPRequest) async throws -> HTTPResponse {
    let form = String(decoding: request.body, as: UTF8.self)
    let target = request.headers["X-Amz-Target"]?.split(separator: ".").last.map(String.init)
    let action =
      target
      ?? form.split(separator: "&").first { $0.hasPrefix("Action=") }
      .map { String($0.dropFirst(7)) }
    let host = request.url.components(separatedBy: "/").dropFirst(2).first ?? ""
    let sent = Sent(host: host, action: action ?? request.method, request: request)
    self.sent.add(sent)
    return try answer(sent) ?? usual(sent.action)
  }

  private func usual(_ action: String) -> HTTPResponse {
    switch action {
    case "AssumeRole":
      let number = sent.all.filter { $0.action == action }.count
      return .text(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA\(number)</AccessKeyId>"
          + "<SecretAccessKey>role-secret-\(number)</SecretAccessKey>"
          + "<SessionToken>role-session-token-\(number)</SessionToken>"
          + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
          + "</AssumeRoleResponse>")
    case "GetCallerIdentity":
      return .text(
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
          + "<Arn>arn:aws:sts::900000000000:assumed-role/oncall/me</Arn><Account>900000000000"
          + "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
    default: return .text("{}", headers: [("x-amzn-RequestId", "request-1")])
    }
  }
}

extension AWSSession {
  /// A session over a fake, with keys in its environment, on a clock that nobody waits for.
  static func over(
    _ transport: any HTTPTransport, clock: any AWSClock = FakeClock(),
    environment: [String: String] = [:], log: AWSLog = .none
  ) throws -> AWSSession {
    var variables = [
      "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": "own-secret-key",
      "AWS_SESSION_TOKEN": "own-session-token",
    ]
    variables.merge(environment) { $1 }
    var configuration = try AWSConfiguration(environment: variables)
    configuration.transport = transport
    configuration.clock = clock
    configuration.log = log
    return try AWSSession(configuration: configuration)
  }
}
