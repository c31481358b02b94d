/// What may be done with a resource, each with or without the right to grant it on.
public struct Permissions: Sendable, Hashable {
  /// What the two halves of `bits` stand for, in the order in which they are listed.
  static let known = [
    "SELECT", "DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP", "CREATE_TABLE", "CREATE_DATABASE",
    "CREATE_CATALOG", "DATA_LOCATION_ACCESS", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION",
    "ASSOCIATE", "GRANT_WITH_LF_TAG_EXPRESSION", "SUPER_USER", "ADMINISTER", "READ_ONLY_ADMINISTER",
  ]
  private static let index = Dictionary(
    uniqueKeysWithValues: known.enumerated().map { ($0.element, UInt64($0.offset)) })
  private static let grantOption: UInt64 = 32

  /// The low half holds permissions, the high half those that can be granted on.
  private var bits: UInt64 = 0
  /// Those that AWS has and this program does not know.
  private var unknown: Set<String> = []

  public init() {}

  public init(_ names: some Sequence<String>, grantable: some Sequence<String> = []) {
    for name in names { insert(name) }
    for name in grantable { insert(name, grantable: true) }
  }

  mutating func insert(_ name: String, grantable: Bool = false) {
    if let bit = Self.index[name] {
      bits |= 1 << (grantable ? bit + Self.grantOption : bit)
    } else {
      unknown.insert(grantable ? name + Self.suffix : name)
    }
  }

  private static let suffix = " with grant option"

  public var isEmpty: Bool { bits == 0 && unknown.isEmpty }

  func has(_ name: String, grantable: Bool = false) -> Bool {
    guard let bit = Self.index[name] else {
      return unknown.contains(grantable ? name + Self.suffix : name)
    }
    return bits & 1 << (grantable ? bit + Self.grantOption : bit) != 0
  }

  /// Without one permission, grantable or not.
  func without(_ name: String) -> Permissions {
    var rest = self
    if let bit = Self.index[name] { rest.bits &= ~(1 << bit | 1 << (bit + Self.grantOption)) }
    return rest
  }

  mutating func formUnion(_ other: Permissions) {
    bits |= other.bits
    if !other.unknown.isEmpty { unknown.formUnion(other.unknown) }
  }

  func subtracting(_ other: Permissions) -> Permissions {
    var rest = self
    rest.bits &= ~other.bits
    if !unknown.isEmpty { rest.unknown.subtract(other.unknown) }
    return rest
  }

  func intersection(_ other: Permissions) -> Permissions {
    var both = self
    both.bits &= other.bits
    both.unknown.formIntersection(other.unknown)
    return both
  }

  /// Their names; what can be granted on ends with ` with grant option`.
  public var names: [String] {
    var names: [String] = []
    for (offset, name) in Self.known.enumerated() {
      if bits & 1 << UInt64(offset) != 0 { names.append(name) }
      if bits & 1 << (UInt64(offset) + Self.grantOption) != 0 { names.append(name + Self.suffix) }
    }
    return names + unknown.sorted()
  }
}
