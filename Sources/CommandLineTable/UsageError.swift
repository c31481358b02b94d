/// Why a command line was refused; nothing has been done when it is thrown.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in one sentence that names the command, option or value.
  public let message: String
  /// Where to read on: `see 'meshdr restore --help'`.
  public let hint: String

  public init(message: String, hint: String) {
    self.message = message
    self.hint = hint
  }

  /// The message, and the hint on a line of its own.
  public var description: String { "\(message)\n\(hint)" }
}
