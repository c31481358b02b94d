/// Finds the newest version of a Delta table that is whole (Delta protocol, "Delta Log Entries").
///
/// The log's JSON commits are replayed from version 0 as far as they are there without a gap: a
/// version is whole when no file that it has added and not removed is missing. What rests on a
/// checkpoint alone is unknown, because checkpoints are Parquet, which is not read here; that files of
/// later commits are missing is told nevertheless.
struct DeltaTable {
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
      return try await state(DeltaListing(listed))
    }
  }

  private func state(_ listing: DeltaListing) async throws -> TableState {
    guard let newest = listing.newest else {
      var missing = MissingFiles()
      missing.add("\(root)/_delta_log/")
      return TableState(.delta, .lost, missing: missing)
    }
    var replay = DeltaReplay(root: root, objects: objects)
    if listing.commits[0] != nil {
      try await replay.run(listing.run(from: 0))
      if replay.last?.version == newest { return exact(replay) }
      if !replay.broken.isEmpty { return broken(replay, listing, whole: replay.whole) }
    }
    return try await afterGap(replay, listing, newest: newest)
  }

  /// Every commit is there, from the first to the last.
  private func exact(_ replay: DeltaReplay) -> TableState {
    let closure = replay.closure
    let standing: TableState.Standing =
      closure.isWhole
      ? .current
      : closure.missing.count == 0
        ? .unknown
        : replay.whole != nil
          ? .behind
          : closure.unknown.isEmpty ? .lost : .unknown
    return TableState(
      .delta, standing, recoveryPoint: replay.whole, newest: replay.last?.point,
      missing: closure.missing, reasons: closure.unknown.list, examined: replay.examined)
  }

  /// The newest version needs a checkpoint, or a commit that is not there.
  private func afterGap(
    _ first: DeltaReplay, _ listing: DeltaListing, newest: Int64
  ) async throws -> TableState {
    let reached = first.last?.version ?? -1
    var replay = DeltaReplay(root: root, objects: objects)
    var closure = Closure()
    var next = reached + 1
    if let checkpoint = listing.checkpoints.max(), checkpoint > reached {
      closure.unknown.add("version \(checkpoint) is a checkpoint in Parquet, which is not read")
      try await replay.run(listing.run(from: checkpoint + 1))
      if !replay.broken.isEmpty { return broken(replay, listing, whole: first.whole) }
      closure.add(replay.closure)
      next = (replay.last?.version ?? checkpoint) + 1
    }
    if next <= newest { closure.missing.add(listing.location(of: next, in: root)) }
    let standing: TableState.Standing =
      closure.missing.count == 0
      ? .unknown
      : first.whole != nil ? .behind : closure.unknown.isEmpty ? .lost : .unknown
    return TableState(
      .delta, standing, recoveryPoint: first.whole, newest: listing.point(of: newest),
      missing: closure.missing, reasons: closure.unknown.list,
      examined: first.examined + replay.examined)
  }

  /// A commit can't be read: what it has removed is not known, nor what it lacks.
  private func broken(
    _ replay: DeltaReplay, _ listing: DeltaListing, whole: StatePoint?
  ) -> TableState {
    TableState(
      .delta, .unknown, recoveryPoint: whole, newest: listing.newest.map(listing.point(of:)),
      reasons: replay.broken.list, examined: replay.examined)
  }
}

/// What lies in a Delta log.
struct DeltaListing {
  /// By version: `00000000000000000007.json`.
  private(set) var commits: [Int64: ListedObject] = [:]
  private(set) var checkpoints: Set<Int64> = []

  init(_ listed: [ListedObject]) {
    for object in listed {
      let parts = (object.location.split(separator: "/").last ?? "").split(separator: ".")
      guard parts.count >= 2, parts[0].count == 20, let version = Int64(parts[0]), version >= 0
      else {
        continue
      }
      if parts.count == 2, parts[1] == "json" { commits[version] = object }
      if parts[1] == "checkpoint" { checkpoints.insert(version) }
    }
  }

  /// The newest version that the log tells of.
  var newest: Int64? {
    let known = max(commits.keys.max() ?? -1, checkpoints.max() ?? -1)
    return known >= 0 ? known : nil
  }

  func point(of version: Int64) -> StatePoint {
    StatePoint(name: "version \(version)", time: commits[version]?.modified)
  }

  /// The commits from a version on, up to the first gap.
  func run(from version: Int64) -> [(version: Int64, commit: ListedObject)] {
    var found: [(version: Int64, commit: ListedObject)] = []
    var next = version
    while let commit = commits[next] {
      found.append((next, commit))
      next += 1
    }
    return found
  }

  func location(of version: Int64, in root: String) -> String {
    let digits = String(version)
    return
      "\(root)/_delta_log/\(String(repeating: "0", count: max(0, 20 - digits.count)))\(digits).json"
  }
}
