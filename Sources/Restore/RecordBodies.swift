import CanonicalJSON
import MeshModel

/// Bodies of records by their keys. They are held as the text that they are, and read when they are
/// asked for: a tree takes several times the room, and there may be tens of thousands.
struct RecordBodies: Sequence, Sendable, ExpressibleByDictionaryLiteral {
  private var texts: [RecordKey: [UInt8]] = [:]

  init() {}

  init(_ bodies: [RecordKey: JSON]) { texts = bodies.mapValues(\.canonicalBytes) }

  init(dictionaryLiteral elements: (RecordKey, JSON)...) {
    self.init(Dictionary(elements) { first, _ in first })
  }

  var keys: Dictionary<RecordKey, [UInt8]>.Keys { texts.keys }

  var count: Int { texts.count }

  func holds(_ key: RecordKey) -> Bool { texts[key] != nil }

  /// What is here is the text of a tree, so it can be read.
  subscript(key: RecordKey) -> JSON? {
    get { texts[key].flatMap { try? JSON(parsing: $0) } }
    set { texts[key] = newValue?.canonicalBytes }
  }

  /// Takes over a record whose body has been read before.
  mutating func add(_ record: Record) { texts[record.key] = record.body }

  /// With those of `others` whose keys are not here.
  func merging(_ others: [RecordKey: JSON]) -> RecordBodies {
    var merged = self
    for (key, body) in others where !holds(key) { merged[key] = body }
    return merged
  }

  func makeIterator() -> AnyIterator<(key: RecordKey, value: JSON)> {
    var rest = texts.makeIterator()
    return AnyIterator {
      while let (key, text) = rest.next() {
        if let body = try? JSON(parsing: text) { return (key, body) }
      }
      return nil
    }
  }

  /// Those of some kinds, in the order of their keys. Only these are read.
  func sorted(of kinds: Kind...) -> some Sequence<(key: RecordKey, value: JSON)> {
    let names = Set(kinds.map(\.name))
    return texts.keys.filter { names.contains($0.kindName) }.sorted().lazy.compactMap { key in
      self[key].map { (key: key, value: $0) }
    }
  }
}
