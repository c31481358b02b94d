import Foundation

/// Takes credentials out of texts that come from elsewhere, such as AWS's account of a signature
/// that does not match, which quotes the whole request.
final class Redactor: Sendable {
  private let secrets = Locked<Set<String>>([])

  /// Remembers a secret. Short strings are left alone: they would be found everywhere.
  func hide(_ secret: String?) {
    guard let secret, secret.utf8.count >= 8 else { return }
    secrets.withLock { _ = $0.insert(secret) }
  }

  func hide(_ credentials: AWSCredentials) {
    hide(credentials.secretAccessKey)
    hide(credentials.sessionToken)
  }

  /// The text without any secret that was seen, and without signatures.
  func cleaned(_ text: String) -> String {
    let known = secrets.withLock { $0 }
    var text = text
    for secret in known where text.contains(secret) {
      text = text.replacingOccurrences(of: secret, with: "[hidden]")
    }
    for mark in ["Signature=", "x-amz-security-token:", "X-Amz-Security-Token="] {
      text = Self.hideWord(after: mark, in: text)
    }
    return text
  }

  private static func hideWord(after mark: String, in text: String) -> String {
    guard text.contains(mark) else { return text }
    let parts = text.components(separatedBy: mark)
    let rest = parts.dropFirst().map { part in
      "[hidden]" + part.drop { !$0.isWhitespace && $0 != "&" && $0 != "'" && $0 != "," }
    }
    return ([parts[0]] + rest).joined(separator: mark)
  }
}
