import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A custom classifier: how crawlers recognise a format.
public struct ClassifierKind: RestorableKind {
  public let kind = Kind.classifier

  /// The members of which each classifier has one, with what can be written of it.
  private static let forms: [String: Set<String>] = [
    "GrokClassifier": AWSShape.createGrokClassifierRequest,
    "XMLClassifier": AWSShape.createXMLClassifierRequest,
    "JsonClassifier": AWSShape.createJsonClassifierRequest,
    "CsvClassifier": AWSShape.createCsvClassifierRequest,
  ]

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }

  public func comparable(_ body: JSON) -> JSON { Self.input(body).withoutEmptyMembers }

  private static func input(_ body: JSON) -> JSON {
    .object(
      forms.reduce(into: [:]) { input, form in
        input[form.key] = body[form.key]?.keeping(only: form.value)
      })
  }

  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    for form in Self.forms.keys { body[form]?.replace("Name", by: mapper.name) }
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try name(body)]
  }

  private func name(_ body: JSON) throws -> String {
    guard let form = Self.forms.keys.first(where: { body[$0] != nil }), let inner = body[form]
    else { throw MalformedRecord(kind: kind, member: "format") }
    return try required("Name", of: inner)
  }

  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    try await site.list(kind, .glueGetClassifiers, [:], into: sink) { [try name($0)] }
  }

  /// CreateClassifier, UpdateClassifier and DeleteClassifier. The format of a classifier can't be
  /// changed: such a one is made anew.
  public func apply(_ changes: [Change], at site: Site) async throws -> [ChangeFailure] {
    for change in changes {
      let name: JSON = ["Name": .string(change.key.path.first ?? "")]
      guard let desired = change.desired else {
        try await site.remove(.glueDeleteClassifier, name)
        continue
      }
      let input = Self.input(desired)
      let live = change.live.map(Self.input)
      if let live, live.object?.keys == input.object?.keys {
        _ = try await site.client.call(.glueUpdateClassifier, input)
      } else {
        if live != nil { try await site.remove(.glueDeleteClassifier, name) }
        _ = try await site.client.call(.glueCreateClassifier, input)
      }
    }
    return []
  }
}
