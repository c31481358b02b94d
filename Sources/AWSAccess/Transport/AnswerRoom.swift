/// Bounds what answers take in memory that have arrived, wholly or in part, and that nobody has taken
/// yet. Those that don't fit wait on the wire: the other side notices that nothing is read.
final class AnswerRoom: Sendable {
  private struct State {
    var used = 0
    var most = 0
    var isWanted = false
  }

  /// In bytes.
  private let limit: Int
  private let state = Locked(State())

  init(limit: Int) {
    self.limit = limit
  }

  /// The most that was ever used at once, in bytes.
  var most: Int { state.withLock { $0.most } }

  /// Takes room for an answer. One alone always has it, however long it is, and so has one that is
  /// under way: two that wait for each other would wait for ever.
  /// - Returns: false where there is none now: ask again when `giveBack` says that some is wanted.
  func take(_ bytes: Int, isUnderWay: Bool = false) -> Bool {
    state.withLock { state in
      guard isUnderWay || state.used == 0 || state.used + bytes <= limit else {
        state.isWanted = true
        return false
      }
      state.used += bytes
      state.most = max(state.most, state.used)
      return true
    }
  }

  /// - Returns: whether somebody was refused since the last time.
  func giveBack(_ bytes: Int) -> Bool {
    state.withLock { state in
      state.used -= bytes
      defer { state.isWanted = false }
      return state.isWanted
    }
  }
}
