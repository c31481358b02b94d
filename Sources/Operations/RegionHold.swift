import Foundation
import SnapshotStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension RunRecords {
  /// Does `body` while no other run, on whatever machine, may change `region`.
  ///
  /// In a folder it is a lock of the system, which ends with the process; in any other store a lease
  /// that is renewed meanwhile.
  /// - Parameters:
  ///   - run: the id of the run, for whoever is refused.
  ///   - body: what is done. Its argument tells, at any time, whether the hold was lost: then it must
  ///     stop, as if it had been interrupted.
  /// - Throws: `CommandFailure` where another run holds the region, `ArchiveError`, what `body` throws.
  func holding<Result: Sendable>(
    _ region: String, run: String, _ context: MeshContext,
    _ body: @escaping @Sendable (_ isLost: @escaping @Sendable () -> Bool) async throws -> Result
  ) async throws -> Result {
    if store is FolderStore {
      let lock = try lock(region, context)
      defer { withExtendedLifetime(lock) {} }
      return try await body { false }
    }
    let surroundings = context.surroundings
    let holder = Lease.Holder(
      run: run, host: Self.host, process: Int(getpid()),
      nonce: String(surroundings.random(), radix: 16))
    let lease = try await Lease(
      region, in: store, holder: holder, now: surroundings.clock.now,
      isGone: { process in kill(pid_t(process), 0) != 0 && errno == ESRCH })
    let renewal = Task { await Self.renew(lease, context) }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body { lease.isLost }) } catch { result = .failure(error) }
    renewal.cancel()
    await renewal.value
    do { try await lease.end() } catch {
      context.tell("\(region) is held until its lease runs out: \(error)")
    }
    do { try await lease.clear() } catch {
      context.explain("former entries of the lease stay in the store: \(error)")
    }
    return try result.get()
  }

  private static func renew(_ lease: Lease, _ context: MeshContext) async {
    var wait = Lease.interval
    while !Task.isCancelled, !lease.isLost {
      do { try await Task.sleep(for: .seconds(wait)) } catch { return }
      do {
        try await lease.renew()
        wait = Lease.interval
      } catch {
        context.tell("the lease could not be renewed, trying again: \(error)")
        wait = 5
      }
    }
    if lease.isLost { context.tell("the lease on the region is lost: stopping") }
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
