import CanonicalJSON

/// Replays commits of a Delta log, and keeps of the table's files only those that are not there.
struct DeltaReplay {
  /// The most that one action may have.
  static let mostOfAnAction = 64 << 20

  private let root: String
  private let objects: any TableObjects
  /// Files that are part of the version and not there, by their keys.
  private var absent: [String: [(location: String, presence: FilePresence)]] = [:]
  private var waiting: [(key: String, files: [FileReference])] = []
  /// Why a commit could not be replayed.
  private(set) var broken = Reasons()
  /// The newest version that was found whole.
  private(set) var whole: StatePoint?
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

  mutating func run(_ commits: [(version: Int64, commit: ListedObject)]) async throws {
    for (version, commit) in commits {
      try Task.checkCancellation()
      examined += 1
      var replay = self
      switch try await told({ try await replay.apply(commit) }) {
      case .failure(let error):
        broken.add("\(commit.location): \(error)")
        return
      case .success(let time):
        self = replay
        let point = StatePoint(name: "version \(version)", time: time ?? commit.modified)
        last = (version, point)
        if absent.isEmpty { whole = point }
      }
    }
  }

  /// - Returns: when it was committed.
  private mutating func apply(_ commit: ListedObject) async throws -> Int64? {
    var reader = ObjectReader(commit.location, objects: objects)
    guard try await reader.open() else { throw FormatError("it vanished") }
    var time: Int64?
    while let line = try await reader.line(limit: Self.mostOfAnAction) {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { continue }
      let action = try parsed(line)
      if let removed = action["remove"] { absent[try key(of: removed)] = nil }
      if let added = action["add"] { try await add(added) }
      if let info = action["commitInfo"] {
        time = (info["inCommitTimestamp"] ?? info["timestamp"])?.integer.map(Int64.init)
      }
      if let version = action["protocol"]?["minReaderVersion"]?.integer, version > 3 {
        throw FormatError("it asks for reader version \(version), which is not known")
      }
    }
    try await flush()
    return time
  }

  private func parsed(_ line: ArraySlice<UInt8>) throws -> JSON {
    do {
      return try JSON(parsing: line)
    } catch {
      throw FormatError("a line of it is \(error)")
    }
  }

  private mutating func add(_ action: JSON) async throws {
    let path = try DeltaPath.location(action["path"]?.string, in: root)
    var files = [FileReference(location: path, size: action["size"]?.integer.map(Int64.init))]
    if let vector = action["deletionVector"], let file = try DeltaPath.vector(vector, in: root) {
      files.append(FileReference(location: file))
    }
    waiting.append((try key(of: action), files))
    if waiting.count == FileProbe.batch / 2 { try await flush() }
  }

  private mutating func flush() async throws {
    let files = waiting.flatMap(\.files)
    guard !files.isEmpty else { return }
    var found = try await presences(of: files, in: objects)[...]
    for (key, files) in waiting {
      let own = zip(files, found.prefix(files.count)).filter { $0.1 != .present }
      found = found.dropFirst(files.count)
      absent[key] = own.isEmpty ? nil : own.map { ($0.0.location, $0.1) }
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// A file counts once with each deletion vector.
  private func key(of action: JSON) throws -> String {
    guard let path = action["path"]?.string else {
      throw FormatError("it has an action without a path")
    }
    let vector = action["deletionVector"]
    let offset = vector?["offset"]?.integer.map { "@\($0)" } ?? ""
    return path + "|" + (vector?["pathOrInlineDv"]?.string ?? "") + offset
  }
}

/// Locations as Delta's actions give them.
enum DeltaPath {
  /// A path is relative to the table, or a URI, and percent-encoded.
  static func location(_ path: String?, in root: String) throws -> String {
    guard let path, let decoded = decoded(path) else {
      throw FormatError("it has an action without a readable path")
    }
    return decoded.contains("://") ? decoded : "\(root)/\(decoded)"
  }

  /// The file of a deletion vector; nil where it stands in the log itself.
  static func vector(_ vector: JSON, in root: String) throws -> String? {
    guard let kind = vector["storageType"]?.string, let text = vector["pathOrInlineDv"]?.string
    else {
      return nil
    }
    switch kind {
    case "i": return nil
    case "p": return try location(text, in: root)
    case "u" where text.utf8.count >= 20:
      let prefix = String(text.dropLast(20))
      guard let name = uuid(text.suffix(20)) else { break }
      return "\(root)/\(prefix.isEmpty ? "" : prefix + "/")deletion_vector_\(name).bin"
    default: break
    }
    throw FormatError("it has a deletion vector of an unknown form")
  }

  private static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let alphabet = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  /// A UUID of 16 bytes in Z85.
  private static func uuid(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: 20, by: 5) {
      var value: UInt64 = 0
      for character in Array(text.utf8)[start..<start + 5] {
        guard let digit = alphabet.firstIndex(of: character) else { return nil }
        value = value * 85 + UInt64(digit)
      }
      guard value <= UInt64(UInt32.max) else { return nil }
      for shift in [24, 16, 8, 0] {
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
      }
    }
    let digits = bytes.flatMap { [$0 >> 4, $0 & 15] }.map { String($0, radix: 16) }
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { digits[$0].joined() }
      .joined(separator: "-")
  }
}
