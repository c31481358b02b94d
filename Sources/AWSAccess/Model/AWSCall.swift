import CanonicalJSON

/// One call of one operation, before any credentials or wire form.
public struct AWSCall: Sendable {
  /// What is called.
  public var operation: AWSOperation
  /// The account that is called, twelve digits; nil for the caller's own.
  public var account: String?
  /// The region whose endpoint is called.
  public var region: AWSRegion
  /// The members of the operation's input shape, in JSON; times as seconds since 1970.
  public var input: JSON
  /// The bytes of an input member that is the whole body, as `PutObject` has it.
  public var body: [UInt8]?
  /// The form in which the answer is wanted.
  public var form: Form
  /// Who signs the call; nil sends it without a signature.
  public var credentials: (any AWSCredentialSource)?

  /// What a decoding sender makes of the answer's body.
  public enum Form: Sendable {
    case bytes
    case value
    case page(list: String, naming: String? = nil)
    /// A page of `ListObjectsV2`, its objects left where they are.
    case objects
  }

  /// `form` says how the answer is read; see the members for the rest.
  public init(
    _ operation: AWSOperation, account: String? = nil, region: AWSRegion, input: JSON = [:],
    body: [UInt8]? = nil, form: Form = .value, credentials: (any AWSCredentialSource)? = nil
  ) {
    self.operation = operation
    self.account = account
    self.region = region
    self.input = input
    self.body = body
    self.form = form
    self.credentials = credentials
  }
}

/// The successful answer to a call.
public struct AWSReply: Sendable {
  /// The HTTP status, 200 to 299.
  public var status: Int
  /// The header fields of the answer.
  public var headers: HTTPHeaders
  /// The bytes of the answer; empty once `content` is there.
  public var body: [UInt8]
  /// AWS's id of the request, for support cases.
  public var requestID: String?
  /// The body as the call wanted it, once a decoding sender has read it.
  public var content: Content?
  /// How many bytes the body had on the wire.
  public var byteCount: Int
  /// How often the call was tried, this time included.
  public var attempts: Int
  /// Whether an earlier try may have been carried out although its answer was lost.
  public var followsLostAnswer: Bool

  /// An answer that has been read.
  public enum Content: Sendable {
    case value(JSON)
    case page(JSONPage)
    case objects(S3ObjectPage)
  }

  /// An answer to a first try; what it counts can be set afterwards.
  public init(
    status: Int = 200, headers: HTTPHeaders = [], body: [UInt8] = [], requestID: String? = nil,
    content: Content? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.requestID = requestID
    self.content = content
    self.byteCount = body.count
    self.attempts = 1
    self.followsLostAnswer = false
  }
}

/// Sends calls. Retry, pacing, logging, decoding and fault injection wrap one another as this.
public protocol AWSSender: Sendable {
  /// - Throws: `AWSFailure`, or `CancellationError` when the task is cancelled.
  func send(_ call: AWSCall) async throws -> AWSReply
}
