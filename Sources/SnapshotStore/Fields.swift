import CanonicalJSON
import MeshModel

/// An object of a manifest, whose members are taken out with their types checked. Members that
/// nobody asks for are ignored: a later version may add some.
struct Fields {
  let json: JSON
  /// What the object is, for messages.
  let place: String

  init(_ json: JSON, _ place: String) {
    self.json = json
    self.place = place
  }

  func wrong(_ name: String) -> ArchiveError {
    .damaged("\(place) has a wrong “\(name)”")
  }

  private func required<Value>(_ name: String, _ value: Value?) throws -> Value {
    guard let value else { throw wrong(name) }
    return value
  }

  func string(_ name: String) throws -> String { try required(name, json[name]?.string) }

  func optionalString(_ name: String) -> String? { json[name]?.string }

  func bool(_ name: String) throws -> Bool { try required(name, json[name]?.bool) }

  /// A whole number that is not negative.
  func count(_ name: String) throws -> Int {
    try required(name, json[name]?.integer.flatMap { $0 >= 0 ? $0 : nil })
  }

  func digest(_ name: String) throws -> String {
    let text = try string(name)
    guard isDigest(text) else { throw wrong(name) }
    return text
  }

  func time(_ name: String) throws -> UTCTime { try required(name, UTCTime(string(name))) }

  func key(_ name: String) throws -> RecordKey { try required(name, RecordKey(string(name))) }

  func keys(_ name: String) throws -> [RecordKey] {
    try strings(name).map { try required(name, RecordKey($0)) }
  }

  /// Whether there is such a member: what an older version has not written.
  func has(_ name: String) -> Bool { json[name] != nil }

  func strings(_ name: String) throws -> [String] {
    let elements = try required(name, json[name]?.array)
    return try elements.map { try required(name, $0.string) }
  }

  func counts(_ name: String) throws -> [String: Int] {
    let members = try required(name, json[name]?.object)
    return try members.mapValues { try required(name, $0.integer) }
  }

  func object(_ name: String) throws -> Fields {
    try required(name, optionalObject(name))
  }

  func optionalObject(_ name: String) throws -> Fields? {
    guard let value = json[name], value != .null else { return nil }
    guard value.object != nil else { throw wrong(name) }
    return Fields(value, "“\(name)” of \(place)")
  }

  func objects(_ name: String) throws -> [Fields] {
    let elements = try required(name, json[name]?.array)
    return elements.enumerated().map { Fields($1, "\(name)[\($0)] of \(place)") }
  }
}
