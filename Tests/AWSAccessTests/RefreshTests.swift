import Testing

@testable import AWSAccess

@Suite struct RefreshTests {
  private let clock = FakeClock()

  /// A source whose credentials live for an hour; the count names them.
  private func source(
    _ fetches: Collected<Int>, fails: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) -> RefreshingCredentials {
    let clock = clock
    return RefreshingCredentials(now: { clock.wallTime() }, log: .none) {
      let number = fetches.all.count + 1
      fetches.add(number)
      for _ in 0..<10 { await Task.yield() }
      if fails(number) { throw AWSFailure(code: "Down", message: "") }
      return AWSCredentials(
        accessKeyID: "\(number)", secretAccessKey: "s", expiration: clock.wallTime() + 3600)
    }
  }

  @Test func manyCallersShareOneFetch() async throws {
    let fetches = Collected<Int>()
    let source = source(fetches)
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await source.credentials().accessKeyID } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids == ["1"] && fetches.all == [1])
  }

  @Test func theyAreRenewedBeforeTheyExpire() async throws {
    let fetches = Collected<Int>()
    let source = source(fetches)
    #expect(try await source.credentials().accessKeyID == "1")
    clock.advance(2900)
    #expect(try await source.credentials().accessKeyID == "1")
    clock.advance(200)
    #expect(try await source.credentials().accessKeyID == "2")
  }

  @Test func aFailedRenewalIsBridgedByTheOldOnes() async throws {
    let fetches = Collected<Int>()
    let source = source(fetches) { $0 > 1 }
    _ = try await source.credentials()
    clock.advance(3100)
    #expect(try await source.credentials().accessKeyID == "1")
    #expect(try await source.credentials().accessKeyID == "1")
    #expect(fetches.all == [1, 2])
    clock.advance(600)
    await #expect(throws: AWSFailure.self) { _ = try await source.credentials() }
  }

  @Test func refusedOnesAreReplaced() async throws {
    let fetches = Collected<Int>()
    let source = source(fetches)
    let first = try await source.credentials()
    await source.refused(first)
    let second = try await source.credentials()
    #expect(second.accessKeyID == "2")
    // A late refusal of the first says nothing of the second.
    await source.refused(first)
    #expect(try await source.credentials().accessKeyID == "2")
  }
}
