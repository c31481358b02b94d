import SnapshotStore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps two restores from changing the same region at once. It is an advisory lock of the system
/// (`flock`), so it ends with the process, however that ends.
final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `CommandFailure` where another process holds it, `ArchiveError` (`.io`) where the
  ///   file can't be made.
  init(path: String, region: String) throws {
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw ArchiveError(.io, "can't make \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandFailure(
        .failed, "another restore in \(region) is under way from this store; nothing was changed")
    }
  }

  deinit {
    close(descriptor)
  }
}
