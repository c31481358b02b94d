/// Why a call did not succeed.
public struct AWSFailure: Error, Sendable, CustomStringConvertible {
  /// The error's shape name without name space or URI: `AccessDeniedException`. Failures that do
  /// not come from AWS have codes of meshdr's own, listed in `AWSFailure.Code`.
  public var code: String
  /// What AWS or the system says; credentials are taken out of it.
  public var message: String
  /// The HTTP status, where there was an answer.
  public var status: Int?
  /// The operation's name; empty before there was a call.
  public var operation: String
  /// The account that was called; nil for the caller's own.
  public var account: String?
  /// The region that was called.
  public var region: String
  /// AWS's id of the request, for support cases.
  public var requestID: String?
  /// Whether another try can help.
  public var category: Category
  /// How many seconds the service asks to be left alone.
  public var retryAfter: Double?
  /// The service's clock at the time of the answer, in seconds since 1970.
  public var serverTime: Double?
  /// Whether the call may have been carried out although it failed.
  public var mayHaveHappened: Bool
  /// The region of the bucket that was named, where S3 told it.
  public var bucketRegion: String?
  /// How often the call was tried.
  public var attempts: Int

  /// What a caller can do about a failure.
  public enum Category: String, Sendable, Hashable {
    case throttled, transient, expiredCredentials, clockSkew, final
  }

  /// Codes of failures that AWS did not send.
  public enum Code {
    /// No connection, a cut connection, a time-out.
    public static let network = "NetworkFailure"
    /// An answer that is not what its protocol or its length says.
    public static let damagedAnswer = "DamagedAnswer"
    /// A listing that hands out a token for the second time.
    public static let repeatedToken = "RepeatedPageToken"
    /// A failure of a batch that belongs to none of its entries.
    public static let strayBatchFailure = "StrayBatchFailure"
    /// No source of credentials had any, or one had them and could not give them.
    public static let noCredentials = "NoCredentials"
    /// The session was shut down.
    public static let shutDown = "SessionShutDown"
    /// An input that cannot be put into a request.
    public static let badInput = "InvalidInput"
  }

  /// A failure of a first try; `retryAfter` in seconds, `serverTime` in seconds since 1970.
  public init(
    code: String, message: String, status: Int? = nil, operation: String = "",
    account: String? = nil, region: String = "", requestID: String? = nil,
    category: Category = .final, retryAfter: Double? = nil, serverTime: Double? = nil,
    mayHaveHappened: Bool = false
  ) {
    self.code = code
    self.message = message
    self.status = status
    self.operation = operation
    self.account = account
    self.region = region
    self.requestID = requestID
    self.category = category
    self.retryAfter = retryAfter
    self.serverTime = serverTime
    self.mayHaveHappened = mayHaveHappened
    self.attempts = 1
  }

  /// A failure that happened while `call` was made.
  init(
    _ call: AWSCall, code: String, message: String, category: Category = .final,
    mayHaveHappened: Bool = false
  ) {
    self.init(
      code: code, message: message, operation: call.operation.name, account: call.account,
      region: call.region.name, category: category, mayHaveHappened: mayHaveHappened)
  }

  /// Whether the thing that was named is not there.
  public var isNotFound: Bool {
    let codes: Set<String> = ["NotFound", "NoSuchKey", "NoSuchBucket", "NoSuchEntity"]
    return codes.contains(code) || code.hasPrefix("NoSuch")
      || code.hasSuffix("NotFoundException") || code.hasSuffix("NotFoundError")
  }

  /// Whether the thing that was to be made is there.
  public var isAlreadyExists: Bool {
    code.contains("AlreadyExists") || code == "BucketAlreadyOwnedByYou"
  }

  /// Whether the caller lacks a right.
  public var isAccessDenied: Bool {
    code.hasPrefix("AccessDenied") || code == "UnauthorizedOperation" || code == "Forbidden"
      || code == "NotAuthorizedException" || code == "AllAccessDisabled"
  }

  /// One line: where, code, message, request id.
  public var description: String {
    let place = [operation, account, region].compactMap { $0 }.filter { !$0.isEmpty }
    let request = requestID.map { " (request \($0))" } ?? ""
    return "\(place.joined(separator: " ")): \(code): \(message)\(request)"
  }
}
