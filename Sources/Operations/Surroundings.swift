import Restore

/// Everything that a command touches besides AWS and the store: passed in, so that tests have
/// their own.
public struct Surroundings: Sendable {
  /// The environment's variables.
  public var environment: [String: String]
  /// The working directory, absolute.
  public var directory: String
  /// Results go here.
  public var output: @Sendable (String) -> Void
  /// Everything else goes here, a whole line a call, without its line feed.
  public var diagnostics: @Sendable (String) -> Void
  /// Redraws what is shown while work goes on; nil where nobody is watching.
  public var screen: Screen?
  /// Columns of the terminal, or 80.
  public var width: Int
  /// Whether results go to a terminal, where colours are seen.
  public var isTerminal: Bool
  public var clock: RunClock
  /// Eight hexadecimal digits' worth of chance.
  public var random: @Sendable () -> UInt32
  /// Whether whoever runs this asked it to stop.
  public var shouldStop: @Sendable () -> Bool

  public init(
    environment: [String: String], directory: String,
    output: @escaping @Sendable (String) -> Void,
    diagnostics: @escaping @Sendable (String) -> Void, screen: Screen? = nil, width: Int = 80,
    isTerminal: Bool = false, clock: RunClock, random: @escaping @Sendable () -> UInt32,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.environment = environment
    self.directory = directory
    self.output = output
    self.diagnostics = diagnostics
    self.screen = screen
    self.width = width
    self.isTerminal = isTerminal
    self.clock = clock
    self.random = random
    self.shouldStop = shouldStop
  }

  /// A path as the file system takes it: absolute, with `~` written out.
  func absolute(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] {
      return home + path.dropFirst()
    }
    return path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }
}

/// A few lines at the bottom of a terminal that are drawn over.
public struct Screen: Sendable {
  /// Lines and columns of the terminal.
  public var height: Int
  public var width: Int
  /// Replaces what was drawn last; no lines clear it.
  public var draw: @Sendable ([String]) -> Void

  public init(height: Int, width: Int, draw: @escaping @Sendable ([String]) -> Void) {
    self.height = height
    self.width = width
    self.draw = draw
  }
}
