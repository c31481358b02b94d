import CanonicalJSON

extension FailbackReport {
  /// Whether the data of the secondary is in the primary.
  public struct DataCheck: Sendable, Hashable {
    /// Locations that were looked at.
    public var locations = 0
    /// All of them, with what is known of each.
    public var places: [Place] = []
    public var findings: [Finding] = []

    public init() {}

    /// Those of which something is not in the primary, or of which that is not known, and those in
    /// which the primary still has what the secondary has deleted.
    public var notHome: [Place] { places.filter { !$0.isHome } }
    public var isHome: Bool { notHome.isEmpty }
  }

  /// One location of the secondary.
  public struct Place: Sendable, Hashable {
    public var location: String
    /// Where it should be in the primary; nil where that is not known.
    public var target: String?
    /// Whether every object is there.
    public var hasArrived: Bool
    /// How many objects are missing there; nil where that is not known.
    public var pendingObjects: Int?
    /// How many objects were compared; nil where none were.
    public var compared: Int?
    /// What the primary has and the secondary has not.
    public var extra = ExtraObjects()

    public init(location: String, target: String?, hasArrived: Bool, pendingObjects: Int?) {
      self.location = location
      self.target = target
      self.hasArrived = hasArrived
      self.pendingObjects = pendingObjects
    }

    public var isHome: Bool { hasArrived && extra.deleted == 0 }
  }
}

/// Objects that only the replica has. No rule carries the deletion of a version, and delete markers go
/// along only where a rule says so.
public struct ExtraObjects: Sendable, Hashable {
  /// All of them.
  public var count: Int
  /// Those that had been in the source, and were deleted there.
  public var deleted = 0
  /// Those that had never arrived there.
  public var neverArrived = 0
  /// Some of those that were deleted, by their URIs in the replica.
  public var examples: [String] = []

  public init(count: Int = 0) { self.count = count }

  /// Those of which neither is known.
  public var unknown: Int { max(0, count - deleted - neverArrived) }
}

extension FailbackReport.DataCheck {
  var json: JSON {
    [
      "home": .bool(isHome), "locations": JSON(locations), "places": .array(places.map(\.json)),
      "notHome": .array(
        notHome.map {
          [
            "location": .string($0.location), "target": $0.target.map(JSON.string) ?? .null,
            "pendingObjects": $0.pendingObjects.map { JSON($0) } ?? .null,
            "deletedObjects": JSON($0.extra.deleted),
          ]
        }),
      "findings": .array(findings.map(\.json)),
    ]
  }

  init(json: JSON) {
    self.init()
    locations = json["locations"]?.integer ?? 0
    places = (json["places"]?.array ?? []).map(FailbackReport.Place.init(json:))
    findings = (json["findings"]?.array ?? []).compactMap { try? Finding(json: $0) }
  }
}

extension FailbackReport.Place {
  fileprivate var json: JSON {
    [
      "location": .string(location), "target": target.map(JSON.string) ?? .null,
      "arrived": .bool(hasArrived), "pendingObjects": pendingObjects.map { JSON($0) } ?? .null,
      "compared": compared.map { JSON($0) } ?? .null,
      "onlyInPrimary": [
        "objects": JSON(extra.count), "deleted": JSON(extra.deleted),
        "neverArrived": JSON(extra.neverArrived), "examples": JSON(extra.examples),
      ],
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      location: json["location"]?.string ?? "", target: json["target"]?.string,
      hasArrived: json["arrived"]?.bool ?? false, pendingObjects: json["pendingObjects"]?.integer)
    compared = json["compared"]?.integer
    let only = json["onlyInPrimary"]
    extra.count = only?["objects"]?.integer ?? 0
    extra.deleted = only?["deleted"]?.integer ?? 0
    extra.neverArrived = only?["neverArrived"]?.integer ?? 0
    extra.examples = only?["examples"]?.strings ?? []
  }
}
