/// Header fields in the order in which they were sent. Names compare without regard to case.
public struct HTTPHeaders: Sendable, ExpressibleByArrayLiteral {
  /// Each field's name and value.
  public private(set) var fields: [(name: String, value: String)]

  /// Keeps the order and fields of one name apart.
  public init(_ fields: [(name: String, value: String)] = []) {
    self.fields = fields
  }

  /// Pairs of name and value.
  public init(arrayLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0.0, value: $0.1) }
  }

  /// The first field of that name. Setting replaces every field of the name; nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { Self.same($0.name, name) }?.value }
    set {
      fields.removeAll { Self.same($0.name, name) }
      if let newValue { fields.append((name: name, value: newValue)) }
    }
  }

  /// Adds a field beside others of its name.
  public mutating func append(_ name: String, _ value: String) {
    fields.append((name: name, value: value))
  }

  private static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
