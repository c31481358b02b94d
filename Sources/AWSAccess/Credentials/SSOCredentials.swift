import CanonicalJSON
import Foundation

/// Credentials of a role in IAM Identity Center, got with the token that `aws sso login` left.
struct SSOCredentials {
  let context: CredentialContext

  /// With a token that is still good, the portal is asked. Without, the AWS CLI is, which can
  /// renew tokens, where it is installed.
  func credentials(_ profile: String, _ settings: [String: String]) async throws -> AWSCredentials {
    let session = settings["sso_session"].flatMap { context.files.ssoSessions[$0] } ?? [:]
    let merged = settings.merging(session) { own, _ in own }
    guard let start = merged["sso_start_url"], let region = merged["sso_region"],
      let account = merged["sso_account_id"], let role = merged["sso_role_name"]
    else {
      throw CredentialContext.failure(
        "the profile \(profile) needs sso_start_url, sso_region, sso_account_id, sso_role_name")
    }
    if let token = cachedToken(settings["sso_session"] ?? start) {
      return try await ask(region, account, role, token)
    }
    return try await exported(profile)
  }

  private func cachedToken(_ name: String) -> String? {
    let file = Digest.hex(Digest.sha1(Array(name.utf8))) + ".json"
    let home = ProfileFiles.home(context.environment)
    guard let data = FileManager.default.contents(atPath: "\(home)/.aws/sso/cache/\(file)"),
      let value = try? JSON(parsing: Array(data)), let token = value["accessToken"]?.string,
      let end = value["expiresAt"]?.string.flatMap(Timestamps.iso8601),
      end > context.clock.wallTime() + 60
    else { return nil }
    return token
  }

  /// `GetRoleCredentials`, by hand: it is the portal's only call, and not signed.
  private func ask(
    _ region: String, _ account: String, _ role: String, _ token: String
  ) async throws -> AWSCredentials {
    let base =
      context.environment["AWS_ENDPOINT_URL_SSO"]
      ?? "https://portal.sso.\(region).\(AWSRegion(region).partition.suffix)"
    let request = HTTPRequest(
      url: "\(base)/federation/credentials?account_id=\(PercentEncoding.encode(account))"
        + "&role_name=\(PercentEncoding.encode(role))",
      headers: [("x-amz-sso_bearer_token", token)])
    guard let response = try? await context.transport.perform(request) else {
      throw CredentialContext.failure("the IAM Identity Center of \(region) does not answer")
    }
    guard response.status == 200, let value = try? JSON(parsing: response.body),
      let credentials = value["roleCredentials"].flatMap({
        AWSCredentials(
          $0, key: "accessKeyId", secret: "secretAccessKey", token: "sessionToken",
          expiration: "expiration")
      })
    else {
      throw CredentialContext.failure(
        "IAM Identity Center refuses \(role) in \(account): HTTP status \(response.status)")
    }
    return credentials
  }

  private func exported(_ profile: String) async throws -> AWSCredentials {
    let process = ProcessCredentials(environment: context.environment)
    guard process.find("aws") != nil else {
      throw CredentialContext.failure(
        "the login of the profile \(profile) has run out: `aws sso login --profile \(profile)`")
    }
    return try await process.run(
      "aws", ["configure", "export-credentials", "--profile", profile, "--format", "process"])
  }
}
