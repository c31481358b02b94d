/// Finds the newest state of an Iceberg table that is whole: walks from its metadata file to older
/// ones through the metadata log.
///
/// A state is whole when the metadata file, its current snapshot's manifest list, every manifest and
/// every file that these name are there, deletes and statistics among them. Earlier snapshots that a
/// metadata file keeps for time travel are no part of its state.
struct IcebergTable {
  /// How many metadata files are looked at: Iceberg keeps 100 in its log by default.
  static let most = 200

  private let manifests: IcebergManifests
  private let objects: any TableObjects
  private let folder: String
  private let isBlind: Bool
  private var queue: [StatePoint]
  private var seen: Set<String> = []
  /// What was found of manifests that later states share.
  private var known: [FileReference: Closure] = [:]
  private var reasons = Reasons()
  private var isFollowed = false
  private var examined = 0
  /// The newest state, and what was found of it.
  private var newest: (point: StatePoint, closure: Closure)?
  /// The last one that was looked at and is not whole.
  private var oldestMissing: StatePoint?

  /// - Parameters:
  ///   - metadata: locations of metadata files that are known by name, the newest first.
  ///   - folder: the table's location, below which metadata is looked for where none of them is there.
  init(metadata: [String], folder: String, objects: any TableObjects) {
    queue = metadata.map { StatePoint(name: $0) }
    isBlind = metadata.isEmpty
    self.folder = trimmed(folder)
    self.objects = objects
    manifests = IcebergManifests(objects: objects)
  }

  /// - Throws: `CancellationError` only.
  func state() async throws -> TableState {
    var walk = self
    return try await walk.walked()
  }

  private mutating func walked() async throws -> TableState {
    if isBlind { reasons.add("the catalog names no metadata file") }
    while let point = try await next() {
      try Task.checkCancellation()
      examined += 1
      let (found, closure) = try await judge(point)
      if newest == nil { newest = (found, closure) }
      reasons.add(closure.unknown)
      if closure.isWhole { return result(found) }
      oldestMissing = found
    }
    return result(nil)
  }

  private func result(_ whole: StatePoint?) -> TableState {
    TableState(
      .iceberg, standing(isAnyWhole: whole != nil), recoveryPoint: whole, newest: newest?.point,
      oldestMissing: oldestMissing, missing: newest?.closure.missing ?? MissingFiles(),
      reasons: reasons.list, examined: examined)
  }

  private func standing(isAnyWhole: Bool) -> TableState.Standing {
    // Without a name from the catalog, what was found need not be the newest.
    guard let found = newest?.closure, !isBlind else { return .unknown }
    if found.isWhole { return .current }
    if found.missing.count == 0 { return .unknown }
    if isAnyWhole { return .behind }
    return reasons.isEmpty ? .lost : .unknown
  }

  /// The next metadata file to look at: known ones first, then what lies in the folder.
  private mutating func next() async throws -> StatePoint? {
    while true {
      if queue.isEmpty, !isFollowed {
        isFollowed = true
        queue = try await listed()
      }
      guard examined < Self.most else {
        reasons.add("\(Self.most) metadata files were looked at and older ones were not")
        return nil
      }
      guard !queue.isEmpty else { return nil }
      let point = queue.removeFirst()
      if seen.insert(point.name).inserted { return point }
    }
  }

  /// Metadata files below the table's location, the newest first by their numbers.
  private mutating func listed() async throws -> [StatePoint] {
    guard !folder.isEmpty else { return [] }
    switch try await told({ try await objects.list("\(folder)/metadata/") }) {
    case .failure(let error):
      reasons.add("\(folder)/metadata/: \(error)")
      return []
    case .success(let found):
      let files = found.filter { $0.location.contains(".metadata.json") }
      return files.sorted { Self.rank($0) > Self.rank($1) }
        .map { StatePoint(name: $0.location, time: $0.modified) }
    }
  }

  /// The number before the first hyphen or dot: `00003-uuid.metadata.json`, or `v3.metadata.json`.
  private static func rank(_ object: ListedObject) -> (Int64, Int64) {
    let name = object.location.split(separator: "/").last ?? ""
    let digits = name.drop { $0 == "v" }.prefix { $0.isASCII && $0.isNumber }
    return (Int64(digits) ?? -1, object.modified ?? 0)
  }

  /// What a metadata file says of itself, and what of its state is there.
  private mutating func judge(_ point: StatePoint) async throws -> (StatePoint, Closure) {
    var closure = Closure()
    switch try await told({ try await IcebergMetadata.read(point.name, objects: objects) }) {
    case .failure(let error):
      closure.unknown.add("\(point.name): \(error)")
      return (point, closure)
    case .success(nil):
      closure.missing.add(point.name)
      return (point, closure)
    case .success(let metadata?):
      if !isFollowed {
        isFollowed = true
        queue = metadata.older
      }
      return (metadata.point, try await self.closure(of: metadata))
    }
  }

  private mutating func closure(of metadata: IcebergMetadata) async throws -> Closure {
    var closure = Closure()
    var probe = FileProbe(objects: objects)
    for file in metadata.statistics { try await probe.add(file) }
    closure.add(try await probe.finish())
    var named = metadata.manifests.map { FileReference(location: $0) }
    if let list = metadata.manifestList {
      switch try await told({ try await manifests.list(list) }) {
      case .success(nil): closure.missing.add(list)
      case .success(let found?): named += found
      case .failure(let error): closure.unknown.add("\(list): \(error)")
      }
    }
    for manifest in named {
      let found: Closure
      if let before = known[manifest] {
        found = before
      } else {
        found = try await manifests.closure(manifest)
      }
      known[manifest] = found
      closure.add(found)
      // Of older states only whether they are whole is asked.
      if newest != nil, !closure.isWhole { break }
    }
    return closure
  }
}
