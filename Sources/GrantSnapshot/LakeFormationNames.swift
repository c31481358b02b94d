import CanonicalJSON
import MeshModel

extension Kind {
  public static let settings = Kind("lakeformation", "settings")
  public static let location = Kind("lakeformation", "location")
  public static let lfTag = Kind("lakeformation", "lf-tag")
  public static let tagAssignment = Kind(
    "lakeformation", "tag-assignment", belongsToDatabase: true)
  public static let dataCellsFilter = Kind(
    "lakeformation", "data-cells-filter", belongsToDatabase: true)
  public static let grant = Kind("lakeformation", "grant")
}

extension JSON {
  /// The same array in one order, whatever the order in which AWS listed it.
  var sorted: JSON {
    guard let array else { return self }
    return .array(array.sorted { $0.canonicalText < $1.canonicalText })
  }

  /// `{"DataLakePrincipalIdentifier": ...}`.
  static func principal(_ identifier: String) -> JSON {
    ["DataLakePrincipalIdentifier": .string(identifier)]
  }
}
