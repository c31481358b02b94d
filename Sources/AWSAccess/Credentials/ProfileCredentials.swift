/// The credentials that a profile of the shared files describes.
struct ProfileCredentials {
  let context: CredentialContext

  /// Nil where the profile says nothing of credentials.
  /// - Parameter visited: The profiles on the way here, against circles.
  func credentials(
    of name: String, visited: [String] = []
  ) async throws -> AWSCredentials? {
    guard let settings = context.files.profiles[name] else {
      throw CredentialContext.failure("the profile \(name) is in neither of AWS's files")
    }
    if let role = settings["role_arn"], !isOwnSource(name, visited) {
      return try await assumed(role, name, settings, visited + [name])
    }
    if settings["sso_session"] != nil || settings["sso_start_url"] != nil {
      return try await SSOCredentials(context: context).credentials(name, settings)
    }
    if let keys = try fixed(name, settings) { return keys }
    if let command = settings["credential_process"] {
      return try await ProcessCredentials(environment: context.environment).run(command)
    }
    return nil
  }

  /// A profile may assume a role with keys of its own.
  private func isOwnSource(_ name: String, _ visited: [String]) -> Bool {
    visited.last == name
  }

  private func fixed(_ name: String, _ settings: [String: String]) throws -> AWSCredentials? {
    guard let id = settings["aws_access_key_id"], !id.isEmpty else { return nil }
    guard let secret = settings["aws_secret_access_key"], !secret.isEmpty else {
      throw CredentialContext.failure("the profile \(name) has a key id without its secret")
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: settings["aws_session_token"])
  }

  private func assumed(
    _ role: String, _ name: String, _ settings: [String: String], _ visited: [String]
  ) async throws -> AWSCredentials {
    if let device = settings["mfa_serial"] {
      throw CredentialContext.failure(
        "the profile \(name) asks for a code of the MFA device \(device), which meshdr cannot "
          + "read: get a session first, as with `aws sts get-session-token`, or use another "
          + "profile")
    }
    let roles = RoleCredentials(context: context)
    let session = settings["role_session_name"]
    if let file = settings["web_identity_token_file"] {
      return try await roles.withWebIdentity(role: role, tokenFile: file, session: session)
    }
    let source = try await sourceCredentials(name, settings, visited)
    return try await roles.assumed(
      role: role, by: FixedCredentials(source), session: session,
      externalID: settings["external_id"],
      seconds: settings["duration_seconds"].flatMap { Int($0) })
  }

  private func sourceCredentials(
    _ name: String, _ settings: [String: String], _ visited: [String]
  ) async throws -> AWSCredentials {
    if let source = settings["source_profile"] {
      guard source == name || !visited.contains(source) else {
        let circle = (visited + [source]).joined(separator: " → ")
        throw CredentialContext.failure("source_profile goes in a circle: \(circle)")
      }
      if let found = try await credentials(of: source, visited: visited) { return found }
      throw CredentialContext.failure("the profile \(source) has no credentials")
    }
    guard let source = settings["credential_source"] else {
      throw CredentialContext.failure(
        "the profile \(name) has a role_arn and neither source_profile nor credential_source")
    }
    return try await named(source, for: name)
  }

  private func named(_ source: String, for profile: String) async throws -> AWSCredentials {
    let endpoints = EndpointCredentials(context: context)
    let found: AWSCredentials? =
      switch source {
      case "Environment": try CredentialChain(context: context).environmentKeys()
      case "EcsContainer": try await endpoints.container()
      case "Ec2InstanceMetadata": try await endpoints.instance()
      default: nil
      }
    guard let found else {
      throw CredentialContext.failure(
        "the credential_source \(source) of the profile \(profile) has no credentials")
    }
    return found
  }
}
