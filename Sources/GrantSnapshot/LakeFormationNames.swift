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
  public static let lfTagExpression = Kind("lakeformation", "lf-tag-expression")
  public static let optIn = Kind("lakeformation", "opt-in")
  public static let identityCenter = Kind("lakeformation", "identity-center")
  public static let resourceShare = Kind("ram", "resource-share")
  public static let invitation = Kind("ram", "invitation")
  public static let grant = Kind("lakeformation", "grant")
}

extension JSON {
  /// The same array in one order, whatever the order in which AWS listed it.
  var sorted: JSON {
    guard let array else { return self }
    return .array(array.sorted { $0.canonicalText < $1.canonicalText })
  }

  /// The same with every string in lower case, as Lake Formation keeps keys and values of LF-Tags.
  var lowercased: JSON { mapStrings { $0.lowercased() } }

  /// `{"DataLakePrincipalIdentifier": ...}`.
  static func principal(_ identifier: String) -> JSON {
    ["DataLakePrincipalIdentifier": .string(identifier)]
  }
}
