import CanonicalJSON
import Testing

@testable import AWSAccess

/// Random numbers that are the same in every run (SplitMix64).
private final class Dice: Sendable {
  private let state: Locked<UInt64>

  init(seed: UInt64) {
    state = Locked(seed)
  }

  func roll(_ sides: Int) -> Int {
    let mixed = state.withLock { state -> UInt64 in
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
    return Int(mixed % UInt64(sides))
  }
}

/// A catalog of 250 tables, and of whatever databases are made and partitions written in it.
private final class Catalog: AWSSender {
  private let state = Locked((databases: Set<String>(), partitions: Set<String>(), writes: 0))

  var databases: Set<String> { state.withLock { $0.databases } }
  var partitions: Set<String> { state.withLock { $0.partitions } }

  func send(_ call: AWSCall) async throws -> AWSReply {
    switch call.operation.name {
    case "GetTables": return tables(after: call.input["NextToken"]?.string)
    case "CreateDatabase":
      let name = call.input["DatabaseInput"]?["Name"]?.string ?? ""
      let isNew = state.withLock { $0.databases.insert(name).inserted }
      guard isNew else { throw refusal("AlreadyExistsException") }
    case "DeleteDatabase":
      let name = call.input["Name"]?.string ?? ""
      guard state.withLock({ $0.databases.remove(name) }) != nil else {
        throw refusal("EntityNotFoundException")
      }
    default: return write(call.input["PartitionInputList"]?.array ?? [])
    }
    return .json("{}")
  }

  private func tables(after token: String?) -> AWSReply {
    let start = token.flatMap { Int($0) } ?? 0
    let names = (start..<min(start + 10, 250)).map { "{\"Name\":\"t\($0)\"}" }
    let next = start + 10 < 250 ? ",\"NextToken\":\"\(start + 10)\"" : ""
    return .json("{\"TableList\":[\(names.joined(separator: ","))]\(next)}")
  }

  /// Every fifth new partition fails at first, for a reason that passes.
  private func write(_ entries: [JSON]) -> AWSReply {
    let failures = entries.compactMap { entry -> JSON? in
      let values = entry["Values"] ?? []
      let code = state.withLock { state -> String? in
        state.writes += 1
        if state.partitions.contains(values.canonicalText) { return "AlreadyExistsException" }
        if state.writes % 5 == 0 { return "InternalServiceException" }
        state.partitions.insert(values.canonicalText)
        return nil
      }
      return code.map {
        ["PartitionValues": values, "ErrorDetail": ["ErrorCode": .string($0)]]
      }
    }
    return .json(JSON.object(["Errors": .array(failures)]).canonicalText)
  }

  private func refusal(_ code: String) -> AWSFailure {
    AWSFailure(code: code, message: "", status: 400)
  }
}

@Suite struct CampaignTests {
  /// A client whose every third try meets one of the faults.
  private func client(over catalog: Catalog, seed: UInt64) -> AWSClient {
    let dice = Dice(seed: seed)
    let faulting = FaultingSender(next: catalog) { _ in
      func failure(_ category: AWSFailure.Category, lost: Bool = false) -> AWSFailure {
        AWSFailure(code: "Injected", message: "", category: category, mayHaveHappened: lost)
      }
      switch dice.roll(15) {
      case 0: return .before(failure(.throttled))
      case 1: return .before(failure(.transient))
      case 2: return .after(failure(.transient, lost: true))
      case 3: return .truncate(dice.roll(8))
      case 4: return .before(failure(.transient, lost: true))
      default: return nil
      }
    }
    let clock = FakeClock()
    let sender = RetryingSender(
      next: PacingSender(next: DecodingSender(next: faulting), clock: clock),
      policy: RetryPolicy(), clock: clock, random: { 0.5 })
    return .over(sender)
  }

  @Test(arguments: UInt64(1)...30)
  func listingsAreWhole(seed: UInt64) async throws {
    let found = try await client(over: Catalog(), seed: seed)
      .all(.glueGetTables, ["DatabaseName": "d", "MaxResults": 10])
    #expect(found.compactMap { $0["Name"]?.string } == (0..<250).map { "t\($0)" })
  }

  @Test(arguments: UInt64(1)...30)
  func writesHappenOnceAndAreKnownToHaveHappened(seed: UInt64) async throws {
    let catalog = Catalog()
    let client = client(over: catalog, seed: seed)
    for index in 0..<20 {
      _ = try await client.call(
        .glueCreateDatabase, ["DatabaseInput": ["Name": .string("d\(index)")]])
    }
    for index in 0..<10 {
      _ = try await client.call(.glueDeleteDatabase, ["Name": .string("d\(index)")])
    }
    #expect(catalog.databases == Set((10..<20).map { "d\($0)" }))
    let failures = try await client.batch(
      .glueBatchCreatePartition, [:],
      entries: (0..<250).map { ["Values": [.string("\($0)")]] })
    #expect(failures.isEmpty, "\(failures.map(\.code))")
    #expect(catalog.partitions.count == 250)
  }
}
