import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// How many details of one listing are asked for at once.
private let detailsAtOnce = 8

/// Asks for something about each element, a few at once.
/// - Returns: the answers in no certain order, without nils.
/// - Throws: the first error; the rest is cancelled.
func gather<Element: Sendable, Answer: Sendable>(
  _ elements: some Sequence<Element>,
  _ ask: @escaping @Sendable (Element) async throws -> Answer?
) async throws -> [Answer] {
  let answers = Guarded<[Answer]>([])
  try await forEachConcurrently(elements, limit: detailsAtOnce) { element in
    guard let answer = try await ask(element) else { return }
    answers.withLock { $0.append(answer) }
  }
  return answers.withLock(\.self)
}

/// The answer, or nil where what was asked for has vanished since it was listed.
func unlessGone<Answer>(_ ask: () async throws -> Answer) async throws -> Answer? {
  do {
    return try await ask()
  } catch let failure as AWSFailure where failure.isGone {
    return nil
  }
}

extension AWSFailure {
  /// Whether the thing that was named is not there. Athena has no code for that.
  var isGone: Bool {
    isNotFound
      || (code == "InvalidRequestException" && message.lowercased().contains("not found"))
  }
}

extension Site {
  /// Removes something; that it is gone already is no failure.
  /// - Throws: `AWSFailure`.
  func remove(_ operation: AWSOperation, _ input: JSON) async throws {
    _ = try await unlessGone { try await client.call(operation, input) }
  }
}
