import AWSAccess
import CanonicalJSON

extension Site {
  /// How often a creation is tried whose answers are lost.
  private static let tries = 5

  /// Makes something that AWS would make twice, or refuse the second time without saying why:
  /// where the answer is lost, `exists` tells whether the call was carried out.
  /// - Throws: `AWSFailure`.
  public func createOnce(
    _ operation: AWSOperation, _ input: JSON, unless exists: () async throws -> Bool
  ) async throws {
    for attempt in 1... {
      do {
        _ = try await client.call(operation, input)
        return
      } catch let failure as AWSFailure where failure.mayHaveHappened && attempt < Self.tries {
        if try await exists() { return }
      }
    }
  }
}
