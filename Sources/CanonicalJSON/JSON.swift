/// A JSON value that loses nothing: numbers keep their digits, strings their code units.
///
/// Two values are equal exactly when their canonical bytes are. That is stricter than Swift's own
/// `==` of strings, to which a composed and a decomposed accent are the same.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  /// The number as it was written, `1.0` apart from `1`.
  case number(String)
  case string(String)
  /// A string with an unpaired surrogate, which no Swift `String` can hold: its canonical token,
  /// without the quotes.
  case unpaired(String)
  case array([JSON])
  case object([String: JSON])
}

/// What is wrong with a text that should have been JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The reason, in a few words.
  public let message: String

  public init(_ message: String) {
    self.message = message
  }

  public var description: String { "invalid JSON: \(message)" }
}

extension JSON: Hashable {
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)), (.unpaired(let left), .unpaired(let right)):
      left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let token): hasher.combine(token)
    case .string(let text), .unpaired(let text): hasher.combine(text)
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }
}

// MARK: - Looking inside

extension JSON {
  /// The member of an object; nil for other values and where there is none.
  public subscript(name: String) -> JSON? {
    get {
      guard case .object(let members) = self else { return nil }
      return members[name]
    }
    set {
      guard case .object(var members) = self else { return }
      self = .null  // so that the dictionary is changed in place
      members[name] = newValue
      self = .object(members)
    }
  }

  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The number, where it is a whole one that fits.
  public var integer: Int? {
    guard case .number(let token) = self else { return nil }
    return Int(token)
  }

  /// The number as floating point: digits beyond its precision are gone.
  public var double: Double? {
    guard case .number(let token) = self else { return nil }
    return Double(token)
  }

  public var array: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  public var object: [String: JSON]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The strings of an array; elements of another type are left out.
  public var strings: [String] {
    (array ?? []).compactMap(\.string)
  }

  /// The members of an object that are named; other values stay as they are.
  public func keeping(only names: Set<String>) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { names.contains($0.key) })
  }

  /// The same value with every string in it, at any depth, replaced. Names of members stay.
  public func mapStrings(_ transform: (String) throws -> String) rethrows -> JSON {
    switch self {
    case .string(let text): .string(try transform(text))
    case .array(let elements): .array(try elements.map { try $0.mapStrings(transform) })
    case .object(let members): .object(try members.mapValues { try $0.mapStrings(transform) })
    case .null, .bool, .number, .unpaired: self
    }
  }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .number(String(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
  public init(nilLiteral: ()) { self = .null }
}

extension JSON {
  public init(_ value: Int) { self = .number(String(value)) }

  /// Rounded to `decimals`: for figures that people and scripts read.
  public init(_ value: Double, decimals: Int = 3) {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    self = .number(
      rounded == rounded.rounded() && abs(rounded) < 1e15
        ? String(Int(rounded)) : "\(rounded)")
  }

  public init(_ strings: [String]) { self = .array(strings.map(JSON.string)) }
}
