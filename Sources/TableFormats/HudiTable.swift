import CanonicalJSON
import FileFormats

/// Finds the newest completed instant of a Hudi table up to which every file is there.
///
/// Completed commits are replayed, those that table version 8 has archived in Parquet first: their write
/// statistics name the files, a new base file of a file group stands for what was there of it before, and a
/// replace commit ends groups. Instants are JSON, or Avro from table version 8 on. What rests on instants
/// that older versions have archived, in log files, is unknown, and so is what follows a restore.
struct HudiTable {
  private static let writing: Set<String> = ["commit", "deltacommit", "replacecommit"]

  private let root: String
  private let objects: any TableObjects
  private var files = HudiFiles()
  private var reasons = Reasons()
  private var missing = MissingFiles()
  private var whole: StatePoint?
  private var newest: StatePoint?
  private var examined = 0

  init(root: String, objects: any TableObjects) {
    self.root = trimmed(root)
    self.objects = objects
  }

  /// - Throws: `CancellationError` only.
  func state() async throws -> TableState {
    switch try await told({ try await objects.list("\(root)/.hoodie/") }) {
    case .failure(let error):
      return TableState(.hudi, .unknown, reasons: ["\(root)/.hoodie/: \(error)"])
    case .success(let listed):
      var walk = self
      return try await walk.walked(HudiTimeline(listed, root: root))
    }
  }

  private mutating func walked(_ timeline: HudiTimeline) async throws -> TableState {
    if !timeline.hasProperties { missing.add("\(root)/.hoodie/hoodie.properties") }
    if timeline.isArchivedInLogs {
      reasons.add("older instants are archived in log files, which are not read")
    }
    var archived = try await replayHistory(timeline)
    for instant in timeline.instants where isRead(instant.name, instant.action) {
      try Task.checkCancellation()
      // Archived, and not deleted yet.
      if archived.remove("\(instant.requested).\(instant.action)") != nil { continue }
      switch try await told({ try await HudiCommit.read(instant.object, objects: objects) }) {
      case .failure(let error): reasons.add("\(instant.object.location): \(error)")
      case .success(let commit):
        try await apply(commit, requested: instant.requested, completed: instant.completed)
      }
      examined += 1
      reached(instant.point)
    }
    let closure = files.closure
    missing.add(closure.missing)
    reasons.add(closure.unknown)
    return result()
  }

  private mutating func reached(_ point: StatePoint) {
    newest = point
    if files.isWhole, reasons.isEmpty, missing.count == 0 { whole = point }
  }

  /// Cleaning and roll-backs take away what no state needs; a restore takes commits back.
  private mutating func isRead(_ name: String, _ action: String) -> Bool {
    if action == "restore" { reasons.add("\(name) is a restore, which is not followed") }
    return Self.writing.contains(action)
  }

  /// - Returns: the archived instants, as `20260131120000123.commit`.
  private mutating func replayHistory(_ timeline: HudiTimeline) async throws -> Set<String> {
    let history = HudiHistory(
      folder: "\(root)/.hoodie/timeline/history", names: timeline.history, objects: objects)
    var walk = self
    var archived: Set<String> = []
    var last: HudiHistory.Instant?
    let read = try await told {
      try await history.read { instant in
        try Task.checkCancellation()
        guard walk.isRead(instant.name, instant.action) else { return }
        try await walk.replay(instant)
        archived.insert("\(instant.name).\(instant.action)")
        if last.map({ $0.completed < instant.completed }) ?? true { last = instant }
      }
    }
    switch read {
    case .failure(let error): reasons.add("archived instants: \(error)")
    case .success(let closure):
      self = walk
      missing.add(closure.missing)
      reasons.add(closure.unknown)
      // When it completed, its name alone tells, in a time zone that is the writer's.
      if let last { reached(StatePoint(name: "\(last.name)_\(last.completed)")) }
    }
    return archived
  }

  private mutating func replay(_ instant: HudiHistory.Instant) async throws {
    guard let metadata = instant.metadata else {
      throw FormatError("the instant \(instant.name) has no metadata")
    }
    examined += 1
    let object = ListedObject(
      location: "the instant \(instant.name)", size: Int64(metadata.count), modified: nil)
    let commit: HudiCommit
    do {
      commit = try await HudiCommit.read(object, objects: MemoryObject(bytes: metadata))
    } catch let error as FormatError {
      throw FormatError("\(object.location): \(error)")
    }
    try await apply(commit, requested: instant.name, completed: instant.completed)
  }

  private func result() -> TableState {
    let standing: TableState.Standing =
      if missing.count > 0 {
        whole != nil ? .behind : reasons.isEmpty ? .lost : .unknown
      } else if !reasons.isEmpty { .unknown } else { newest == nil ? .lost : .current }
    return TableState(
      .hudi, standing, recoveryPoint: whole, newest: newest, missing: missing,
      reasons: reasons.list,
      examined: examined)
  }

  private mutating func apply(
    _ commit: HudiCommit, requested: String, completed: String
  ) async throws {
    files.end(commit.replaced)
    for write in commit.writes where write.isBase { files.begin(write.group, at: requested) }
    var rest = commit.writes[...]
    while !rest.isEmpty {
      let batch = rest.prefix(FileProbe.batch)
      let references = batch.map { write in
        FileReference(
          location: "\(root)/\(write.path)", size: write.isBase ? write.size : nil)
      }
      let found = try await presences(of: references, in: objects)
      for ((write, file), presence) in zip(zip(batch, references), found) {
        files.add(presence, of: file.location, write, completed: completed)
      }
      rest = rest.dropFirst(batch.count)
    }
  }
}

/// Of a Hudi table's newest file slices what is not there, whatever the order of the commits. Pure.
struct HudiFiles {
  private struct Absent {
    let location: String
    let presence: FilePresence
    let completed: String
    let isBase: Bool
  }

  /// By partition and file group.
  private var absent: [String: [Absent]] = [:]
  /// When the newest base file of each group was requested.
  private var bases: [String: String] = [:]
  private var ended: Set<String> = []

  var isWhole: Bool { absent.isEmpty }

  var closure: Closure {
    var closure = Closure()
    for key in absent.keys.sorted() {
      for file in absent[key] ?? [] { closure.add(file.presence, of: file.location) }
    }
    return closure
  }

  /// File groups that a commit has replaced; their names are never used again.
  mutating func end(_ groups: [String]) {
    for group in groups {
      ended.insert(group)
      absent[group] = nil
    }
  }

  /// A base file stands for all that had completed when it was requested. What completed later, while a
  /// compaction ran, belongs to it.
  mutating func begin(_ group: String, at requested: String) {
    guard bases[group].map({ $0 < requested }) ?? true else { return }
    bases[group] = requested
    let rest = (absent[group] ?? []).filter { !$0.isBase && $0.completed >= requested }
    absent[group] = rest.isEmpty ? nil : rest
  }

  mutating func add(
    _ presence: FilePresence, of location: String, _ write: HudiCommit.Write, completed: String
  ) {
    guard presence != .present, !ended.contains(write.group) else { return }
    // An older slice's, where commits come out of order.
    if let base = bases[write.group], completed < base { return }
    absent[write.group, default: []].append(
      Absent(
        location: location, presence: presence, completed: completed, isBase: write.isBase))
  }
}
