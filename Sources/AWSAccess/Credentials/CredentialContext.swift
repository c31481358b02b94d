import CanonicalJSON

/// What sources of credentials need of their surroundings.
struct CredentialContext: Sendable {
  let environment: [String: String]
  let files: ProfileFiles
  let profile: String?
  let transport: any HTTPTransport
  let clock: any AWSClock
  /// Carries calls to STS, signed with what the call itself holds.
  let sender: any AWSSender
  /// The region whose STS is asked.
  let region: AWSRegion
  let sessionName: String

  /// The profile that is used, and whether somebody named it.
  var chosenProfile: (name: String, named: Bool) {
    if let name = profile ?? environment["AWS_PROFILE"], !name.isEmpty { return (name, true) }
    return ("default", false)
  }

  /// A failure to get credentials that no retry mends.
  static func failure(_ message: String) -> AWSFailure {
    AWSFailure(code: AWSFailure.Code.noCredentials, message: message)
  }
}

extension AWSCredentials {
  /// Reads credentials under the names that one of the sources gives their parts.
  init?(
    _ value: JSON, key: String = "AccessKeyId", secret: String = "SecretAccessKey",
    token: String, expiration: String = "Expiration"
  ) {
    guard let id = value[key]?.string, let secret = value[secret]?.string, !id.isEmpty,
      !secret.isEmpty
    else { return nil }
    // SSO counts milliseconds, the others write dates.
    let end = value[expiration]
    let seconds = end?.integer.map { Double($0) / 1000 } ?? end?.string.flatMap(Timestamps.iso8601)
    let session = value[token]?.string
    self.init(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: session?.isEmpty == true ? nil : session,
      expiration: seconds)
  }
}
