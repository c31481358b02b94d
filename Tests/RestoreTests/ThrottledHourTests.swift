import AWSAccess
import CanonicalJSON
import Capture
import Foundation
import MeshModel
import SnapshotStore
import Synchronization
import TestSupport
import Testing

@testable import Restore

/// Time that passes when somebody waits for it.
private final class VirtualClock: AWSClock {
  private let time = Mutex(0.0)

  func now() -> Double { time.withLock(\.self) }
  func wallTime() -> Double { 1_764_000_000 + now() }

  func pass(_ seconds: Double) { time.withLock { $0 += max(0, seconds) } }

  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    pass(seconds)
    await Task.yield()
  }
}

/// Nothing may be sent past the script.
private struct NoTransport: HTTPTransport {
  func perform(_ request: HTTPRequest) async throws -> HTTPResponse {
    throw AWSFailure(code: "NoTransport", message: "nothing may be sent")
  }
}

private struct NoBulk: BulkSource {
  func records(
    of kind: any RestorableKind, account: String, at path: [String]
  ) async throws -> MappedRecords {
    throw ArchiveError(.notFound, "\(kind.kind) is in no archive here")
  }
}

private final class Watcher: RestoreObserver {
  let codes = Guarded<[String]>([])

  func progressed(done: Int, of total: Int, phase: Phase, left: Double?) {}
  func failed(_ failure: ChangeFailure) { codes.withLock { $0.append(failure.code) } }
}

/// AWS refuses one operation for an hour, whoever asks and however often.
@Suite struct ThrottledHourTests {
  private let clock = VirtualClock()
  private let mesh = [
    Sample.settings(), Sample.database("sales"), Sample.table("sales", "orders"),
    Sample.table("sales", "lines"), Sample.grant(on: Sample.onTable("sales", "orders")),
    Sample.grant(on: ["Database": ["Name": "sales"]]),
  ]

  private func region() -> ScriptedSender {
    let clock = clock
    return ScriptedSender([
      "CreateDatabase": { _ in [:] },
      "CreateTable": { _ in
        guard clock.now() >= 3600 else {
          throw AWSFailure(
            code: "ThrottlingException", message: "Rate exceeded", status: 400,
            operation: "CreateTable", category: .throttled)
        }
        return [:]
      },
      "BatchGrantPermissions": { _ in ["Failures": []] },
    ])
  }

  /// The account, called through retries and pacing as it is in earnest.
  private func site(_ region: ScriptedSender) async throws -> Site {
    var configuration = try AWSConfiguration(environment: [
      "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret",
    ])
    configuration.clock = clock
    configuration.random = { 1 }
    configuration.transport = NoTransport()
    configuration.intercept = { _ in region }
    let session = try AWSSession(configuration: configuration)
    let client = try await session.client(
      account: Sample.account, role: nil, region: AWSRegion("eu-west-1"))
    return Site(client: client, principal: Sample.restorer)
  }

  private func restore(
    over live: [Record], at site: Site, _ watcher: Watcher, journal path: String
  ) async throws -> ApplyOutcome {
    let kinds = Dictionary(uniqueKeysWithValues: allRestorable.map { ($0.kind.name, $0) })
    let (plan, bodies) = try makePlan(desired: mesh, live: live)
    let graph = ActionGraph(plan, kinds: kinds, desired: bodies, priority: [])
    let journal = try Journal(path: path, now: { "2026-11-24T03:00:00.000Z" })
    let clock = clock
    let sites = [Sample.account: site]
    let applier = Applier(
      sites: sites, desired: bodies, live: [:], bulk: NoBulk(), journal: journal,
      observer: watcher, clock: RunClock(seconds: { clock.now() }, now: { "" }), concurrency: 32,
      shouldStop: { false }, arrival: ShareArrival(sites, clock: clock))
    let outcome = try await applier.apply(graph)
    try journal.finish()
    return outcome
  }

  @Test func whatDoesNotRestOnItIsRestoredAndTheRestComesAfterwards() async throws {
    let path = NSTemporaryDirectory() + "throttled-\(UInt32.random(in: 0...UInt32.max)).ndjson"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (region, watcher) = (region(), Watcher())
    let site = try await site(region)

    let first = try await restore(over: [mesh[0]], at: site, watcher, journal: path)
    #expect(Set(first.done.map(\.key)) == [mesh[1].key, mesh[5].key])
    #expect(Set(first.failures.keys) == [mesh[2].key, mesh[3].key])
    #expect(first.failures.values.allSatisfy { $0.code == "ThrottlingException" })
    #expect(first.skipped == [mesh[4].key])
    #expect(!first.interrupted && watcher.codes.withLock(\.count) == 2)
    // It was tried for minutes, and not for the whole hour.
    #expect(clock.now() > 60 && clock.now() < 3600)
    let tries = region.inputs(of: "CreateTable").count
    #expect(tries > 4 && tries <= 20)
    let written = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(written.count { $0.contains(#""event":"failed""#) && $0.contains("Throttling") } == 2)

    // What it did is there when it goes on, and is not done again.
    clock.pass(3600)
    let there = [mesh[0], mesh[1], mesh[5]]
    let second = try await restore(over: there, at: site, watcher, journal: path)
    #expect(second.failures.isEmpty && second.skipped.isEmpty)
    #expect(Set(second.done.map(\.key)) == [mesh[2].key, mesh[3].key, mesh[4].key])
    #expect(region.inputs(of: "CreateTable").count == tries + 2)
    #expect(region.inputs(of: "CreateDatabase").count == 1)
    #expect(region.inputs(of: "BatchGrantPermissions").count == 2)
  }
}
