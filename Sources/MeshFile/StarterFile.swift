/// A mesh file to begin with, in which comments explain each key and say what was found.
public struct StarterFile: Sendable {
  private let survey: MeshSurvey
  private let mesh: String
  private let store: String

  /// What stands for the secondary region where none could be told. It is no region's name: the
  /// file is refused, with its line, until someone chooses.
  public static let noSecondary = "CHOOSE-A-REGION"
  public static let readerRole = "meshdr-reader"
  public static let restorerRole = "meshdr-restorer"

  /// - Parameters:
  ///   - mesh: the mesh's name.
  ///   - store: a folder or `s3://bucket/prefix`.
  public init(_ survey: MeshSurvey, mesh: String, store: String) {
    self.survey = survey
    self.mesh = mesh
    self.store = store
  }

  /// The file's content.
  public var text: String {
    (head + accounts + objectives + mapping).joined(separator: "\n") + "\n"
  }

  private var head: [String] {
    [
      "# The mesh file of meshdr: what is captured, and where it is restored.",
      "",
      "# A name for the mesh. Snapshots of one name are compared with one another.",
      "mesh: \(quoted(mesh))",
      "",
      "# The region that the mesh runs in.",
      "primary: \(survey.primary)",
      "",
      "# The region to restore in. \(secondaryComment)",
      "secondary: \(survey.secondary ?? Self.noSecondary)",
      "",
      "# Where snapshots are kept: a folder, or s3://bucket/prefix. Keep it out of the primary",
      "# region, which may take its buckets along.",
      "store: \(quoted(store))",
      "",
    ]
  }

  private var secondaryComment: String {
    let replicated = survey.buckets.filter { $0.replica != nil }
    guard let secondary = survey.secondary else {
      return "No replication rule tells it: choose one."
    }
    let there = replicated.count { $0.region == secondary }
    return "\(there) of \(replicated.count) replicated buckets have their replica there."
  }
}

// MARK: - Accounts

extension StarterFile {
  private var accounts: [String] {
    var lines = ["# Which accounts make up the mesh.", "accounts:"]
    if survey.organization == nil {
      lines += ["  # organization instead asks AWS Organizations at each snapshot."] + list
    } else {
      lines += [
        "  # Asked of AWS Organizations at each snapshot. `list` instead takes those under \"list\".",
        "  from: organization",
        "  # Units by name, by path (Root/Domains/Sales) or by id, with all units inside them.",
        "  # Without this key it is the whole organization.",
      ]
      if let units = survey.units {
        lines.append("  units: [\(units.map(quoted).joined(separator: ", "))]")
      } else {
        lines.append("  # units: []")
      }
    }
    lines += ["  # Ids of accounts to leave out.", "  exclude: []"]
    return lines + findings + roles
  }

  private var list: [String] {
    ["  from: list", "  list:"]
      + survey.parts.map { account in
        "    - {id: \(quoted(account.account.id)), name: \(quoted(account.account.name))}"
      }
  }

  /// What each account holds, as comments.
  private var findings: [String] {
    let entered = survey.accounts.filter { $0.refusal == nil }
    let refused = survey.accounts.filter { $0.refusal != nil }
    var lines: [String] = []
    if !entered.isEmpty {
      lines += ["  # What was found in them:"] + entered.map { "  #   \(finding($0))" }
    }
    if !refused.isEmpty {
      lines.append(
        "  # These could not be looked into. Where they are in the units above, snapshots")
      lines.append("  # are incomplete until the reader role is there, or they are excluded:")
      lines += refused.map { "  #   \(label($0)): \(shortened($0.refusal ?? ""))" }
    }
    return lines
  }

  private func label(_ account: MeshSurvey.Account) -> String {
    let unit = survey.organization.map { " in \(shortened($0.path(ofUnit: account.unit)))" } ?? ""
    return "\(account.account.id) \(shortened(account.account.name))\(unit)"
  }

  private func finding(_ account: MeshSurvey.Account) -> String {
    var parts: [String] = []
    if account.databases > 0 { parts.append(counted(account.databases, "database")) }
    if account.links > 0 { parts.append(counted(account.links, "link")) }
    let shares = account.shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      let grants = $0.value > 0 ? " (\(counted($0.value, "grant")))" : ""
      return shortened(survey.name(of: $0.key)) + grants
    }
    if !shares.isEmpty { parts.append("shares to \(shares.joined(separator: ", "))") }
    if parts.isEmpty { parts.append("nothing of a mesh") }
    if !account.isWhole { parts.append("as far as a caller sees who does not administer it") }
    return "\(label(account)): \(parts.joined(separator: "; "))"
  }

  private var roles: [String] {
    [
      "  # Assumed in each account to capture. It has to administer Lake Formation there, or its",
      "  # listings are short. \(comment(survey.reader))",
      "  reader_role: \(survey.reader?.name ?? Self.readerRole)",
      "  # Assumed in each account to restore, and an administrator, too.",
      "  # \(comment(survey.restorer))",
      "  restorer_role: \(survey.restorer?.name ?? Self.restorerRole)",
      "",
    ]
  }

  private func comment(_ role: MeshSurvey.Role?) -> String {
    guard let role else { return "No such role was found: make it." }
    return "This one does in \(role.accounts) of the \(survey.entered) that were looked into."
  }

  private func counted(_ count: Int, _ what: String) -> String {
    count == 1 ? "1 \(what)" : "\(count) \(what)s"
  }
}

// MARK: - The rest

extension StarterFile {
  private var objectives: [String] {
    [
      "# What a recovery is held against: how far back the data may be set, and how long it may",
      "# take to bring catalog and grants back. 90s, 15m, 2h, 1d, 1h30m.",
      "objectives:",
      "  rpo: 15m",
      "  rto: 2h",
      "",
      "# Which snapshots `meshdr prune` keeps. Without this key it removes none.",
      "retention: {last: 7, daily: 14, weekly: 8, monthly: 12}",
      "",
      "# Databases and tables that are restored first: [finance, sales.orders].",
      "priority: []",
      "",
    ]
  }

  private var mapping: [String] {
    var lines = [
      "# What the secondary calls otherwise. Buckets come from the replication rules in each",
      "# snapshot; a line here overrides them.",
      "mapping:",
    ]
    let replicated = survey.buckets.filter { $0.replica != nil }.sorted { $0.name < $1.name }
    if !replicated.isEmpty {
      lines.append("  # As the rules have it now:")
      lines += replicated.map { "  #   \($0.name): \($0.replica ?? "")" }
    }
    if !survey.unreplicated.isEmpty {
      lines.append(
        "  # Registered with Lake Formation and replicated by no rule. A restore stops at what")
      lines.append("  # lies in them until they have a replica:")
      lines += survey.unreplicated.map { "  #   \($0)" }
    }
    return lines + [
      "  buckets: {}",
      "  # Keys by id, alias or ARN; principals by ARN or account id; accounts by id.",
      "  kms: {}",
      "  principals: {}",
      "  accounts: {}",
    ]
  }
}

/// A YAML scalar that is the text, whatever it holds.
private func quoted(_ text: String) -> String {
  let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || "-_./".contains($0)) }
  if plain, let first = text.first, first.isLetter, !words.contains(text.lowercased()) {
    return text
  }
  let escaped = text.unicodeScalars.map { scalar -> String in
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
    default: String(scalar)
    }
  }
  return "\"\(escaped.joined())\""
}

/// What YAML readers may take for something other than text.
private let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
