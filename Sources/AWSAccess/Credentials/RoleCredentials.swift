import CanonicalJSON
import Foundation

/// Credentials that STS hands out for a role, from the STS of one region.
struct RoleCredentials {
  let context: CredentialContext

  /// `AssumeRole`.
  func assumed(
    role: String, by source: any AWSCredentialSource, session: String? = nil,
    externalID: String? = nil, seconds: Int? = nil
  ) async throws -> AWSCredentials {
    var input: JSON = ["RoleArn": .string(role)]
    input["RoleSessionName"] = .string(session ?? context.sessionName)
    input["ExternalId"] = externalID.map(JSON.string)
    input["DurationSeconds"] = seconds.map { JSON($0) }
    return try await ask(.stsAssumeRole, input, source, role)
  }

  /// `AssumeRoleWithWebIdentity`, which is not signed. The file is read each time: who writes it
  /// renews the token in it.
  func withWebIdentity(
    role: String, tokenFile: String, session: String?
  ) async throws -> AWSCredentials {
    let home = ProfileFiles.home(context.environment)
    let path = ProfileFiles.expanded(tokenFile, home: home)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CredentialContext.failure("the web identity token \(path) cannot be read")
    }
    let token = String(decoding: data, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let input: JSON = [
      "RoleArn": .string(role), "RoleSessionName": .string(session ?? context.sessionName),
      "WebIdentityToken": .string(token),
    ]
    return try await ask(.stsAssumeRoleWithWebIdentity, input, nil, role)
  }

  private func ask(
    _ operation: AWSOperation, _ input: JSON, _ source: (any AWSCredentialSource)?, _ role: String
  ) async throws -> AWSCredentials {
    let call = AWSCall(
      operation, region: context.region, input: input, form: .value, credentials: source)
    do {
      let reply = try await context.sender.send(call)
      guard case .value(let value)? = try ReplyDecoder.content(of: reply, to: call),
        let credentials = value["Credentials"].flatMap({ AWSCredentials($0, token: "SessionToken") }
        )
      else { throw CredentialContext.failure("STS answered for \(role) without credentials") }
      return credentials
    } catch var failure as AWSFailure {
      failure.message = "\(role): \(failure.message)"
      throw failure
    }
  }
}
