import CanonicalJSON
import MeshModel

/// A resource policy in one normal form: IAM reads `"a"` and `["a"]`, an account and its root, and
/// statements in any order, as the same.
struct PolicyDocument {
  /// The document without its statements.
  private let frame: JSON
  /// In canonical order, each in normal form.
  private let statements: [JSON]

  /// - Throws: `JSONError` where the text is no JSON object with statements.
  init(_ text: String) throws(JSONError) {
    try self.init(JSON(parsing: text))
  }

  private init(_ document: JSON) throws(JSONError) {
    guard document.object != nil, let stated = document["Statement"] else {
      throw JSONError("a policy without statements")
    }
    var frame = document
    frame["Statement"] = nil
    self.init(frame: frame, statements: Self.list(stated))
  }

  private init(frame: JSON, statements: [JSON]) {
    self.frame = frame
    self.statements = Self.sorted(statements.map(Self.normal))
  }

  var json: JSON {
    var document = frame
    document["Statement"] = .array(statements)
    return document
  }

  var isEmpty: Bool { statements.isEmpty }

  /// Whether it gives access that the other does not: it allows what the other does not, or does
  /// not deny what the other denies.
  ///
  /// Statements are compared as wholes: one that another covers in other words counts as more.
  func exceeds(_ other: PolicyDocument) -> Bool {
    !allowances.subtracting(other.allowances).isEmpty || !other.denials.subtracting(denials).isEmpty
  }

  /// What of it gives no more than another does, all of its denials kept.
  func restricted(to other: PolicyDocument) -> PolicyDocument {
    let allowed = other.allowances
    return PolicyDocument(
      frame: frame,
      statements: statements.filter { !Self.isAllowance($0) || allowed.contains(Self.bare($0)) })
  }

  /// The same policy with every string that can name something replaced.
  func mapStrings(_ transform: (String) -> String) -> PolicyDocument {
    let mapped = statements.map { statement in
      var result = statement.mapStrings(transform)
      for fixed in ["Sid", "Effect"] { result[fixed] = statement[fixed] }
      return result
    }
    return PolicyDocument(frame: frame, statements: mapped)
  }

  private var allowances: Set<JSON> { Set(statements.filter(Self.isAllowance).map(Self.bare)) }
  private var denials: Set<JSON> {
    Set(statements.filter { !Self.isAllowance($0) }.map(Self.bare))
  }

  private static func isAllowance(_ statement: JSON) -> Bool { statement["Effect"] != "Deny" }

  /// Without its name, which gives nothing.
  private static func bare(_ statement: JSON) -> JSON {
    var statement = statement
    statement["Sid"] = nil
    return statement
  }
}

// MARK: - The normal form

extension PolicyDocument {
  private static func normal(_ statement: JSON) -> JSON {
    var result = statement
    for member in ["Action", "NotAction", "Resource", "NotResource"] {
      result[member] = statement[member].map(texts)
    }
    for member in ["Principal", "NotPrincipal"] {
      result[member] = statement[member].map { principals in
        guard case .object(let kinds) = principals else { return principals }
        return .object(kinds.mapValues { texts($0.mapStrings(account)) })
      }
    }
    if case .object(let operators)? = statement["Condition"] {
      result["Condition"] = .object(
        operators.mapValues { keys in
          guard case .object(let values) = keys else { return keys }
          return .object(values.mapValues(texts))
        })
    }
    return result
  }

  private static func list(_ value: JSON) -> [JSON] { value.array ?? [value] }

  private static func texts(_ value: JSON) -> JSON { .array(sorted(list(value))) }

  private static func sorted(_ values: [JSON]) -> [JSON] {
    values.map { (text: $0.canonicalText, value: $0) }
      .sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }.map(\.value)
  }

  /// `arn:aws:iam::111122223333:root` is the account.
  private static func account(_ principal: String) -> String {
    guard let arn = ARN(principal), arn.service == "iam", arn.resource == "root" else {
      return principal
    }
    return arn.account
  }
}
