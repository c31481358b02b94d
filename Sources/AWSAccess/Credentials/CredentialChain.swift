import Foundation

/// Looks for credentials where AWS clients look, in their order. The first source that is
/// configured decides: what it cannot give is not looked for elsewhere.
struct CredentialChain: Sendable {
  let context: CredentialContext

  /// - Throws: `AWSFailure` with the code `NoCredentials`, or that of STS.
  func credentials() async throws -> AWSCredentials {
    if context.profile == nil, let found = try environmentKeys() { return found }
    if context.profile == nil, let found = try await webIdentity() { return found }
    if let found = try await profile() { return found }
    if let found = try await EndpointCredentials(context: context).container() { return found }
    if let found = try await EndpointCredentials(context: context).instance() { return found }
    throw CredentialContext.failure(
      "no credentials in the environment, a web identity token, the profile "
        + "\(context.chosenProfile.name), a container endpoint or an instance role")
  }

  func environmentKeys() throws -> AWSCredentials? {
    let environment = context.environment
    guard let id = environment["AWS_ACCESS_KEY_ID"], !id.isEmpty else { return nil }
    guard let secret = environment["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty else {
      throw CredentialContext.failure("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not")
    }
    let token = environment["AWS_SESSION_TOKEN"] ?? environment["AWS_SECURITY_TOKEN"]
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: token?.isEmpty == true ? nil : token)
  }

  private func webIdentity() async throws -> AWSCredentials? {
    guard let file = context.environment["AWS_WEB_IDENTITY_TOKEN_FILE"], !file.isEmpty else {
      return nil
    }
    guard let role = context.environment["AWS_ROLE_ARN"], !role.isEmpty else {
      throw CredentialContext.failure("AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not")
    }
    let session = context.environment["AWS_ROLE_SESSION_NAME"]
    return try await RoleCredentials(context: context)
      .withWebIdentity(role: role, tokenFile: file, session: session)
  }

  private func profile() async throws -> AWSCredentials? {
    let (name, named) = context.chosenProfile
    guard context.files.profiles[name] != nil else {
      guard named else { return nil }
      throw CredentialContext.failure("the profile \(name) is in neither of AWS's files")
    }
    let found = try await ProfileCredentials(context: context).credentials(of: name)
    if found == nil, named {
      throw CredentialContext.failure("the profile \(name) has no credentials")
    }
    return found
  }
}
