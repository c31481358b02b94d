import Capture
import MeshModel
import Reporting
import Restore

/// Shows how far a capture is: a line an account on a terminal, a line a minute elsewhere.
final class CaptureProgress: CaptureObserver {
  private struct State {
    var records: [String: Int] = [:]
    var ended: [String: String] = [:]
    var pace: ProgressPace
  }

  private let context: MeshContext
  private let names: [String: String]
  private let expected: Int?
  private let start: Double
  private let state: Guarded<State>

  /// - Parameter expected: how many records there will be; nil where nothing tells.
  init(_ context: MeshContext, accounts names: [String: String], expected: Int?) {
    self.context = context
    self.names = names
    self.expected = expected
    start = context.surroundings.clock.seconds()
    state = Guarded(
      State(pace: ProgressPace(isTerminal: context.surroundings.screen != nil, start: start)))
  }

  func captured(_ records: Int, of kind: Kind, in account: String) {
    state.withLock { $0.records[account, default: 0] += records }
    show()
  }

  /// An account is done.
  func captured(_ account: String) {
    state.withLock { $0.ended[account] = "done" }
    show(now: true)
  }

  /// An account could not be entered.
  func refused(_ account: String) {
    state.withLock { $0.ended[account] = "can't be entered" }
    show(now: true)
  }

  /// Clears what was drawn.
  func finish() { context.surroundings.screen?.draw([]) }

  private func show(now: Bool = false) {
    let seconds = context.surroundings.clock.seconds()
    let screen = context.surroundings.screen
    let lines: [String]? = state.withLock { state in
      guard state.pace.isDue(at: seconds, isNews: now) else { return nil }
      return ProgressText.capture(
        accounts: names.sorted { $0.key < $1.key }.map { id, name in
          .init(id: id, name: name, records: state.records[id] ?? 0, status: state.ended[id])
        }, expected: expected, elapsed: seconds - start,
        width: screen?.width ?? context.surroundings.width,
        height: screen.map { $0.height - 1 } ?? 1)
    }
    context.draw(lines)
  }
}

/// Shows how far a restore is.
final class RestoreProgress: RestoreObserver, CaptureObserver {
  private struct State {
    var stage = ""
    var records = 0
    var lastShown = 0.0
    /// When verifying ends, by the clock; nil where nothing tells.
    var end: Double?
  }

  private let context: MeshContext
  private let state = Guarded(State())

  init(_ context: MeshContext) {
    self.context = context
  }

  /// Names what is done from here on.
  func stage(_ name: String) { state.withLock { ($0.stage, $0.records, $0.end) = (name, 0, nil) } }

  func clear() { context.surroundings.screen?.draw([]) }

  func captured(_ records: Int, of kind: Kind, in account: String) {
    let line: String? = due { state in
      state.records += records
      return ProgressText.reading(
        state.stage, records: state.records,
        left: state.end.map { $0 - context.surroundings.clock.seconds() }, width: context.columns)
    }
    context.draw(line.map { [$0] })
  }

  func progressed(done: Int, of total: Int, phase: Phase, left: Double?) {
    let line: String? = due { state in
      let now = context.surroundings.clock.seconds()
      if done == total {
        (state.stage, state.records, state.end) = ("verifying", 0, left.map { now + $0 })
      }
      return ProgressText.restore(
        done: done, total: total, phase: phase.rawValue,
        elapsed: now, left: left, width: context.columns)
    }
    context.draw(line.map { [$0] })
  }

  func failed(_ failure: ChangeFailure) {
    context.tell("\(failure.key): \(failure.code): \(failure.message)")
  }

  private func due(_ line: (inout State) -> String) -> String? {
    let seconds = context.surroundings.clock.seconds()
    let interval = context.surroundings.screen == nil ? 60 : 0.1
    return state.withLock { state in
      let text = line(&state)
      guard seconds - state.lastShown >= interval else { return nil }
      state.lastShown = seconds
      return text
    }
  }
}

extension MeshContext {
  /// The width of what is drawn.
  fileprivate var columns: Int { surroundings.screen?.width ?? surroundings.width }

  /// Draws lines over the ones before on a terminal; elsewhere they are a line of the log.
  fileprivate func draw(_ lines: [String]?) {
    guard let lines, !options.quiet, options.progress else { return }
    if let screen = surroundings.screen {
      screen.draw(lines)
    } else if let line = lines.last {
      surroundings.diagnostics(line)
    }
  }
}
