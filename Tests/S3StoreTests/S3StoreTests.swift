import AWSAccess
import CanonicalJSON
import Foundation
import SnapshotStore
import StoreConformance
import Synchronization
import Testing

@testable import S3Store

/// The store over a bucket in memory, in fair weather and foul.
@Suite struct S3StoreTests {
  /// Small enough that parts are tried out with a few bytes.
  private var small: S3StoreOptions {
    var options = S3StoreOptions()
    options.partsFrom = 40
    options.partSize = 16
    return options
  }

  @Test(arguments: StoreConformance.checks.keys.sorted())
  func conforms(_ name: String) async throws {
    let check = try #require(StoreConformance.checks[name])
    try await check(try S3Store.over(FakeS3()))
  }

  @Test func writesSayWhatTheyAre() async throws {
    let s3 = FakeS3()
    let store = try S3Store.over(s3)
    _ = try await store.put("packs/ab/x.tar.zst", .bytes([1, 2, 3]))
    let object = try #require(s3.objects["p/packs/ab/x.tar.zst"])
    #expect(object.headers.contains { $0 == ("x-amz-meta-sha256", SHA256.digest([1, 2, 3])) })
  }

  /// Dice that fall alike in every run (SplitMix64).
  private final class Dice: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) {
      state = Mutex(seed)
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

  /// Every third call fails, before or after it was carried out, or its answer is cut.
  private func spoiled(_ s3: FakeS3, seed: UInt64) -> FaultingSender {
    let dice = Dice(seed: seed)
    return FaultingSender(next: s3) { call in
      func failure(_ category: AWSFailure.Category, lost: Bool = false) -> AWSFailure {
        AWSFailure(code: "Injected", message: "", category: category, mayHaveHappened: lost)
      }
      switch dice.roll(12) {
      case 0: return .before(failure(.throttled))
      case 1: return .before(failure(.transient, lost: true))
      case 2: return .after(failure(.transient, lost: true))
      case 3
      where ["GetObject", "ListObjectsV2"].contains(call.operation.name) && dice.roll(3) == 0:
        return .truncate(dice.roll(20))
      default: return nil
      }
    }
  }

  @Test(arguments: UInt64(1)...20)
  func everythingArrivesOnceInBadWeather(seed: UInt64) async throws {
    let s3 = FakeS3()
    let store = try S3Store.over(spoiled(s3, seed: seed), options: small)
    for size in [0, 1, 39, 40, 41, 100, 333] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(seed)) }
      #expect(try await store.put("size/\(size)", .bytes(bytes)) == .written)
      #expect(try await store.put("size/\(size)", .bytes(bytes)) == .alreadyThere)
      #expect(try await store.read("size/\(size)") == bytes)
      #expect(try await store.local("size/\(size)").bytes() == bytes)
    }
    #expect(
      try await store.list(prefix: "size/").map(\.size).sorted() == [0, 1, 39, 40, 41, 100, 333])
    #expect(try await store.claim("lease", [1]))
    #expect(try await store.claim("lease", [1]) == false)
  }

  /// Of two that write the same bytes, one has written them, also where answers are lost.
  @Test(arguments: UInt64(1)...10)
  func ofManyClaimsOneIsGranted(seed: UInt64) async throws {
    let s3 = FakeS3()
    let granted = try await withThrowingTaskGroup(of: Bool.self) { tasks in
      for number in UInt64(0)..<8 {
        tasks.addTask {
          try await S3Store.over(self.spoiled(s3, seed: seed * 100 + number)).claim("lease", [7])
        }
      }
      return try await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(granted == 1)
  }

  @Test func anUploadThatFailsIsAborted() async throws {
    let s3 = FakeS3()
    let denied = AWSFailure(code: "AccessDenied", message: "no", status: 403)
    let sender = FaultingSender(next: s3) { call in
      call.operation.name == "UploadPart" && call.input["PartNumber"] == 3 ? .before(denied) : nil
    }
    let store = try S3Store.over(sender, options: small)
    let bytes = [UInt8](repeating: 1, count: 100)
    #expect(await code { _ = try await store.put("x", .bytes(bytes)) } == .io)
    #expect(s3.unfinished == 0)
    #expect(s3.objects.isEmpty)
  }

  /// S3 asks for the whole upload anew where another write came between.
  @Test func aConflictBeginsTheUploadAnew() async throws {
    let s3 = FakeS3()
    let left = Mutex(2)
    let sender = FaultingSender(next: s3) { call in
      guard call.operation.name == "CompleteMultipartUpload",
        left.withLock({ left in
          left -= 1
          return left >= 0
        })
      else { return nil }
      return .before(
        AWSFailure(
          code: "ConditionalRequestConflict", message: "", status: 409,
          operation: "CompleteMultipartUpload"))
    }
    let store = try S3Store.over(sender, options: small)
    let bytes = [UInt8](repeating: 2, count: 100)
    #expect(try await store.put("x", .bytes(bytes)) == .written)
    #expect(try await store.read("x") == bytes)
    #expect(s3.calls.filter { $0 == "CreateMultipartUpload" }.count == 3)
    #expect(s3.unfinished == 0)
  }

  /// A blob that is cut short in the store is damage; one that comes short once is not.
  @Test func shortReadsAreDamageIfTheyLast() async throws {
    let s3 = FakeS3()
    let left = Mutex(1)
    let sender = FaultingSender(next: s3) { call in
      let cuts =
        call.operation.name == "GetObject"
        && left.withLock { left in
          left -= 1
          return left >= 0
        }
      return cuts ? .truncate(5) : nil
    }
    let store = try S3Store.over(sender)
    let bytes = [UInt8](repeating: 3, count: 50)
    _ = try await store.put("x", .bytes(bytes))
    #expect(try await store.read("x") == bytes)
    s3.set("p/x", Array(bytes.dropLast()))
    #expect(await code { _ = try await store.read("x") } == .damaged)
    #expect(await code { _ = try await store.local("x") } == .damaged)
    s3.set("p/x", Array(bytes.dropLast()) + [4])
    #expect(await code { _ = try await store.read("x") } == .damaged)
  }

  /// Retention is as long as the newest snapshot wants it, never shorter or looser than it was, and
  /// only for what makes up snapshots.
  @Test func locksGrowWithEachSnapshot() async throws {
    let (s3, clock) = (FakeS3(), HastyClock())
    func store(_ mode: S3.Lock.Mode, days: Double) throws -> S3Store {
      var options = S3StoreOptions()
      options.lock = S3StoreOptions.Lock(mode: mode, seconds: days * 86_400)
      return try S3Store.over(s3, options: options, clock: clock)
    }
    func days(_ name: String) async throws -> Double {
      let until = try await store(.governance, days: 1).lockedUntil(name)
      // Calls wait for their turn, some seconds in all.
      let seconds = until.map { Double($0.milliseconds) / 1000 - clock.wallTime() } ?? 0
      return (seconds / 8640).rounded() / 10
    }
    let (pack, manifest) = ("packs/ab/x.tar.zst", "snapshots/x.json")
    let month = try store(.compliance, days: 30)
    for name in [pack, manifest, "claims/x.json"] { _ = try await month.put(name, .bytes([1])) }
    #expect(try await days(pack) == 31)
    #expect(try await days(manifest) == 30)
    #expect(try await days("claims/x.json") == 0)
    try await month.delete("claims/x.json")
    #expect(await code { try await month.delete(pack) } == .locked)
    clock.pass(days: 10)
    #expect(try await days(pack) == 21)
    #expect(try await month.put(pack, .bytes([1])) == .alreadyThere)
    #expect(try await days(pack) == 31)
    #expect(try await store(.governance, days: 7).put(pack, .bytes([1])) == .alreadyThere)
    #expect(try await days(pack) == 31)
    #expect(s3.objects["p/" + pack]?.headers.contains { $0.1 == "COMPLIANCE" } == true)
    clock.pass(days: 32)
    try await month.delete(pack)
    #expect(s3.objects["p/" + pack] == nil)
  }

  @Test func keysThatAreNoBlobsArePassedOver() async throws {
    let s3 = FakeS3()
    let store = try S3Store.over(s3)
    for name in ["a", "b/c"] { _ = try await store.put(name, .bytes([1])) }
    for key in ["p/", "p/b/", "p/.hidden", "p/a%20b", "q/a"] {
      _ = try await S3(
        AWSClient(account: "", region: AWSRegion("eu-west-1"), sender: s3)
      ).put("b", key, [1])
    }
    #expect(try await store.list(prefix: "").map(\.name) == ["a", "b/c"])
  }
}
