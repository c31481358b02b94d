import AWSAccess
import MeshFile
import Restore
import SnapshotStore

/// How a command ends. The table is part of what scripts rely on.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  /// The command line or the mesh file is wrong; nothing was touched.
  case usage = 2
  /// Done in part: some accounts or records failed, each is named.
  case partial = 3
  /// An objective was missed.
  case objectiveMissed = 4
  /// The archive is damaged, or not this program's.
  case damagedArchive = 5
  /// Differences were found.
  case differences = 6
  case interrupted = 130

  /// The one to give where several hold.
  public static func first(of codes: [ExitCode]) -> ExitCode {
    let order: [ExitCode] = [
      .interrupted, .usage, .damagedArchive, .failed, .partial, .objectiveMissed, .differences,
    ]
    return order.first(where: codes.contains) ?? .done
  }
}

/// Why a command could not do what it was asked to.
public struct CommandFailure: Error, Sendable, CustomStringConvertible {
  public let code: ExitCode
  /// What is wrong and, where there is one, what to do: one or two sentences.
  public let message: String

  public init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  /// The failure that any error amounts to. The only place that maps errors to exit codes.
  public init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure:
      self = failure
    case let error as MeshFileError:
      self.init(.usage, error.description)
    case let error as ArchiveError:
      self.init(Self.code(of: error), error.description)
    case let error as UnmatchedSelectors:
      self.init(.usage, error.description)
    case let failure as AWSFailure:
      self.init(.failed, failure.description)
    case is CancellationError:
      self.init(.interrupted, "interrupted")
    default:
      self.init(.failed, String(describing: error))
    }
  }

  private static func code(of error: ArchiveError) -> ExitCode {
    switch error.code {
    case .damaged, .newerFormat: .damagedArchive
    case .ambiguous, .invalid: .usage
    case .notFound, .conflict, .locked, .io: .failed
    }
  }
}
