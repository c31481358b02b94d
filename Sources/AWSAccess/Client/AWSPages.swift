import CanonicalJSON

/// The pages of a listing, each fetched while the one before it is worked on.
///
/// A page may be empty although more follow. A token that comes a second time is an error. When a
/// token expires in the middle, the listing begins again and goes on with the elements that have
/// not been handed out: an element that AWS changed meanwhile comes twice, and the later one
/// holds.
public struct AWSPages: AsyncSequence, Sendable {
  /// A page with its elements in canonical form.
  public typealias Element = JSONPage

  let client: AWSClient
  let operation: AWSOperation
  let input: JSON

  /// Begins the listing anew, with its first call at the first `next`.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: PageReader(client: client, operation: operation, input: input))
  }

  /// Not for two tasks at once.
  public final class Iterator: AsyncIteratorProtocol {
    private let reader: PageReader
    private var ahead: Task<JSONPage?, any Error>?

    init(reader: PageReader) {
      self.reader = reader
    }

    deinit {
      ahead?.cancel()
    }

    /// The next page; nil at the end of the listing.
    /// - Throws: `AWSFailure`, or `CancellationError`.
    public func next() async throws -> JSONPage? {
      let task = ahead ?? fetch()
      ahead = nil
      let page = try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
      if page != nil { ahead = fetch() }
      return page
    }

    private func fetch() -> Task<JSONPage?, any Error> {
      Task { [reader] in try await reader.next() }
    }
  }
}

/// Half of an element's SHA-256: sixteen bytes in one place for each element of a long listing.
private struct ElementDigest: Hashable {
  let high: UInt64
  let low: UInt64

  init(_ element: [UInt8]) {
    let digest = Digest.sha256(element)
    high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// Walks a listing page by page.
actor PageReader {
  private let client: AWSClient
  private let operation: AWSOperation
  private let input: JSON
  private var token: JSON?
  private var ended = false
  private var seen: Set<JSON> = []
  private var restarts = 0
  /// Digests of the elements handed out, for the case that the listing has to begin again.
  private var delivered: [ElementDigest] = []
  private var skipped: Set<ElementDigest> = []

  init(client: AWSClient, operation: AWSOperation, input: JSON) {
    self.client = client
    self.operation = operation
    self.input = input
  }

  func next() async throws -> JSONPage? {
    while !ended {
      guard let page = try await fetch() else { continue }
      return page
    }
    return nil
  }

  /// One page; nil when its token had expired and the listing begins again.
  private func fetch() async throws -> JSONPage? {
    guard let paging = operation.paging else {
      throw failure(AWSFailure.Code.badInput, "\(operation.name) has no pages")
    }
    let page: JSONPage
    do {
      page = try await fetchPage(paging)
    } catch let failure as AWSFailure where tokenExpired(failure) {
      restart()
      return nil
    }
    try step(to: page.rest[paging.outputToken])
    return withoutDelivered(page)
  }

  private func fetchPage(_ paging: AWSOperation.Paging) async throws -> JSONPage {
    var input = input
    if let limit = paging.limit, let largest = paging.largest, input[limit] == nil {
      input[limit] = JSON(largest)
    }
    if let token { input[paging.inputToken] = token }
    let reply = try await client.send(operation, input, form: .page(list: paging.list))
    let call = AWSCall(
      operation, account: client.account, region: client.region, form: .page(list: paging.list))
    guard case .page(let page)? = try ReplyDecoder.content(of: reply, to: call) else {
      throw failure(AWSFailure.Code.damagedAnswer, "no page in the answer")
    }
    return page
  }

  private func step(to next: JSON?) throws {
    guard let next, next != .null, next != "" else {
      ended = true
      return
    }
    guard seen.insert(next).inserted else {
      throw failure(
        AWSFailure.Code.repeatedToken, "the listing came back to a page that it had before")
    }
    token = next
  }

  /// A refusal of a token that AWS itself gave means that it is too old.
  private func tokenExpired(_ failure: AWSFailure) -> Bool {
    guard token != nil, failure.category == .final, failure.status == 400, restarts < 3 else {
      return false
    }
    let words = "\(failure.code) \(failure.message)".lowercased()
    return words.contains("token") && !words.contains("security token")
  }

  private func restart() {
    restarts += 1
    token = nil
    seen.removeAll()
    skipped = Set(delivered)
  }

  private func withoutDelivered(_ page: JSONPage) -> JSONPage {
    guard !(ended && restarts == 0) else { return page }
    var page = page
    let digests = page.elements.map(ElementDigest.init)
    if restarts > 0 {
      page.elements = zip(page.elements, digests).filter { !skipped.contains($0.1) }.map(\.0)
      delivered += digests.filter { !skipped.contains($0) }
    } else {
      delivered += digests
    }
    return page
  }

  private func failure(_ code: String, _ message: String) -> AWSFailure {
    AWSFailure(
      code: code, message: message, operation: operation.name, account: client.account,
      region: client.region.name)
  }
}
