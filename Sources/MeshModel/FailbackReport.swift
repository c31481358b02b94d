import CanonicalJSON

/// What a failback found on both sides, besides what a restore has to tell.
public struct FailbackReport: Sendable, Hashable {
  /// What became of a record on one side since the snapshot that both began with.
  public enum What: String, Sendable, Hashable, CaseIterable { case added, changed, removed }

  /// Something that both sides have changed, each in its own way.
  public struct Conflict: Sendable, Hashable {
    public var kind: String
    /// The record, by its key in the primary.
    public var key: String
    /// Paths of the members in which the sides differ; empty where one has removed the record.
    public var fields: [String]
    public var secondary: What
    public var primary: What
    /// Whose it is to be, `secondary` or `primary`; nil where nobody has decided.
    public var taken: String?

    public init(
      kind: String, key: String, fields: [String], secondary: What, primary: What, taken: String?
    ) {
      self.kind = kind
      self.key = key
      self.fields = fields
      self.secondary = secondary
      self.primary = primary
      self.taken = taken
    }
  }

  /// A change of the secondary that a person has to bring home.
  public struct Left: Sendable, Hashable {
    public var kind: String
    public var key: String
    public var what: What
    public var fields: [String]
    public var reason: String

    public init(kind: String, key: String, what: What, fields: [String], reason: String) {
      self.kind = kind
      self.key = key
      self.what = what
      self.fields = fields
      self.reason = reason
    }
  }

  /// Whether the data of the secondary is in the primary.
  public struct DataCheck: Sendable, Hashable {
    /// Locations that were looked at.
    public var locations = 0
    /// Those of which something is not in the primary, or of which that is not known.
    public var notHome: [Place] = []
    public var findings: [Finding] = []

    public init() {}

    public var isHome: Bool { notHome.isEmpty }
  }

  public struct Place: Sendable, Hashable {
    public var location: String
    /// Where it should be in the primary; nil where that is not known.
    public var target: String?
    /// How many objects are missing there; nil where that is not known.
    public var pendingObjects: Int?

    public init(location: String, target: String?, pendingObjects: Int?) {
      self.location = location
      self.target = target
      self.pendingObjects = pendingObjects
    }
  }

  /// How many records of one kind go home.
  public struct Count: Sendable, Hashable {
    public var added = 0
    public var changed = 0
    public var removed = 0

    public init() {}
  }

  /// The region whose changes go home.
  public var from: String
  /// The run that had restored the base there; nil where only the snapshot was named.
  public var baseRun: String?
  /// The rule for conflicts, as it was given.
  public var onConflict: String
  public var conflicts: [Conflict] = []
  /// What goes home, by kind.
  public var home: [String: Count] = [:]
  public var left: [Left] = []
  /// Access that the merge would give although a side has revoked it or neither gives it: a line each.
  public var unjustified: [String] = []
  /// Nil where nobody looked.
  public var data: DataCheck?
  /// Whether the mesh runs in the primary from here on.
  public var switched = false

  public init(from: String, baseRun: String?, onConflict: String) {
    self.from = from
    self.baseRun = baseRun
    self.onConflict = onConflict
  }

  /// Conflicts that nobody has decided.
  public var open: [Conflict] { conflicts.filter { $0.taken == nil } }
}

// MARK: - As JSON; what is written is read back

extension FailbackReport {
  var json: JSON {
    [
      "from": .string(from), "baseRun": baseRun.map(JSON.string) ?? .null,
      "onConflict": .string(onConflict), "conflicts": .array(conflicts.map(\.json)),
      "home": .object(home.mapValues(\.json)), "left": .array(left.map(\.json)),
      "unjustified": JSON(unjustified), "data": data.map(\.json) ?? .null,
      "switched": .bool(switched),
    ]
  }

  init(json: JSON) {
    self.init(
      from: json["from"]?.string ?? "", baseRun: json["baseRun"]?.string,
      onConflict: json["onConflict"]?.string ?? "")
    conflicts = (json["conflicts"]?.array ?? []).map(Conflict.init(json:))
    home = (json["home"]?.object ?? [:]).mapValues(Count.init(json:))
    left = (json["left"]?.array ?? []).map(Left.init(json:))
    unjustified = json["unjustified"]?.strings ?? []
    data = json["data"].flatMap { $0 == .null ? nil : DataCheck(json: $0) }
    switched = json["switched"]?.bool ?? false
  }
}

extension FailbackReport.Conflict {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "fields": JSON(fields),
      "secondary": .string(secondary.rawValue), "primary": .string(primary.rawValue),
      "taken": taken.map(JSON.string) ?? .null,
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      fields: json["fields"]?.strings ?? [], secondary: .init(json: json["secondary"]),
      primary: .init(json: json["primary"]), taken: json["taken"]?.string)
  }
}

extension FailbackReport.Left {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "what": .string(what.rawValue),
      "fields": JSON(fields), "reason": .string(reason),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      what: .init(json: json["what"]), fields: json["fields"]?.strings ?? [],
      reason: json["reason"]?.string ?? "")
  }
}

extension FailbackReport.What {
  fileprivate init(json: JSON?) { self = json?.string.flatMap(Self.init) ?? .changed }
}

extension FailbackReport.Count {
  fileprivate var json: JSON {
    ["added": JSON(added), "changed": JSON(changed), "removed": JSON(removed)]
  }

  fileprivate init(json: JSON) {
    self.init()
    added = json["added"]?.integer ?? 0
    changed = json["changed"]?.integer ?? 0
    removed = json["removed"]?.integer ?? 0
  }
}

extension FailbackReport.DataCheck {
  fileprivate var json: JSON {
    [
      "home": .bool(isHome), "locations": JSON(locations),
      "notHome": .array(
        notHome.map {
          [
            "location": .string($0.location), "target": $0.target.map(JSON.string) ?? .null,
            "pendingObjects": $0.pendingObjects.map { JSON($0) } ?? .null,
          ]
        }),
      "findings": .array(findings.map(\.json)),
    ]
  }

  fileprivate init(json: JSON) {
    self.init()
    locations = json["locations"]?.integer ?? 0
    notHome = (json["notHome"]?.array ?? []).map {
      .init(
        location: $0["location"]?.string ?? "", target: $0["target"]?.string,
        pendingObjects: $0["pendingObjects"]?.integer)
    }
    findings = (json["findings"]?.array ?? []).compactMap { try? Finding(json: $0) }
  }
}
