import Foundation

/// The shared config and credentials files, read once.
struct ProfileFiles: Sendable {
  /// Settings by profile name. The credentials file wins where both have one.
  var profiles: [String: [String: String]] = [:]
  /// Settings of `[sso-session NAME]`, by name.
  var ssoSessions: [String: [String: String]] = [:]
  /// Settings of `[services NAME]`, by name: `glue.endpoint_url` and the like.
  var services: [String: [String: String]] = [:]

  /// Reads the files that the environment names, or those below `~/.aws`. A file that is not
  /// there is an empty one.
  init(environment: [String: String]) {
    let home = Self.home(environment)
    let config = environment["AWS_CONFIG_FILE"] ?? "~/.aws/config"
    let credentials = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials"
    for (name, settings) in Self.sections(of: Self.expanded(config, home: home)) {
      if name == "default" {
        profiles["default", default: [:]].merge(settings) { $1 }
      } else if let profile = Self.rest(of: name, after: "profile") {
        profiles[profile, default: [:]].merge(settings) { $1 }
      } else if let session = Self.rest(of: name, after: "sso-session") {
        ssoSessions[session, default: [:]].merge(settings) { $1 }
      } else if let group = Self.rest(of: name, after: "services") {
        services[group, default: [:]].merge(settings) { $1 }
      }
    }
    for (name, settings) in Self.sections(of: Self.expanded(credentials, home: home)) {
      profiles[name, default: [:]].merge(settings) { $1 }
    }
  }

  /// The `[services NAME]` section that a profile names; nothing where it names none.
  /// - Throws: `AWSFailure` for one that is not there.
  func services(of profile: [String: String]) throws(AWSFailure) -> [String: String] {
    guard let name = profile["services"], !name.isEmpty else { return [:] }
    guard let found = services[name] else {
      throw AWSFailure(
        code: AWSFailure.Code.badInput,
        message: "the profile names [services \(name)], which the config file does not have")
    }
    return found
  }

  static func home(_ environment: [String: String]) -> String {
    environment["HOME"] ?? NSHomeDirectory()
  }

  static func expanded(_ path: String, home: String) -> String {
    path.hasPrefix("~/") ? home + path.dropFirst() : path
  }

  private static func rest(of section: String, after word: String) -> String? {
    let parts = section.split(maxSplits: 1) { $0.isWhitespace }
    guard parts.count == 2, parts[0] == word else { return nil }
    return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "\"' \t"))
  }

  private static func sections(of path: String) -> [(String, [String: String])] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return sections(in: String(decoding: data, as: UTF8.self))
  }

  /// Sections in their order. Indented lines belong to the setting above them: `endpoint_url` below
  /// `glue =` is `glue.endpoint_url`. A comment begins with `#` or `;` at the start of a line, or
  /// behind a blank.
  static func sections(in text: String) -> [(String, [String: String])] {
    var found: [(String, [String: String])] = []
    var outer = ""
    for line in text.split(whereSeparator: \.isNewline) {
      let bare = line.trimmingCharacters(in: .whitespaces)
      guard let first = bare.first, first != "#", first != ";" else { continue }
      if first == "[", let end = bare.firstIndex(of: "]") {
        let name = bare[bare.index(after: bare.startIndex)..<end]
        found.append((name.trimmingCharacters(in: .whitespaces), [:]))
        outer = ""
      } else if let equals = bare.firstIndex(of: "="), !found.isEmpty {
        let key = bare[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
        let isNested = line.first?.isWhitespace == true
        if !isNested { outer = key }
        guard !isNested || !outer.isEmpty else { continue }
        found[found.count - 1].1[isNested ? "\(outer).\(key)" : key] = value(
          bare[bare.index(after: equals)...])
      }
    }
    return found
  }

  private static func value(_ text: Substring) -> String {
    var text = text
    for mark in [" #", " ;", "\t#", "\t;"] {
      if let comment = text.range(of: mark) { text = text[..<comment.lowerBound] }
    }
    return text.trimmingCharacters(in: .whitespaces)
  }
}
