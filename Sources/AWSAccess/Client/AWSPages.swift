import CanonicalJSON

/// The pages of a listing, each fetched while the one before it is worked on.
///
/// A page may be empty although more follow. A token that comes a second time is an error. When a
/// token expires in the middle, the listing begins again, with a page that says so (`isRestart`).
public struct AWSPages: AsyncSequence, Sendable {
  /// A page with its elements in canonical form.
  public typealias Element = JSONPage

  let client: AWSClient
  let operation: AWSOperation
  let input: JSON
  let naming: String?

  /// Begins the listing anew, with its first call at the first `next`.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: PageReader(client: client, operation: operation, input: input, naming: naming))
  }

  /// Not for two tasks at once.
  public final class Iterator: AsyncIteratorProtocol {
    private let reader: PageReader
    private var ahead: Task<PageReader.Step, any Error>?
    private var ended = false

    init(reader: PageReader) {
      self.reader = reader
    }

    deinit {
      ahead?.cancel()
    }

    /// The next page; nil at the end of the listing.
    /// - Throws: `AWSFailure`, or `CancellationError`.
    public func next() async throws -> JSONPage? {
      if ended { return nil }
      let step = try await step()
      if step.more {
        ahead = Task { [reader] in try await reader.next() }
      } else {
        ended = true
      }
      return step.page
    }

    private func step() async throws -> PageReader.Step {
      guard let task = ahead else { return try await reader.next() }
      ahead = nil
      return try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    }
  }
}

/// Walks a listing page by page.
actor PageReader {
  private let client: AWSClient
  private let operation: AWSOperation
  private let input: JSON
  private let naming: String?
  /// By the input members that take its parts.
  private var token: [String: JSON]?
  private var ended = false
  private var seen: Set<[String: JSON]> = []
  private var restarts = 0
  private var isRestart = false

  init(client: AWSClient, operation: AWSOperation, input: JSON, naming: String?) {
    self.client = client
    self.operation = operation
    self.input = input
    self.naming = naming
  }

  struct Step: Sendable {
    let page: JSONPage
    /// Whether another page follows.
    let more: Bool
  }

  func next() async throws -> Step {
    while true {
      if let page = try await fetch() { return Step(page: page, more: !ended) }
    }
  }

  /// One page; nil when its token had expired and the listing begins again.
  private func fetch() async throws -> JSONPage? {
    guard let paging = operation.paging else {
      throw failure(AWSFailure.Code.badInput, "\(operation.name) has no pages")
    }
    var page: JSONPage
    do {
      page = try await fetchPage(paging)
    } catch let failure as AWSFailure where tokenExpired(failure) {
      restart()
      return nil
    }
    try step(to: paging.token(in: page.rest))
    page.isRestart = isRestart
    isRestart = false
    return page
  }

  private func fetchPage(_ paging: AWSOperation.Paging) async throws -> JSONPage {
    var input = input
    if let limit = paging.limit, let largest = paging.largest, input[limit] == nil {
      input[limit] = JSON(largest)
    }
    for (name, part) in token ?? [:] { input[name] = part }
    let form = AWSCall.Form.page(list: paging.list, naming: naming)
    let reply = try await client.send(operation, input, form: form)
    let call = AWSCall(
      operation, account: client.account, region: client.region, form: form)
    guard case .page(let page)? = try ReplyDecoder.content(of: reply, to: call) else {
      throw failure(AWSFailure.Code.damagedAnswer, "no page in the answer")
    }
    return page
  }

  private func step(to next: [String: JSON]?) throws {
    guard let next else {
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
    isRestart = true
    token = nil
    seen.removeAll()
  }

  private func failure(_ code: String, _ message: String) -> AWSFailure {
    AWSFailure(
      code: code, message: message, operation: operation.name, account: client.account,
      region: client.region.name)
  }
}

extension AWSOperation.Paging {
  /// What the next page is asked for with; nil after the last.
  fileprivate func token(in answer: JSON) -> [String: JSON]? {
    func part(_ member: String) -> JSON? {
      guard let value = answer[member], value != .null, value != "" else { return nil }
      return value
    }
    guard let second else { return part(outputToken).map { [inputToken: $0] } }
    guard answer[second.more] == true else { return nil }
    var token: [String: JSON] = [:]
    token[inputToken] = part(outputToken)
    token[second.inputToken] = part(second.outputToken)
    return token
  }
}
