import CanonicalJSON

/// An entry of a batch that failed for good.
public struct AWSBatchFailure: Error, Sendable {
  /// Where the entry stood in the list that was given.
  public let index: Int
  /// The entry as it was sent.
  public let entry: JSON
  /// The error code, without name space; `UnknownError` where AWS gave none.
  public let code: String
  /// AWS's reason; may be empty.
  public let message: String
}

extension AWSClient {
  /// Sends entries in as few calls as the operation's limit allows, and those again that failed
  /// for reasons that pass. Glue's creations that exist already count as done where an earlier
  /// answer of ours was lost.
  /// - Parameters:
  ///   - input: The input without its entries.
  ///   - entries: Must differ in the part by which AWS names them in a failure.
  /// - Returns: The entries that failed for good, in the order of `entries`.
  /// - Throws: `AWSFailure` when a whole call fails, or answers with a failure of no entry.
  public func batch(
    _ operation: AWSOperation, _ input: JSON, entries: [JSON]
  ) async throws -> [AWSBatchFailure] {
    guard let batch = operation.batch else {
      throw AWSFailure(
        code: AWSFailure.Code.badInput, message: "\(operation.name) takes no batches",
        operation: operation.name, account: account, region: region.name)
    }
    let run = BatchRun(client: self, operation: operation, batch: batch, input: input)
    var failures: [AWSBatchFailure] = []
    for start in stride(from: 0, to: entries.count, by: batch.limit) {
      let end = min(start + batch.limit, entries.count)
      failures += try await run.send((start..<end).map { ($0, entries[$0]) })
    }
    return failures
  }
}

private struct BatchRun {
  typealias Entry = (index: Int, entry: JSON)

  let client: AWSClient
  let operation: AWSOperation
  let batch: AWSOperation.Batch
  let input: JSON

  /// One chunk, until nothing is left that could still go well.
  func send(_ entries: [Entry]) async throws -> [AWSBatchFailure] {
    var waiting = entries
    var final: [AWSBatchFailure] = []
    var attempt = 1
    while !waiting.isEmpty {
      let failures = try await once(waiting)
      let passing = failures.filter { isPassing($0.code) && attempt < client.retry.maxAttempts }
      let lasting = failures.filter { failure in !passing.contains { $0.index == failure.index } }
      final += lasting
      waiting = passing.map { ($0.index, $0.entry) }
      attempt += 1
      if !waiting.isEmpty { try await pause(before: attempt) }
    }
    return final.sorted { $0.index < $1.index }
  }

  private func once(_ entries: [Entry]) async throws -> [AWSBatchFailure] {
    var input = input
    input[batch.entries] = .array(entries.map(\.entry))
    let reply = try await client.send(operation, input, form: .value)
    let answer = try client.value(of: reply, operation, input)
    let byKey = Dictionary(entries.map { (key($0.entry, batch.entryKey), $0) }) { first, _ in first
    }
    return try (answer[batch.failures]?.array ?? []).compactMap { failure in
      guard let entry = byKey[key(failure, batch.failureKey)] else { throw stray(failure, reply) }
      let found = read(failure, of: entry)
      return reply.followsLostAnswer && isDone(found.code) ? nil : found
    }
  }

  private func key(_ value: JSON, _ path: [String]) -> JSON {
    path.reduce(value) { $0[$1] ?? .null }
  }

  private func read(_ failure: JSON, of entry: Entry) -> AWSBatchFailure {
    let error = failure[batch.error]
    return AWSBatchFailure(
      index: entry.index, entry: entry.entry,
      code: ErrorDecoder.normalised(error?["ErrorCode"]?.string) ?? "UnknownError",
      message: error?["ErrorMessage"]?.string ?? "")
  }

  private func isPassing(_ code: String) -> Bool {
    let category = ErrorDecoder.category(AWSFailure(code: code, message: ""))
    return category == .transient || category == .throttled
  }

  /// What our own lost try has done already.
  private func isDone(_ code: String) -> Bool {
    let failure = AWSFailure(code: code, message: "")
    return operation.name.hasPrefix("BatchDelete") ? failure.isNotFound : failure.isAlreadyExists
  }

  private func pause(before attempt: Int) async throws {
    let seconds = client.retry.pause(
      before: attempt, category: .throttled, retryAfter: nil, random: Double.random(in: 0..<1))
    try await client.clock.sleep(seconds: seconds)
  }

  private func stray(_ failure: JSON, _ reply: AWSReply) -> AWSFailure {
    AWSFailure(
      code: AWSFailure.Code.strayBatchFailure,
      message: "a failure of none of the entries sent: \(failure.canonicalText.prefix(300))",
      status: reply.status, operation: operation.name, account: client.account,
      region: client.region.name, requestID: reply.requestID)
  }
}
