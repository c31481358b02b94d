import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct RetryTests {
  private static let throttled = AWSFailure(
    code: "ThrottlingException", message: "", status: 400, category: .throttled)
  private static let lost = AWSFailure(
    code: AWSFailure.Code.network, message: "", category: .transient, mayHaveHappened: true)
  private static let unsent = AWSFailure(
    code: AWSFailure.Code.network, message: "", category: .transient)
  private static let exists = AWSFailure(
    code: "AlreadyExistsException", message: "", status: 400, category: .final)
  private static let gone = AWSFailure(
    code: "EntityNotFoundException", message: "", status: 400, category: .final)

  /// Sends one call whose tries end as the steps say, the last one for ever.
  private func send(
    _ operation: AWSOperation, _ steps: [AWSFailure?], clock: FakeClock = FakeClock(),
    policy: RetryPolicy = RetryPolicy()
  ) async -> (Result<AWSReply, any Error>, tries: Int) {
    let script = ScriptedSender(
      steps.map { step in
        { _ in
          if let step { throw step }
          return .json(#"{"a":1}"#)
        }
      })
    let sender = RetryingSender(next: script, policy: policy, clock: clock, random: { 0.5 })
    do {
      let reply = try await sender.send(AWSCall(operation, region: AWSRegion("eu-west-1")))
      return (.success(reply), script.calls.count)
    } catch {
      return (.failure(error), script.calls.count)
    }
  }

  @Test func passingFailuresAreTriedAgain() async throws {
    let (result, tries) = await send(.glueGetTables, [Self.throttled, Self.lost, nil])
    #expect(try result.get().attempts == 3)
    #expect(tries == 3)
  }

  @Test func finalFailuresAreNot() async {
    let (result, tries) = await send(.glueGetTable, [Self.gone, nil])
    #expect(throws: AWSFailure.self) { try result.get() }
    #expect(tries == 1)
  }

  @Test func triesAreCounted() async {
    var policy = RetryPolicy()
    policy.maxAttempts = 4
    let steps = Array(repeating: Optional(Self.unsent), count: 9)
    let (result, tries) = await send(.glueGetTables, steps, policy: policy)
    #expect(tries == 4)
    guard case .failure(let error) = result else { return #expect(Bool(false)) }
    #expect((error as? AWSFailure)?.attempts == 4)
  }

  @Test func timeIsBounded() async {
    let clock = FakeClock()
    var slow = Self.throttled
    slow.retryAfter = 50
    var policy = RetryPolicy()
    policy.bound = 120
    let steps = Array(repeating: Optional(slow), count: 9)
    let (_, tries) = await send(.glueGetTables, steps, clock: clock, policy: policy)
    #expect(tries == 3)
    #expect(clock.now() == 100)
  }

  @Test func aCreationWhoseAnswerWasLostFindsItselfDone() async throws {
    let (result, tries) = await send(.glueCreateTable, [Self.lost, Self.exists])
    let reply = try result.get()
    #expect(tries == 2)
    #expect(reply.followsLostAnswer)
  }

  @Test func aTwinThatIsNotOursIsAFailure() async {
    let (first, _) = await send(.glueCreateTable, [Self.exists])
    #expect(throws: AWSFailure.self) { try first.get() }
    // The first try was never sent, or refused: it made nothing.
    let (second, _) = await send(.glueCreateTable, [Self.unsent, Self.throttled, Self.exists])
    #expect(throws: AWSFailure.self) { try second.get() }
  }

  @Test func aRemovalWhoseAnswerWasLostFindsItselfDone() async throws {
    let (result, _) = await send(.glueDeleteTable, [Self.lost, Self.gone])
    #expect(try result.get().attempts == 2)
    let (other, _) = await send(.glueUpdateTable, [Self.lost, Self.gone])
    #expect(throws: AWSFailure.self) { try other.get() }
  }

  @Test func whatMightHappenTwiceIsNotRepeated() async {
    let (result, tries) = await send(.athenaStartQueryExecution, [Self.lost, nil])
    #expect(tries == 1)
    guard case .failure(let error) = result else { return #expect(Bool(false)) }
    #expect((error as? AWSFailure)?.mayHaveHappened == true)
    let (_, afterThrottle) = await send(.athenaStartQueryExecution, [Self.throttled, nil])
    #expect(afterThrottle == 2)
  }

  @Test func credentialsAreRenewedAFewTimesOnly() async {
    let expired = AWSFailure(
      code: "ExpiredTokenException", message: "", status: 400, category: .expiredCredentials)
    let steps = Array(repeating: Optional(expired), count: 20)
    let clock = FakeClock()
    let (_, tries) = await send(.glueGetTables, steps, clock: clock)
    #expect(tries == 4)
    #expect(clock.now() == 0)
  }

  @Test func pausesDoubleWithFullJitter() {
    let policy = RetryPolicy()
    func pause(_ attempt: Int, _ random: Double, _ category: AWSFailure.Category = .transient)
      -> Double
    {
      policy.pause(before: attempt, category: category, retryAfter: nil, random: random)
    }
    #expect(pause(2, 0.999_999) < 0.1 && pause(2, 0) == 0)
    #expect(abs(pause(3, 0.5) - 0.1) < 1e-9)
    #expect(abs(pause(5, 0.5) - 0.4) < 1e-9)
    #expect(pause(40, 0.5) == 10)
    #expect(pause(2, 0.5, .throttled) == 0.25)
    #expect(
      policy.pause(before: 2, category: .throttled, retryAfter: 9, random: 0) == 9)
    #expect(
      policy.pause(before: 2, category: .throttled, retryAfter: 9_999, random: 0)
        == policy.longestRetryAfter)
  }
}
