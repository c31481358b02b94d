/// A request as it goes to the wire.
public struct HTTPRequest: Sendable {
  /// Any method; only `POST` and `PUT` send an empty body as such.
  public var method: String
  /// `http` or `https`, percent-encoded; sent as it stands, dots in the path included.
  public var url: String
  /// Sent beside `Host`, `User-Agent` and `Content-Length`.
  public var headers: HTTPHeaders
  /// Sent whole; empty for none.
  public var body: [UInt8]
  /// Whether the transport may send the request again by itself when a kept connection turns
  /// out to be closed.
  public var resendable: Bool
  /// After which the request fails.
  public var timeouts: HTTPTimeouts
  /// Whether proxies of the environment are passed by, as for addresses of the machine itself.
  public var direct: Bool

  /// A `GET` that may be sent again, by default.
  public init(
    method: String = "GET", url: String, headers: HTTPHeaders = [], body: [UInt8] = [],
    resendable: Bool = true, timeouts: HTTPTimeouts = HTTPTimeouts(), direct: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.resendable = resendable
    self.timeouts = timeouts
    self.direct = direct
  }
}

/// How long parts of a transfer may take, in seconds.
public struct HTTPTimeouts: Sendable, Hashable {
  /// For the name, the connection and TLS together.
  public var connect: Double
  /// Without a byte in either direction; whole seconds. libcurl looks at the last five seconds
  /// together, so it may notice that much later.
  public var idle: Int
  /// From first to last byte.
  public var total: Double

  /// Ten, thirty and three hundred seconds by default.
  public init(connect: Double = 10, idle: Int = 30, total: Double = 300) {
    self.connect = connect
    self.idle = idle
    self.total = total
  }
}

/// A whole answer.
public struct HTTPResponse: Sendable {
  /// The HTTP status.
  public var status: Int
  /// Those of the last answer, after any "100 Continue".
  public var headers: HTTPHeaders
  /// The whole body, its length checked.
  public var body: [UInt8]

  /// An answer as a transport gives it.
  public init(status: Int, headers: HTTPHeaders = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no whole answer.
public struct HTTPFailure: Error, Sendable {
  /// libcurl's `CURLcode`; 0 where the failure is not libcurl's.
  public var code: Int
  /// libcurl's message.
  public var message: String
  /// Whether the request may have reached the other side.
  public var mayHaveBeenSent: Bool
  /// Whether another try can go better: not after a bad certificate or URL.
  public var canPass: Bool

  /// For transports other than libcurl, `code` is 0.
  public init(code: Int, message: String, mayHaveBeenSent: Bool, canPass: Bool) {
    self.code = code
    self.message = message
    self.mayHaveBeenSent = mayHaveBeenSent
    self.canPass = canPass
  }
}

/// Carries requests. Redirects are answers like any other.
public protocol HTTPTransport: Sendable {
  /// - Throws: `HTTPFailure` where there is no whole answer, `CancellationError` when the task is
  ///   cancelled, which ends the transfer at once.
  func perform(_ request: HTTPRequest) async throws -> HTTPResponse
}
