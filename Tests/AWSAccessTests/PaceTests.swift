import Testing

@testable import AWSAccess

@Suite struct PaceTests {
  @Test(arguments: [5.0, 50, 500], [0.2, 1, 2])
  func nearlyAllOfTheLimitIsUsed(limit: Double, bucket: Double) {
    let simulation = PaceSimulation(limit: { _ in limit }, bucket: bucket)
    let outcome = simulation.run(warmUp: 60, end: 240)
    #expect(Double(outcome.good) / 180 >= 0.95 * limit)
    #expect(outcome.throttledShare <= 0.02)
  }

  @Test(arguments: [(500.0, 50.0), (50, 500), (50, 5), (5, 50)])
  func aLimitThatChangesIsFollowed(before: Double, after: Double) {
    let simulation = PaceSimulation(limit: { $0 < 60 ? before : after })
    let whole = simulation.run(warmUp: 20, end: 240)
    let settled = simulation.run(warmUp: 180, end: 240)
    #expect(Double(settled.good) / 60 >= 0.95 * after)
    #expect(whole.throttledShare <= 0.02)
  }

  @Test func theBeginningCostsFewRefusals() {
    for limit in [5.0, 50, 500] {
      let outcome = PaceSimulation(limit: { _ in limit }).run(warmUp: 0, end: 60)
      #expect(outcome.throttledShare <= 0.1, "\(limit): \(outcome)")
    }
  }

  @Test func callsUnderWayAtACutDoNotCutAgain() {
    var model = PaceModel(start: 100)
    model.throttled(generation: 0, now: 1)
    let after = model.rate
    for _ in 0..<20 { model.throttled(generation: 0, now: 1.01) }
    #expect(model.rate == after)
    #expect(after < 100 && after > 50)
  }

  @Test func nothingIsLearnedWhileNobodyWaits() {
    var model = PaceModel(start: 100)
    for _ in 0..<50 { model.succeeded(waited: false, latency: 0.03) }
    #expect(model.rate == 100)
    model.throttled(generation: 0, now: 1)
    let after = model.rate
    for _ in 0..<50 { model.succeeded(waited: false, latency: 0.03) }
    #expect(model.rate == after)
  }

  /// What the pacer allows runs far ahead of what is sent; the cut must go by the latter.
  @Test(arguments: [560.0, 650, 900])
  func aServiceThatIsHardlyFasterThanItsLimitIsUsedNearlyToIt(capacity: Double) {
    let simulation = PaceSimulation(limit: { _ in 500 }, capacity: capacity, callers: 64)
    let outcome = simulation.run(warmUp: 25, end: 120)
    #expect(Double(outcome.good) / 95 >= 0.95 * 500)
    #expect(outcome.throttledShare <= 0.02)
  }

  @Test func callersPassInOrderAtTheRate() async throws {
    let clock = FakeClock()
    let pacer = Pacer(model: PaceModel(start: 1), clock: clock)
    var times: [Double] = []
    for _ in 0..<14 {
      let permit = try await pacer.acquire()
      times.append(clock.now())
      pacer.report(permit, throttled: false)
    }
    #expect(times[0] == 0)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(times[13] > 0.5)
  }

  @Test func untilARefusalSomeCallsMayGoAtOnce() async throws {
    let clock = FakeClock()
    let pacer = Pacer(model: PaceModel(start: 1), clock: clock)
    var first: [Pacer.Permit] = []
    for _ in 0..<11 { first.append(try await pacer.acquire()) }
    #expect(clock.now() == 0)
    pacer.report(first[0], throttled: true)
    try await clock.sleep(seconds: 60)
    let start = clock.now()
    for _ in 0..<4 { _ = try await pacer.acquire() }
    #expect(clock.now() > start + 1)
  }

  @Test func waitingCallersAreLetGoWhenCancelled() async throws {
    // A clock whose sleep ends only by cancellation: the second caller would wait for ever.
    let pacer = Pacer(model: PaceModel(start: 0.2), clock: StoppedClock())
    for _ in 0..<11 { _ = try await pacer.acquire() }
    let second = Task { try await pacer.acquire() }
    await Task.yield()
    second.cancel()
    await #expect(throws: CancellationError.self) { _ = try await second.value }
  }
}

private struct StoppedClock: AWSClock {
  func now() -> Double { 0 }
  func wallTime() -> Double { 0 }
  func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(3600)) }
}
