import FileFormats

/// Finds the newest version of a Delta table that is whole (Delta protocol, "Delta Log Entries").
///
/// As its readers do, it begins with the newest checkpoint and replays the commits behind it: a version
/// is whole when no file that it has added and not removed is missing, nor a sidecar of the checkpoint that
/// it rests on. Where none is whole from there on, it goes back to the checkpoint before, and in the end
/// to version 0.
struct DeltaTable {
  /// How many checkpoints are gone back to.
  static let mostBases = 20

  private let root: String
  private let objects: any TableObjects

  init(root: String, objects: any TableObjects) {
    self.root = trimmed(root)
    self.objects = objects
  }

  /// - Throws: `CancellationError` only.
  func state() async throws -> TableState {
    switch try await told({ try await objects.list("\(root)/_delta_log/") }) {
    case .failure(let error):
      return TableState(.delta, .unknown, reasons: ["\(root)/_delta_log/: \(error)"])
    case .success(let listed):
      return try await state(DeltaListing(listed, root: root))
    }
  }

  private func state(_ listing: DeltaListing) async throws -> TableState {
    guard let newest = listing.newest else {
      var missing = MissingFiles()
      missing.add("\(root)/_delta_log/")
      return TableState(.delta, .lost, missing: missing)
    }
    // Version -1 is the empty table before the first commit.
    var bases = listing.checkpoints.keys.sorted(by: >)
    if listing.commits[0] != nil { bases.append(-1) }
    var search = DeltaSearch(newest: newest)
    for (turn, base) in bases.enumerated() where search.whole == nil {
      guard turn < Self.mostBases else {
        search.doubts.add("checkpoints before version \(base + 1) were not looked at")
        break
      }
      try await look(from: base, listing, &search)
    }
    if bases.isEmpty { search.closure = withoutBase(listing) }
    return search.state(listing)
  }

  /// Neither a whole checkpoint nor the first commit.
  private func withoutBase(_ listing: DeltaListing) -> Closure {
    var closure = Closure()
    let parts = listing.missingParts.max { $0.key < $1.key }?.value ?? []
    for part in parts { closure.missing.add(part) }
    if parts.isEmpty { closure.missing.add(listing.location(of: 0, in: root)) }
    return closure
  }

  /// Replays what rests on one base, as far as that has not been looked at.
  private func look(
    from base: Int64, _ listing: DeltaListing, _ search: inout DeltaSearch
  ) async throws {
    var replay = DeltaReplay(root: root, objects: objects)
    if base >= 0 {
      let obstacle = try await begin(
        listing.checkpoints[base] ?? [], listing.point(of: base), &replay)
      if let obstacle { return search.add(obstacle, at: base, listing.point(of: base)) }
    }
    try await replay.run(listing.run(from: base + 1, through: search.last))
    var gap: String?
    if let reached = replay.last?.version ?? (base < 0 ? -1 : nil), reached < search.last {
      gap = listing.location(of: reached + 1, in: root)
    }
    search.add(replay, from: base, gap: gap)
  }

  /// - Returns: why none of the checkpoints of a version can be begun with; nil where one can.
  private func begin(
    _ checkpoints: [DeltaCheckpoint], _ point: StatePoint, _ replay: inout DeltaReplay
  ) async throws -> Closure? {
    var obstacle = Closure()
    for checkpoint in checkpoints {
      var trial = replay
      switch try await told({ try await trial.begin(checkpoint, point) }) {
      case .failure(let error): obstacle.unknown.add("checkpoint \(checkpoint.version): \(error)")
      case .success(let closure) where closure.isWhole:
        replay = trial
        return nil
      case .success(let closure): obstacle.add(closure)
      }
    }
    return obstacle
  }
}

/// What has been found of a Delta table, from its newest version back. Pure.
struct DeltaSearch {
  /// The newest version that has not been looked at.
  private(set) var last: Int64
  private(set) var whole: StatePoint?
  /// What the newest version lacks; nil before anything has been looked at.
  var closure: Closure?
  /// What keeps from saying that nothing older is whole.
  var doubts = Reasons()
  /// The oldest version behind the whole one that was looked at.
  private var exposed: StatePoint?
  private var examined = 0

  init(newest: Int64) {
    last = newest
  }

  /// A checkpoint that can't be begun with.
  mutating func add(_ obstacle: Closure, at base: Int64, _ point: StatePoint) {
    if closure == nil { closure = obstacle } else { doubts.add(obstacle.unknown) }
    examined += 1
    exposed = point
    last = base - 1
  }

  /// - Parameter gap: the commit that is not there, and ended the replay.
  mutating func add(_ replay: DeltaReplay, from base: Int64, gap: String?) {
    examined += replay.examined
    if closure == nil {
      // What a commit that can't be read has removed is not known, nor what it lacks.
      var found = Closure()
      if replay.broken.isEmpty { found = replay.closure } else { found.unknown = replay.broken }
      if replay.broken.isEmpty, let gap { found.missing.add(gap) }
      closure = found
    } else {
      doubts.add(replay.closure.unknown)
    }
    whole = replay.whole
    if whole == nil || replay.exposed != nil {
      exposed = replay.exposed ?? exposed
    } else if gap != nil {
      // When the commit that is not there was made is not known.
      exposed = nil
    }
    last = base - 1
  }

  func state(_ listing: DeltaListing) -> TableState {
    let closure = closure ?? Closure()
    let standing: TableState.Standing
    if closure.missing.count == 0 {
      standing = closure.unknown.isEmpty && whole != nil ? .current : .unknown
    } else if whole != nil {
      standing = .behind
    } else {
      standing = closure.unknown.isEmpty && doubts.isEmpty ? .lost : .unknown
    }
    var reasons = closure.unknown
    if whole == nil { reasons.add(doubts) }
    return TableState(
      .delta, standing, recoveryPoint: whole, newest: listing.newest.map(listing.point(of:)),
      oldestMissing: standing == .behind ? exposed : nil, missing: closure.missing,
      reasons: reasons.list, examined: examined)
  }
}
