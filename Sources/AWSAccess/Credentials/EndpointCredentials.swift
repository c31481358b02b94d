import CanonicalJSON
import Foundation

/// Credentials from an HTTP endpoint beside the program: of its container, or of its instance.
struct EndpointCredentials {
  let context: CredentialContext

  private static let timeouts = HTTPTimeouts(connect: 1, idle: 2, total: 5)

  /// The container's endpoint: ECS, and EKS with Pod Identity. Nil where none is named.
  func container() async throws -> AWSCredentials? {
    let environment = context.environment
    guard let url = try containerURL() else { return nil }
    var headers = HTTPHeaders()
    headers["Accept"] = "application/json"
    if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw CredentialContext.failure("the authorization token \(file) cannot be read")
      }
      headers["Authorization"] = String(decoding: data, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } else {
      headers["Authorization"] = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    }
    let response = try await ask(HTTPRequest(url: url, headers: headers), "container endpoint")
    return try read(response, "container endpoint")
  }

  private func containerURL() throws -> String? {
    let environment = context.environment
    if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !path.isEmpty {
      return "http://169.254.170.2\(path)"
    }
    guard let url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !url.isEmpty else {
      return nil
    }
    guard url.hasPrefix("https://") || Self.isLocal(url) else {
      throw CredentialContext.failure("credentials are not fetched without TLS from \(url)")
    }
    return url
  }

  /// Addresses of the machine itself and of its container agents.
  private static func isLocal(_ url: String) -> Bool {
    guard url.hasPrefix("http://") else { return false }
    let authority = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" }
    // What stands before an @ is no host.
    guard !authority.contains("@") else { return false }
    if authority.hasPrefix("[") {
      return ["[::1]", "[fd00:ec2::23]"].contains(String(authority.prefix { $0 != "]" }) + "]")
    }
    let host = authority.prefix { $0 != ":" }
    if ["localhost", "169.254.170.2", "169.254.170.23"].contains(host) { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }

  /// The instance's role, by version 2 of its metadata service only. Nil where no service
  /// answers, the instance has no role, or the environment switches it off.
  func instance() async throws -> AWSCredentials? {
    guard context.environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true",
      let token = try await instanceToken()
    else { return nil }
    let path = "/latest/meta-data/iam/security-credentials/"
    let roles = try await metadata(path, token)
    guard roles.status == 200, let role = Self.text(roles).split(separator: "\n").first else {
      return nil
    }
    return try read(try await metadata(path + role, token), "metadata service")
  }

  private func instanceToken() async throws -> String? {
    let request = HTTPRequest(
      method: "PUT", url: metadataBase + "/latest/api/token",
      headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")])
    do {
      let response = try await ask(request, "metadata service")
      return response.status == 200 ? Self.text(response) : nil
    } catch is AWSFailure {
      return nil
    }
  }

  private func metadata(_ path: String, _ token: String) async throws -> HTTPResponse {
    try await ask(
      HTTPRequest(url: metadataBase + path, headers: [("X-aws-ec2-metadata-token", token)]),
      "metadata service")
  }

  private var metadataBase: String {
    let environment = context.environment
    if let url = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"], !url.isEmpty {
      return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
    let six = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
    return six ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
  }

  private static func text(_ response: HTTPResponse) -> String {
    String(decoding: response.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Asks up to three times: these services refuse work when a machine has just started.
  private func ask(_ request: HTTPRequest, _ what: String) async throws -> HTTPResponse {
    var request = request
    request.timeouts = Self.timeouts
    request.direct = true
    var last = ""
    for attempt in 0..<3 {
      if attempt > 0 { try await context.clock.sleep(seconds: 0.2 * Double(attempt)) }
      do {
        let response = try await context.transport.perform(request)
        guard response.status >= 500 || response.status == 429 else { return response }
        last = "HTTP status \(response.status)"
      } catch let failure as HTTPFailure {
        last = failure.message
        // Nobody there: machines that are no instances should not wait for it.
        if !failure.mayHaveBeenSent { break }
      }
    }
    throw CredentialContext.failure("the \(what) does not answer: \(last)")
  }

  private func read(_ response: HTTPResponse, _ what: String) throws -> AWSCredentials {
    guard response.status == 200, let value = try? JSON(parsing: response.body),
      let credentials = AWSCredentials(value, token: "Token")
    else {
      throw CredentialContext.failure(
        "the \(what) gave no credentials: HTTP status \(response.status)")
    }
    return credentials
  }
}
