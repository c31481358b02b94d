import AWSAccess
import Foundation
import MeshModel
import SnapshotStore
import StoreConformance
import Synchronization
import Testing

@testable import S3Store

/// Snapshots whose bucket is cut off in the middle: what was begun is no snapshot, what was sealed is
/// whole.
@Suite struct LostConnectionTests {
  private let group = PackGroup(account: "1", database: "d")
  private let table = Kind("glue", "table", belongsToDatabase: true)

  /// From so many calls on, none gets through; the last one that does may lose its answer.
  private func cutOff(_ s3: FakeS3, after calls: Int, losesAnswer: Bool) -> FaultingSender {
    let left = Mutex(calls)
    let lost = AWSFailure(
      code: "ConnectionLost", message: "", category: .transient, mayHaveHappened: true)
    return FaultingSender(next: s3) { _ in
      let remaining = left.withLock { left in
        left -= 1
        return left
      }
      if remaining < 0 { return .before(lost) }
      return remaining == 0 && losesAnswer ? .after(lost) : nil
    }
  }

  private func snapshot(
    _ time: String, _ bodies: Int, in store: S3Store
  ) async throws -> Manifest {
    let point = try #require(UTCTime(time))
    let scratch = NSTemporaryDirectory()
    let clock = StoreClock(now: { point }, sleep: { _ in })
    let writer = try await Archive(store: store).writer(
      id: SnapshotID.make(recoveryPoint: point, suffix: 1), scratchDirectory: scratch, clock: clock)
    var records = RecordList(
      (0..<3).map {
        Record(
          key: RecordKey(account: "1", kind: table, path: ["d", "t\($0)"]),
          value: ["Note": .string("\(bodies)")])
      })
    try await writer.write(group: group, records: &records)
    return try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "0.1.0", mesh: "m", region: "us-east-1", recoveryPoint: point,
        finished: point, accounts: [CapturedAccount(id: "1", name: "a", complete: true)],
        meshFile: "mesh: m\n"))
  }

  @Test(arguments: [false, true])
  func atEveryCallOfASnapshot(losesAnswer: Bool) async throws {
    var isDone = false
    var sealed = 0
    for calls in 1..<80 where !isDone {
      let s3 = FakeS3()
      let first = try await snapshot("2026-11-22T02:00Z", 1, in: try S3Store.over(s3))
      // Small enough that the pack goes up in parts.
      var options = S3StoreOptions()
      options.partsFrom = 200
      options.partSize = 128
      let cut = cutOff(s3, after: calls, losesAnswer: losesAnswer)
      let lost = try S3Store.over(cut, options: options)
      let found = await code { _ = try await snapshot("2026-11-23T02:00Z", 2, in: lost) }
      isDone = found == nil
      #expect(isDone || found == .io, "\(calls) calls")
      let archive = Archive(store: try S3Store.over(s3))
      let newest = try await archive.find("latest")
      if newest.id != first.id { sealed += 1 }
      #expect(try await archive.verify(newest, everySnapshot: true).damaged == [], "\(calls)")
      let next = try await snapshot("2026-11-24T02:00Z", 2, in: try S3Store.over(s3))
      #expect(try await archive.verify(next, everySnapshot: true).damaged == [], "\(calls)")
    }
    // The snapshot is there before its claim is taken back.
    #expect(isDone && sealed > 1)
  }
}
