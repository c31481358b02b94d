import MeshModel

/// Which records lie together in packs of their own: those of one database, or an account's
/// records that belong to no database.
public struct PackGroup: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The account's id.
  public let account: String
  /// The database's name as AWS has it; nil for the account's other records.
  public let database: String?

  /// - Parameter database: nil for what belongs to no database.
  public init(account: String, database: String? = nil) {
    self.account = account
    self.database = database
  }

  /// The group of a record of a kind.
  public init(of key: RecordKey, kind: Kind) {
    self.init(account: key.account, database: kind.belongsToDatabase ? key.path.first : nil)
  }

  /// For messages: `account 111122223333, database sales`.
  public var description: String {
    database.map { "account \(account), database \($0)" } ?? "account \(account)"
  }

  /// By account, then by database, byte by byte; those without one first.
  public static func < (left: PackGroup, right: PackGroup) -> Bool {
    if left.account != right.account {
      return left.account.utf8.lexicographicallyPrecedes(right.account.utf8)
    }
    return (left.database ?? "").utf8.lexicographicallyPrecedes((right.database ?? "").utf8)
  }
}

extension PackGroup {
  /// What the keys of this group's records of a kind begin with.
  func keyPrefix(service: String, kind: String) -> String {
    let path = database.map { [$0] } ?? []
    return RecordKey(account: account, kind: Kind(service, kind), path: path).text
  }

  /// A member's name: `111122223333/glue/table/sales/5c1f0a9e4b7d2c38.ndjson`. The last part is
  /// taken from the first key, so that it does not depend on what other packs hold.
  func memberPath(service: String, kind: String, firstKey: String) -> String {
    let digest = SHA256.digest(Array(firstKey.utf8)).prefix(16)
    let folder = database.map(safeName) ?? "_"
    let parts = [safeName(account), safeName(service), safeName(kind), folder, "\(digest).ndjson"]
    return parts.joined(separator: "/")
  }
}

/// A name that every file system takes: bytes other than letters, digits, `.`, `_` and `-`, and a
/// leading `.` or lone `_`, become `%` and two digits; a name longer than 200 bytes is cut to 180
/// and told apart by `~` and the beginning of its digest.
func safeName(_ name: String) -> String {
  var safe = ""
  for (index, byte) in name.utf8.enumerated() {
    let misleading = index == 0 && (byte == UInt8(ascii: ".") || name == "_")
    if isPlain(byte) && !misleading {
      safe.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      safe += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }
  }
  guard safe.utf8.count > 200 else { return safe.isEmpty ? "%" : safe }
  return safe.prefix(180) + "~" + SHA256.digest(Array(name.utf8)).prefix(16)
}
