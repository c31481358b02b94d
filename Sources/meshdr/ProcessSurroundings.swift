import Foundation
import Operations
import Restore
import SnapshotStore
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Set by the first SIGINT or SIGTERM; the second one ends the process at once.
private let stopRequests = Atomic<Int>(0)

/// Whether a result could not be written: a full disk, a reader that went away.
private let lostOutput = Atomic<Bool>(false)

/// The real process: its environment, terminal, clock and signals.
struct ProcessSurroundings {
  private let started = ContinuousClock.now

  init() {
    for signalNumber in [SIGINT, SIGTERM] {
      signal(signalNumber) { _ in
        if stopRequests.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
    // A reader that goes away is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Columns of the terminal that results go to, or 80.
  var width: Int {
    if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init), columns > 0 {
      return columns
    }
    return size(of: STDOUT_FILENO)?.columns ?? 80
  }

  /// The exit code, or `failed` where all was well but for the result, which nobody got.
  func exitCode(_ code: ExitCode) -> ExitCode {
    guard lostOutput.load(ordering: .relaxed), code == .done else { return code }
    complain("meshdr: the result could not be written")
    return .failed
  }

  func write(_ text: String) { print(text, to: STDOUT_FILENO) }
  func complain(_ text: String) { print(text, to: STDERR_FILENO) }

  func surroundings(_ options: CommonOptions) -> Surroundings {
    let started = started
    return Surroundings(
      environment: ProcessInfo.processInfo.environment,
      directory: FileManager.default.currentDirectoryPath,
      output: { print($0, to: STDOUT_FILENO) },
      diagnostics: { terminal.printAbove($0) },
      screen: options.progress && !options.quiet ? screen : nil, width: width,
      isTerminal: isatty(STDOUT_FILENO) == 1,
      clock: RunClock(
        seconds: { (ContinuousClock.now - started) / .seconds(1) },
        now: { UTCTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).description }),
      random: { UInt32.random(in: 0...UInt32.max) },
      shouldStop: { stopRequests.load(ordering: .relaxed) > 0 })
  }

  /// What is drawn over, where errors go to a terminal.
  private var screen: Screen? {
    guard isatty(STDERR_FILENO) == 1, let size = size(of: STDERR_FILENO) else { return nil }
    return Screen(height: size.rows, width: size.columns) { terminal.draw($0) }
  }

  private func size(of descriptor: Int32) -> (rows: Int, columns: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_row), Int(size.ws_col))
  }
}

private func print(_ text: String, to descriptor: Int32) {
  var rest = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else {
      if descriptor == STDOUT_FILENO { lostOutput.store(true, ordering: .relaxed) }
      return
    }
    rest = rest.dropFirst(count)
  }
}

/// The terminal that errors go to, with lines at its bottom that are drawn over.
private let terminal = Terminal()

private final class Terminal: Sendable {
  private let drawn = Mutex<[String]>([])

  /// Replaces the lines at the bottom.
  func draw(_ lines: [String]) {
    drawn.withLock { drawn in
      print(Self.erase(drawn.count) + lines.joined(separator: "\n"), toRaw: lines.isEmpty)
      drawn = lines
    }
  }

  /// Prints a line that stays, above those that are drawn over.
  func printAbove(_ line: String) {
    drawn.withLock { drawn in
      print(Self.erase(drawn.count) + line, toRaw: false)
      if !drawn.isEmpty { print(drawn.joined(separator: "\n"), toRaw: false) }
    }
  }

  private func print(_ text: String, toRaw isErasing: Bool) {
    guard !(isErasing && text.isEmpty) else { return }
    let bytes = Array((isErasing ? text : text + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private static func erase(_ lines: Int) -> String {
    lines == 0 ? "" : "\u{1B}[\(lines)A\r\u{1B}[J"
  }
}
