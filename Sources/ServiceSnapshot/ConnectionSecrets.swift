import CanonicalJSON

/// What in a connection must not be archived. Passwords are not fetched, but people put secrets
/// into other properties, too, and into URLs.
enum ConnectionSecrets {
  /// What stands in the place of a secret.
  static let withheld: JSON = "<withheld>"

  private static let marks = [
    "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "PRIVATEKEY", "APIKEY", "ACCESSKEY",
    "CREDENTIAL",
  ]
  /// Names with such a mark that only say where a secret is, or how one is come by.
  private static let harmless = ["SECRETID", "SECRETARN", "SECRETSARN", "TOKENURL"]

  /// Whether a property of this name holds a secret itself.
  static func isSecret(_ name: String) -> Bool {
    let letters = name.uppercased().filter(\.isLetter)
    guard marks.contains(where: letters.contains) else { return false }
    return !harmless.contains { letters.hasSuffix($0) }
  }

  /// The same value with every secret in it replaced.
  static func withholding(_ value: JSON) -> JSON {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { name, value in
            let isText = value.object == nil && value.array == nil
            return (name, isText && isSecret(name) ? withheld : withholding(value))
          }))
    case .array(let elements): .array(elements.map(withholding))
    case .string(let text): .string(withholding(in: text))
    default: value
    }
  }

  /// URLs name a user's password before the host, and drivers take one among their parameters.
  static func withholding(in text: String) -> String {
    guard text.contains("=") || text.contains("@") else { return text }
    let mark = withheld.string ?? ""
    return
      text
      .replacing(/(:\/\/[^:@\/?#\s]*:)[^@\/\s]+@/) { "\($0.output.1)\(mark)@" }
      // jdbc:oracle:thin:scott/tiger@//host
      .replacing(/(?i)((?:thin|oci8?):[^:@\/\s]+\/)[^@\s]+@/) { "\($0.output.1)\(mark)@" }
      .replacing(/(?i)((?:password|passwd|pwd|secret|token|apikey|api_key)\s*=)[^;&,)\s]+/) {
        "\($0.output.1)\(mark)"
      }
  }

  /// The same value without members that hold secrets: what can be compared.
  static func leavingOut(_ value: JSON) -> JSON {
    guard let members = value.object else { return value }
    return .object(members.filter { !isSecret($0.key) }.mapValues(leavingOut))
  }
}
