import CanonicalJSON

/// Finds the newest completed instant of a Hudi table up to which every file is there.
///
/// Completed commits of the active timeline are replayed: their write statistics name the files, a
/// new base file of a file group stands for what was there of it before, and a replace commit ends
/// groups. Instants are JSON, or Avro from table version 8 on. What rests on archived instants is
/// unknown, and so is what follows a restore.
struct HudiTable {
  private static let writing: Set<String> = ["commit", "deltacommit", "replacecommit"]

  private let root: String
  private let objects: any TableObjects
  /// Files that are part of the table and not there, by partition and file group.
  private var absent: [String: [(location: String, presence: FilePresence)]] = [:]
  private var reasons = Reasons()
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
    var missing = MissingFiles()
    if !timeline.hasProperties { missing.add("\(root)/.hoodie/hoodie.properties") }
    if timeline.isArchived { reasons.add("older instants are archived, which are not read") }
    for instant in timeline.instants where isRead(instant) {
      try Task.checkCancellation()
      examined += 1
      newest = instant.point
      switch try await told({ try await HudiCommit.read(instant.object, objects: objects) }) {
      case .failure(let error):
        reasons.add("\(instant.object.location): \(error)")
      case .success(let commit):
        try await apply(commit)
        if absent.isEmpty, reasons.isEmpty, missing.count == 0 { whole = newest }
      }
    }
    for key in absent.keys.sorted() {
      var closure = Closure()
      for (location, presence) in absent[key] ?? [] { closure.add(presence, of: location) }
      missing.add(closure.missing)
      reasons.add(closure.unknown)
    }
    return result(missing)
  }

  /// Cleaning and roll-backs take away what no state needs; a restore takes commits back.
  private mutating func isRead(_ instant: HudiTimeline.Instant) -> Bool {
    if instant.action == "restore" {
      reasons.add("\(instant.name) is a restore, which is not followed")
    }
    return Self.writing.contains(instant.action)
  }

  private func result(_ missing: MissingFiles) -> TableState {
    let standing: TableState.Standing =
      if missing.count > 0 {
        whole != nil ? .behind : reasons.isEmpty ? .lost : .unknown
      } else if !reasons.isEmpty { .unknown } else { newest == nil ? .lost : .current }
    return TableState(
      .hudi, standing, recoveryPoint: whole, newest: newest, missing: missing,
      reasons: reasons.list,
      examined: examined)
  }

  private mutating func apply(_ commit: HudiCommit) async throws {
    for group in commit.replaced { absent[group] = nil }
    var files: [(group: String, file: FileReference)] = []
    for write in commit.writes {
      if write.isBase { absent[write.group] = nil }
      let size = write.isBase ? write.size : nil
      files.append((write.group, FileReference(location: "\(root)/\(write.path)", size: size)))
    }
    while !files.isEmpty {
      let batch = files.prefix(FileProbe.batch)
      let found = try await presences(of: batch.map(\.file), in: objects)
      for ((group, file), presence) in zip(batch, found) where presence != .present {
        absent[group, default: []].append((file.location, presence))
      }
      files.removeFirst(batch.count)
    }
  }
}

/// What lies on the active timeline of a Hudi table.
struct HudiTimeline {
  struct Instant {
    let name: String
    let action: String
    let object: ListedObject

    var point: StatePoint { StatePoint(name: name, time: object.modified) }
  }

  /// Completed instants, in the order of their completion as far as their names tell it.
  private(set) var instants: [Instant] = []
  private(set) var hasProperties = false
  private(set) var isArchived = false

  /// - Parameter listed: what lies below `.hoodie/`; of table version 8 on, instants lie in
  ///   `timeline/`.
  init(_ listed: [ListedObject], root: String) {
    let prefix = "\(root)/.hoodie/"
    for object in listed where object.location.hasPrefix(prefix) {
      let parts = object.location.dropFirst(prefix.count).split(separator: "/")
      if parts == ["hoodie.properties"] { hasProperties = true }
      if parts.count > 1, parts[0] == "archived" || parts.starts(with: ["timeline", "history"]) {
        // A table version 8 writes a file about its empty history.
        isArchived = isArchived || !parts[parts.count - 1].hasPrefix("_version_")
      }
      guard parts.count == 1 || (parts.count == 2 && parts[0] == "timeline") else { continue }
      let name = parts[parts.count - 1].split(separator: ".")
      guard name.count == 2, isInstant(name[0]) else { continue }
      instants.append(Instant(name: String(name[0]), action: String(name[1]), object: object))
    }
    instants.sort { Self.order($0.name) < Self.order($1.name) }
  }

  /// `20260131120000123`, or with the time of completion `20260131120000123_20260131120001456`.
  private func isInstant(_ name: Substring) -> Bool {
    let times = name.split(separator: "_", omittingEmptySubsequences: false)
    return (1...2).contains(times.count)
      && times.allSatisfy { $0.count >= 14 && $0.allSatisfy { $0.isASCII && $0.isNumber } }
  }

  private static func order(_ name: String) -> Substring {
    name.split(separator: "_").last ?? ""
  }
}
