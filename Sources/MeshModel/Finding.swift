import CanonicalJSON

/// Something about a mesh that would hurt in a recovery, with what to do about it.
public struct Finding: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case blocker, warning, note

    public static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  public var severity: Severity
  /// A word that scripts go by: `replication-disabled`.
  public var code: String
  /// What it is about: a bucket, an account, a table.
  public var subject: String
  /// One sentence.
  public var message: String
  /// What to do: a sentence, or a command.
  public var remedy: String

  public init(
    _ severity: Severity, _ code: String, _ subject: String, _ message: String, remedy: String
  ) {
    self.severity = severity
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  /// The members that scripts may rely on.
  public var json: JSON {
    [
      "severity": .string(severity.rawValue), "code": .string(code), "subject": .string(subject),
      "message": .string(message), "remedy": .string(remedy),
    ]
  }

  /// What `json` wrote.
  /// - Throws: `JSONError`.
  public init(json: JSON) throws(JSONError) {
    guard let severity = json["severity"]?.string.flatMap(Severity.init),
      let code = json["code"]?.string, let subject = json["subject"]?.string,
      let message = json["message"]?.string, let remedy = json["remedy"]?.string
    else { throw JSONError("a finding without its members") }
    self.init(severity, code, subject, message, remedy: remedy)
  }
}
