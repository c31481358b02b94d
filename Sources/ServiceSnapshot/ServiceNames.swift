import CanonicalJSON
import MeshModel

extension Kind {
  public static let connection = Kind("glue", "connection")
  public static let classifier = Kind("glue", "classifier")
  public static let crawler = Kind("glue", "crawler")
  public static let registry = Kind("glue", "registry")
  public static let schema = Kind("glue", "schema")
  public static let schemaVersion = Kind("glue", "schema-version")
  public static let workGroup = Kind("athena", "work-group")
  public static let dataCatalog = Kind("athena", "data-catalog")
  public static let namedQuery = Kind("athena", "named-query")
  public static let preparedStatement = Kind("athena", "prepared-statement")
}

extension JSON {
  /// The same value without empty members at any depth. AWS answers an empty object or list where
  /// nothing was sent, or leaves it out.
  var withoutEmptyMembers: JSON {
    switch self {
    case .object(let members):
      .object(
        members.mapValues(\.withoutEmptyMembers).filter { member in
          ![.null, "", [:], []].contains(member.value)
        })
    case .array(let elements): .array(elements.map(\.withoutEmptyMembers))
    default: self
    }
  }

  /// The same value with the text members of these names, at any depth, replaced.
  func mapping(_ transforms: [String: (String) -> String]) -> JSON {
    switch self {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, value in
            guard let transform = transforms[name], let text = value.string else {
              return (name, value.mapping(transforms))
            }
            return (name, .string(transform(text)))
          }))
    case .array(let elements): .array(elements.map { $0.mapping(transforms) })
    default: self
    }
  }

  /// Replaces a text member, where there is one.
  mutating func replace(_ name: String, by transform: (String) -> String) {
    guard let text = self[name]?.string else { return }
    self[name] = .string(transform(text))
  }
}
