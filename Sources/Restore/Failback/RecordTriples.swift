import CanonicalJSON
import MeshModel

/// One record as three captures have it, each in the primary's terms; never three nils.
struct RecordTriple {
  let key: RecordKey
  let base: Record?
  /// What the base comes to on the way to the secondary and back. Nil without a base, or where nobody
  /// needs it.
  var mapped: JSON?
  /// The key that it has in the secondary; nil where nobody needs it.
  var there: RecordKey?
  let secondary: Record?
  let primary: Record?
}

/// Three sorted streams side by side: each key once.
struct RecordTriples<Base: RecordStream, Secondary: RecordStream, Primary: RecordStream> {
  private var base: Base
  private var secondary: Secondary
  private var primary: Primary
  private var next: (base: Record?, secondary: Record?, primary: Record?)
  private var begun = false

  init(base: Base, secondary: Secondary, primary: Primary) {
    self.base = base
    self.secondary = secondary
    self.primary = primary
  }

  /// - Throws: what reading one of them meets.
  mutating func nextTriple() throws -> RecordTriple? {
    if !begun {
      next = (try base.next(), try secondary.next(), try primary.next())
      begun = true
    }
    let keys = [next.base, next.secondary, next.primary].compactMap { $0?.key }
    guard let key = keys.min() else { return nil }
    let triple = RecordTriple(
      key: key, base: next.base.having(key), secondary: next.secondary.having(key),
      primary: next.primary.having(key))
    if triple.base != nil { next.base = try base.next() }
    if triple.secondary != nil { next.secondary = try secondary.next() }
    if triple.primary != nil { next.primary = try primary.next() }
    return triple
  }
}

extension Record? {
  fileprivate func having(_ key: RecordKey) -> Record? { self?.key == key ? self : nil }
}

/// Records of the secondary as the primary would call them, in order within one database.
struct ReturnedRecords<Base: RecordStream>: RecordStream {
  private var base: Base
  private let kind: any ResourceKind
  private let back: Mapper

  init(_ base: Base, kind: any ResourceKind, by back: Mapper) {
    self.base = base
    self.kind = kind
    self.back = back
  }

  mutating func next() throws -> Record? {
    try base.next().map { try kind.mapped($0, by: back) }
  }
}
