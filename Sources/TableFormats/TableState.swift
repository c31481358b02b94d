/// What of a table can be had in the replica.
///
/// The newest state of an Iceberg table is the one that the catalog names. The logs of Delta and Hudi
/// name theirs themselves: commits of which nothing has arrived yet are not seen here, only by the lag
/// of the log's prefix.
public struct TableState: Sendable, Hashable {
  public enum Standing: String, Sendable, Hashable {
    /// The newest state is there with every file of it.
    case current
    /// The newest state lacks files; an older one is whole.
    case behind
    /// No state that is known of is whole.
    case lost
    /// The newest state could not be judged, or none was found to be whole and some could not be
    /// judged. Never a pass.
    case unknown
  }

  public let format: TableFormat
  public let standing: Standing
  /// The newest state that was found whole. Where an answer is missing, a newer one may be, too.
  public let recoveryPoint: StatePoint?
  /// The newest state that is known of, whole or not.
  public let newest: StatePoint?
  /// The oldest state behind the recovery point that was looked at and is not whole: since then the
  /// table is exposed. Nil where the format's log does not tell.
  public let oldestMissing: StatePoint?
  /// What the newest state lacks.
  public let missing: MissingFiles
  /// What could not be judged, and why; a few, in words.
  public let reasons: [String]
  /// How many states were looked at.
  public let examined: Int

  init(
    _ format: TableFormat, _ standing: Standing, recoveryPoint: StatePoint? = nil,
    newest: StatePoint? = nil, oldestMissing: StatePoint? = nil,
    missing: MissingFiles = MissingFiles(), reasons: [String] = [], examined: Int = 0
  ) {
    self.format = format
    self.standing = standing
    self.recoveryPoint = recoveryPoint
    self.newest = newest
    self.oldestMissing = oldestMissing
    self.missing = missing
    self.reasons = reasons
    self.examined = examined
  }
}

/// One state of a table.
public struct StatePoint: Sendable, Hashable {
  /// What names it: a metadata file's location, a version of the log, an instant of the timeline.
  public let name: String
  /// The Iceberg snapshot; nil for an empty table and other formats.
  public let snapshot: Int64?
  /// When it was committed, in milliseconds since 1970, as the table says.
  public let time: Int64?

  public init(name: String, snapshot: Int64? = nil, time: Int64? = nil) {
    self.name = name
    self.snapshot = snapshot
    self.time = time
  }
}

/// Files that are not there: how many, and the first few by location.
public struct MissingFiles: Sendable, Hashable {
  public static let shown = 10

  public private(set) var count = 0
  public private(set) var first: [String] = []

  public init() {}

  mutating func add(_ location: String) {
    count += 1
    if first.count < Self.shown { first.append(location) }
  }

  mutating func add(_ others: MissingFiles) {
    count += others.count
    first.append(contentsOf: others.first.prefix(Self.shown - first.count))
  }
}

/// Reasons why something is not known: each once, and not more than a person would read.
struct Reasons: Sendable, Hashable {
  static let shown = 10

  private(set) var list: [String] = []

  var isEmpty: Bool { list.isEmpty }

  mutating func add(_ reason: String) {
    if list.count < Self.shown, !list.contains(reason) { list.append(reason) }
  }

  mutating func add(_ others: Reasons) {
    others.list.forEach { add($0) }
  }
}

/// What was found of one state's files.
struct Closure: Sendable, Hashable {
  var missing = MissingFiles()
  var unknown = Reasons()

  var isWhole: Bool { missing.count == 0 && unknown.isEmpty }

  mutating func add(_ presence: FilePresence, of location: String) {
    switch presence {
    case .present: break
    case .missing: missing.add(location)
    case .differs(let size): missing.add("\(location) (there with \(size) bytes)")
    case .unknown(let reason): unknown.add("\(location): \(reason)")
    }
  }

  mutating func add(_ other: Closure) {
    missing.add(other.missing)
    unknown.add(other.unknown)
  }
}
