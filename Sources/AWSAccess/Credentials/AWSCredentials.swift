/// What signs a request.
public struct AWSCredentials: Sendable, Hashable, CustomStringConvertible {
  /// Names the key; no secret.
  public let accessKeyID: String
  /// Signs, and never leaves the process.
  public let secretAccessKey: String
  /// Sent along with what temporary keys sign; nil for lasting keys.
  public let sessionToken: String?
  /// Seconds since 1970; nil for keys that do not expire.
  public let expiration: Double?

  /// `expiration` in seconds since 1970.
  public init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
    expiration: Double? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }

  /// Names the key and nothing that is secret.
  public var description: String { "credentials of \(accessKeyID)" }
}

extension AWSCredentials: CustomReflectable {
  /// `dump` and failing tests print through this.
  public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

/// Gives out credentials that are good for now, however often it is asked.
public protocol AWSCredentialSource: Sendable {
  /// - Throws: `AWSFailure`.
  func credentials() async throws -> AWSCredentials
  /// Tells that AWS refused these as expired: the next ones must be others.
  func refused(_ credentials: AWSCredentials) async
}

/// The same credentials for ever.
public struct FixedCredentials: AWSCredentialSource {
  private let fixed: AWSCredentials

  /// Gives out `credentials` without ever asking for others.
  public init(_ credentials: AWSCredentials) {
    fixed = credentials
  }

  /// Never throws.
  public func credentials() -> AWSCredentials { fixed }

  /// Changes nothing: there are no others.
  public func refused(_ credentials: AWSCredentials) {}
}
