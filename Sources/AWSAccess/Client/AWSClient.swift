import CanonicalJSON

/// One account in one region, called with credentials for it.
public struct AWSClient: Sendable {
  /// Twelve digits.
  public let account: String
  /// The region whose endpoints are called; partition-wide services are called where they live.
  public let region: AWSRegion
  /// The role that calls; nil where the caller's own credentials are used and nobody has asked
  /// whose they are.
  public let roleARN: String?

  let sender: any AWSSender
  let credentials: (any AWSCredentialSource)?
  let clock: any AWSClock
  let retry: RetryPolicy
  let lanes: SerialLanes

  /// A client over a sender of one's own: for tests.
  public init(
    account: String, region: AWSRegion, roleARN: String? = nil, sender: any AWSSender,
    credentials: (any AWSCredentialSource)? = nil, clock: any AWSClock = SystemClock(),
    retry: RetryPolicy = RetryPolicy()
  ) {
    self.init(
      account: account, region: region, roleARN: roleARN, sender: sender,
      credentials: credentials, clock: clock, retry: retry, lanes: SerialLanes())
  }

  init(
    account: String, region: AWSRegion, roleARN: String?, sender: any AWSSender,
    credentials: (any AWSCredentialSource)?, clock: any AWSClock, retry: RetryPolicy,
    lanes: SerialLanes
  ) {
    self.account = account
    self.region = region
    self.roleARN = roleARN
    self.sender = sender
    self.credentials = credentials
    self.clock = clock
    self.retry = retry
    self.lanes = lanes
  }

  /// Makes one call and reads its answer, `{}` where that has no body.
  /// - Throws: `AWSFailure`.
  public func call(_ operation: AWSOperation, _ input: JSON = [:]) async throws -> JSON {
    let reply = try await send(operation, input, form: .value)
    return try value(of: reply, operation, input)
  }

  /// The listing of an operation with pages.
  /// - Parameter naming: a member of each element whose value the pages give apart.
  public func pages(
    _ operation: AWSOperation, _ input: JSON = [:], naming: String? = nil
  ) -> AWSPages {
    AWSPages(client: self, operation: operation, input: input, naming: naming)
  }

  /// All elements of a listing at once: for short ones.
  /// - Throws: `AWSFailure`.
  public func all(_ operation: AWSOperation, _ input: JSON = [:]) async throws -> [JSON] {
    var found: [JSON] = []
    for try await page in pages(operation, input) {
      if page.isRestart { found.removeAll() }
      found += try page.elements.map { element in
        try JSON(parsing: [UInt8(ascii: "[")] + element + [UInt8(ascii: "]")]).array?.first ?? .null
      }
    }
    return found
  }

  /// Runs `body` when all earlier bodies with the same key have ended: for writes on one resource
  /// that must not meet. Keys are apart for each account and region.
  public func serialised<Result: Sendable>(
    on key: String, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await lanes.run(on: "\(account)/\(region)/\(key)", body)
  }

  func send(
    _ operation: AWSOperation, _ input: JSON, body: [UInt8]? = nil, form: AWSCall.Form
  ) async throws -> AWSReply {
    try await sender.send(
      AWSCall(
        operation, account: account.isEmpty ? nil : account, region: region, input: input,
        body: body, form: form,
        credentials: credentials))
  }

  func value(of reply: AWSReply, _ operation: AWSOperation, _ input: JSON) throws -> JSON {
    let call = AWSCall(operation, account: account, region: region, input: input)
    guard case .value(let value)? = try ReplyDecoder.content(of: reply, to: call) else {
      return [:]
    }
    return value
  }
}
