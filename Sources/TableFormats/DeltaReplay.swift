import CanonicalJSON
import FileFormats

/// Replays commits of a Delta log, from its beginning or from a checkpoint on, and keeps of the table's
/// files only those that are not there.
struct DeltaReplay {
  private let root: String
  private let objects: any TableObjects
  /// Files that are part of the version and not there, by their keys.
  private var absent: [String: [(location: String, presence: FilePresence)]] = [:]
  private var waiting: [DeltaFile] = []
  /// Why a commit could not be replayed.
  private(set) var broken = Reasons()
  /// The newest version that was found whole.
  private(set) var whole: StatePoint?
  /// The oldest version behind that.
  private(set) var exposed: StatePoint?
  /// The newest version that was replayed.
  private(set) var last: (version: Int64, point: StatePoint)?
  private(set) var examined = 0

  init(root: String, objects: any TableObjects) {
    self.root = root
    self.objects = objects
  }

  /// What is known of the newest version's files.
  var closure: Closure {
    var closure = Closure()
    closure.unknown.add(broken)
    for key in absent.keys.sorted() {
      for (location, presence) in absent[key] ?? [] { closure.add(presence, of: location) }
    }
    return closure
  }

  /// Begins with what a checkpoint holds.
  /// - Returns: what the checkpoint itself lacks. Where it lacks anything, no version was replayed.
  /// - Throws: `FormatError` where it can't be read, `CancellationError`.
  mutating func begin(_ checkpoint: DeltaCheckpoint, _ point: StatePoint) async throws -> Closure {
    var replay = self
    let closure = try await DeltaCheckpointReader(root: root, objects: objects)
      .read(checkpoint) { try await replay.add($0) }
    guard closure.isWhole else { return closure }
    try await replay.flush()
    replay.reached(checkpoint.version, point)
    self = replay
    return closure
  }

  mutating func run(_ commits: [(version: Int64, commit: ListedObject)]) async throws {
    for (version, commit) in commits {
      try Task.checkCancellation()
      var replay = self
      switch try await told({ try await replay.apply(commit) }) {
      case .failure(let error):
        examined += 1
        broken.add("\(commit.location): \(error)")
        exposed = exposed ?? StatePoint(name: "version \(version)", time: commit.modified)
        return
      case .success(let time):
        self = replay
        reached(version, StatePoint(name: "version \(version)", time: time ?? commit.modified))
      }
    }
  }

  private mutating func reached(_ version: Int64, _ point: StatePoint) {
    examined += 1
    last = (version, point)
    if absent.isEmpty {
      (whole, exposed) = (point, nil)
    } else if exposed == nil {
      exposed = point
    }
  }

  /// - Returns: when it was committed.
  private mutating func apply(_ commit: ListedObject) async throws -> Int64? {
    var reader = ObjectReader(commit.location, objects: objects)
    guard try await reader.open() else { throw FormatError("it vanished") }
    var time: Int64?
    while let action = try await reader.action() {
      if let removed = action.part("remove") {
        let vector = try removed.part("deletionVector").map { try DeltaVector($0) }
        absent[DeltaFile.key(try DeltaFile.path(of: removed), vector)] = nil
      }
      if let added = action.part("add") { try await add(try DeltaFile(added)) }
      if let info = action.part("commitInfo") {
        time = (info["inCommitTimestamp"] ?? info["timestamp"])?.integer.map(Int64.init)
      }
      if let asked = action.part("protocol") { try DeltaProtocol.check(asked) }
    }
    try await flush()
    return time
  }

  private mutating func add(_ file: DeltaFile) async throws {
    waiting.append(file)
    if waiting.count == FileProbe.batch / 2 { try await flush() }
  }

  private mutating func flush() async throws {
    let named = try waiting.map { (key: $0.key, files: try files(of: $0)) }
    waiting.removeAll(keepingCapacity: true)
    guard !named.isEmpty else { return }
    var found = try await presences(of: named.flatMap(\.files), in: objects)[...]
    for (key, files) in named {
      let own = zip(files, found.prefix(files.count)).filter { $0.1 != .present }
      found = found.dropFirst(files.count)
      absent[key] = own.isEmpty ? nil : own.map { ($0.0.location, $0.1) }
    }
  }

  /// The data, and the file of a deletion vector.
  private func files(of file: DeltaFile) throws -> [FileReference] {
    let data = FileReference(
      location: try DeltaPath.location(file.path, in: root), size: file.size)
    guard let vector = file.vector, let other = try DeltaPath.vector(vector, in: root) else {
      return [data]
    }
    return [data, FileReference(location: other)]
  }
}
