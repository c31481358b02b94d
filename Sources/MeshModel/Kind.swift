/// A kind of AWS resource: `glue/table`, `lakeformation/grant`.
public struct Kind: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The service, as in the endpoint's name: `glue`, `lakeformation`, `s3`.
  public let service: String
  /// The name, unique among all services: `table`. What `kind:table` selects.
  public let name: String
  /// Whether the first part of its records' path is the database that they belong to. Such
  /// records are archived together with their database.
  public let belongsToDatabase: Bool

  public init(_ service: String, _ name: String, belongsToDatabase: Bool = false) {
    self.service = service
    self.name = name
    self.belongsToDatabase = belongsToDatabase
  }

  public var description: String { "\(service)/\(name)" }

  public static func == (left: Kind, right: Kind) -> Bool {
    left.service == right.service && left.name == right.name
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(service)
    hasher.combine(name)
  }

  public static func < (left: Kind, right: Kind) -> Bool {
    (left.service, left.name) < (right.service, right.name)
  }
}

/// What can be done with an archived record of a kind.
public enum Restorability: String, Sendable, Hashable {
  /// Put back through the API.
  case restorable
  /// Put back by a person, with the commands printed.
  case manual
  /// Kept for reading, and for what others are derived from it.
  case descriptive
}
