/// What lies in a Delta log (Delta protocol, "Delta Log Entries" and "Checkpoint Naming Scheme").
struct DeltaListing {
  /// By version: `00000000000000000007.json`.
  private(set) var commits: [Int64: ListedObject] = [:]
  /// Those of which every part is there, by version.
  private(set) var checkpoints: [Int64: [DeltaCheckpoint]] = [:]
  /// Parts of checkpoints that are not whole, by version: readers pass over those.
  private(set) var missingParts: [Int64: [String]] = [:]

  private struct PartSet: Hashable {
    let version: Int64
    let count: Int
  }

  /// - Parameter root: the table's location.
  init(_ listed: [ListedObject], root: String) {
    let prefix = "\(root)/_delta_log/"
    var parts: [PartSet: [Int: ListedObject]] = [:]
    for object in listed where object.location.hasPrefix(prefix) {
      let rest = object.location.dropFirst(prefix.count)
      let name = rest.split(separator: ".", omittingEmptySubsequences: false)
      guard !rest.contains("/"), let version = Self.version(name[0]) else { continue }
      switch name.dropFirst().map(String.init) {
      case ["json"]: commits[version] = object
      case ["checkpoint", "parquet"]:
        checkpoints[version, default: []].append(.init(version: version, parquet: [object]))
      case let more where more.count == 3 && more[0] == "checkpoint" && more[2] == "json":
        checkpoints[version, default: []].append(.init(version: version, json: object))
      case let more where more.count == 3 && more[0] == "checkpoint" && more[2] == "parquet":
        checkpoints[version, default: []].append(.init(version: version, parquet: [object]))
      case let more where more.count == 4 && more[0] == "checkpoint" && more[3] == "parquet":
        guard let place = Int(more[1]), let count = Int(more[2]), (1...count).contains(place)
        else { continue }
        parts[PartSet(version: version, count: count), default: [:]][place] = object
      default: continue
      }
    }
    for (set, found) in parts { add(set, found) }
  }

  private mutating func add(_ set: PartSet, _ found: [Int: ListedObject]) {
    let version = set.version
    guard found.count == set.count else {
      // As a part that is there is named, with another number.
      guard let (place, object) = found.min(by: { $0.key < $1.key }) else { return }
      let missing = (1...set.count).lazy.filter { found[$0] == nil }.prefix(MissingFiles.shown)
      missingParts[version, default: []] += missing.map {
        object.location.replacing(".\(Self.digits(place, 10)).", with: ".\(Self.digits($0, 10)).")
      }
      return
    }
    let whole = found.sorted { $0.key < $1.key }.map(\.value)
    checkpoints[version, default: []].append(.init(version: version, parquet: whole))
  }

  private static func version(_ digits: Substring) -> Int64? {
    guard digits.count == 20, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int64(digits)
  }

  private static func digits(_ number: some BinaryInteger, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// The newest version that the log tells of.
  var newest: Int64? {
    [commits.keys.max(), checkpoints.keys.max(), missingParts.keys.max()].compactMap(\.self).max()
  }

  func point(of version: Int64) -> StatePoint {
    StatePoint(name: "version \(version)", time: commits[version]?.modified)
  }

  /// The commits from a version on, up to another or the first gap.
  func run(
    from version: Int64, through last: Int64
  ) -> [(version: Int64, commit: ListedObject)] {
    var found: [(version: Int64, commit: ListedObject)] = []
    var next = version
    while next <= last, let commit = commits[next] {
      found.append((next, commit))
      next += 1
    }
    return found
  }

  func location(of version: Int64, in root: String) -> String {
    "\(root)/_delta_log/\(Self.digits(version, 20)).json"
  }
}

/// A checkpoint of a Delta log: all that its version holds, in one file, in parts, or in sidecars that a
/// file names.
struct DeltaCheckpoint {
  let version: Int64
  /// Its files in Parquet; empty where it is JSON.
  var parquet: [ListedObject] = []
  /// Its only file, in JSON.
  var json: ListedObject?
}
