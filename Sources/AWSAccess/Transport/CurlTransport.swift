import CCurl
import Foundation

/// Carries requests with one libcurl multi handle on a thread of its own. Connections are kept
/// and reused; certificates are always verified.
public final class CurlTransport: HTTPTransport {
  /// What holds for all transfers.
  public struct Options: Sendable {
    /// A file of certificates to trust instead of the system's.
    public var certificateFile: String?
    /// Proxy URLs by the scheme of the request; none means that none is used.
    public var proxies: [String: String] = [:]
    /// Hosts without proxy, as `NO_PROXY` lists them.
    public var noProxy = ""
    /// The most transfers to one host at once; more wait in order.
    public var connectionsPerHost = 64
    /// What answers may take in memory until they are taken, in bytes.
    public var answerBytes = 16 << 20
    /// The `User-Agent` of every request.
    public var userAgent = "meshdr"

    /// The system's certificates and no proxy.
    public init() {}
  }

  private let inbox: CurlInbox
  let room: AnswerRoom

  /// Starts the thread; connects to nobody.
  public init(options: Options = Options()) {
    _ = Self.initialized
    let inbox = CurlInbox()
    let room = AnswerRoom(limit: options.answerBytes)
    self.inbox = inbox
    self.room = room
    let thread = Thread { CurlLoop(inbox: inbox, room: room, options: options).run() }
    thread.name = "meshdr-http"
    thread.start()
  }

  deinit {
    inbox.close()
  }

  /// Ends all transfers with a failure, and the thread. Calling it again does nothing.
  public func shutdown() {
    inbox.close()
  }

  /// Waits for its turn behind `connectionsPerHost` others.
  public func perform(_ request: HTTPRequest) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let id = inbox.nextID()
    let response = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        inbox.add(.start(CurlInbox.Job(id: id, request: request, continuation: continuation)))
        // A cancellation before this line found nothing to cancel.
        if Task.isCancelled { inbox.add(.cancel(id)) }
      }
    } onCancel: {
      inbox.add(.cancel(id))
    }
    if room.giveBack(response.body.count) { inbox.add(.resume) }
    return response
  }

  /// `curl_global_init`, once in the process.
  private static let initialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}
