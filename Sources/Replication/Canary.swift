import AWSAccess

/// A small object that is written into a source and timed until it is in the replica.
public struct Canary: Sendable {
  /// What keys of canaries begin with, below the rule's prefix. Query engines pass over names that
  /// begin with a dot.
  public static let folder = ".meshdr-canary/"

  private let source: BucketSite
  private let replica: BucketSite
  private let key: String
  private let pause: @Sendable (Double) async throws -> Void
  private let seconds: @Sendable () -> Double

  /// - Parameters:
  ///   - prefix: of the rule that is tried.
  ///   - name: one that no other canary has.
  ///   - pause: waits for so many seconds.
  ///   - seconds: a clock that never goes back.
  public init(
    source: BucketSite, replica: BucketSite, prefix: String, name: String,
    pause: @escaping @Sendable (Double) async throws -> Void,
    seconds: @escaping @Sendable () -> Double
  ) {
    self.source = source
    self.replica = replica
    self.pause = pause
    self.seconds = seconds
    key = prefix + Self.folder + "." + name
  }

  /// PutObject at the source, HeadObject at the replica once a second, and DeleteObject of that very
  /// version at both, also when it did not arrive or `shouldStop` says so.
  /// - Parameter timeout: seconds after which it counts as late.
  /// - Returns: the outcome, and what could not be removed.
  /// - Throws: `CancellationError`, when the canary has been removed.
  public func fly(
    timeout: Double, shouldStop: @Sendable () -> Bool
  ) async throws -> (outcome: CanaryOutcome, left: [String]) {
    do {
      try await source.s3.put(source.bucket, key, Array("meshdr canary\n".utf8))
    } catch let failure as AWSFailure {
      // A put whose answer was lost may have been carried out.
      return (.refused(failure.description), failure.mayHaveHappened ? await remove() : [])
    }
    let began = seconds()
    var outcome: CanaryOutcome
    do {
      outcome = try await wait(until: began + timeout, began, shouldStop)
    } catch {
      _ = await Task { await remove() }.value
      throw error
    }
    return (outcome, await remove())
  }

  private func wait(
    until end: Double, _ began: Double, _ shouldStop: @Sendable () -> Bool
  ) async throws -> CanaryOutcome {
    while true {
      do {
        if try await replica.s3.version(replica.bucket, key) != nil {
          return .arrived(seconds: seconds() - began)
        }
      } catch let failure as AWSFailure {
        return .refused("the replica can't be asked: \(failure)")
      }
      if shouldStop() { return .refused("interrupted after \(Int(seconds() - began)) s") }
      guard seconds() < end else { return .late(seconds: seconds() - began) }
      try await pause(min(1, max(0.05, end - seconds())))
    }
  }

  /// - Returns: what is still there.
  private func remove() async -> [String] {
    var left: [String] = []
    for side in [source, replica] {
      do {
        guard let version = try await side.s3.version(side.bucket, key) else { continue }
        try await side.s3.delete(side.bucket, key, version: version.id)
      } catch {
        left.append("s3://\(side.bucket)/\(key): \(error)")
      }
    }
    return left
  }
}
