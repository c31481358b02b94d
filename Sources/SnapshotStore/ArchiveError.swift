#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What went wrong with a store or what it holds.
public struct ArchiveError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure that callers tell apart.
  public enum Code: String, Sendable, Hashable {
    /// What is in the store is not what was written, or was never written by this program.
    case damaged
    /// The store has no such snapshot or blob.
    case notFound
    /// A reference fits several snapshots.
    case ambiguous
    /// Written by a newer version, which this one can't read.
    case newerFormat
    /// One key with two bodies, one id with two snapshots.
    case conflict
    /// Something is not to be removed before its time.
    case locked
    /// The caller gave something that can't be meant: a malformed id, time or name.
    case invalid
    /// The file system or the network failed.
    case io
  }

  /// What callers decide by.
  public let code: Code
  /// One sentence that names the thing concerned.
  public let message: String
  /// The error behind this one.
  public let cause: (any Error)?

  /// - Parameter message: one sentence that names the thing concerned, without secrets.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message, and the cause behind a colon.
  public var description: String {
    guard let cause else { return message }
    return "\(message): \(cause)"
  }
}

extension ArchiveError {
  static func damaged(_ message: String, cause: (any Error)? = nil) -> ArchiveError {
    ArchiveError(.damaged, message, cause: cause)
  }

  /// The failure of a system call that has just set `errno`.
  static func system(_ operation: String, _ code: Int32 = errno) -> ArchiveError {
    ArchiveError(.io, "can't \(operation): \(String(cString: strerror(code)))")
  }
}
