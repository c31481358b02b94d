/// What access is to. Databases, tables and columns are named in lower case, as Glue keeps them.
public enum AccessResource: Sendable, Hashable {
  /// The catalog of an account.
  case catalog(String)
  case database(account: String, String)
  case table(account: String, database: String, String)
  /// What will be created: databases of an account, tables of an account or of one database.
  case newDatabases(account: String)
  case newTables(account: String, database: String?)
  /// A location, an LF-Tag, an expression, or a policy whose reach can't be known.
  case other(account: String, String)

  public var account: String {
    switch self {
    case .catalog(let account), .database(let account, _), .table(let account, _, _),
      .newDatabases(let account), .newTables(let account, _), .other(let account, _):
      account
    }
  }

  /// The database and the table, as far down as the resource lies; nil for what lies in none.
  public var scope: [String]? {
    switch self {
    case .database(_, let name): [name]
    case .table(_, let database, let name): [database, name]
    case .newTables(_, let database?): [database]
    case .catalog, .newDatabases, .newTables, .other: nil
    }
  }

  /// The resource within its account, for people.
  public var name: String {
    switch self {
    case .catalog: "the catalog"
    case .database(_, let name): name
    case .table(_, let database, let name): "\(database).\(name)"
    case .newDatabases: "databases to be created"
    case .newTables(_, nil): "tables to be created"
    case .newTables(_, let database?): "tables to be created in \(database)"
    case .other(_, let name): name
    }
  }
}

extension AccessResource: Comparable {
  private var order: [String] {
    switch self {
    case .catalog(let account): [account, "0"]
    case .newDatabases(let account): [account, "1"]
    case .newTables(let account, let database): [account, "2", database ?? ""]
    case .other(let account, let name): [account, "3", name]
    case .database(let account, let name): [account, "4", name]
    case .table(let account, let database, let name): [account, "4", database, name]
    }
  }

  public static func < (left: AccessResource, right: AccessResource) -> Bool {
    left.order.lexicographicallyPrecedes(right.order)
  }
}

/// What a Lake Formation principal is, read from its identifier.
public enum Principal {
  /// Whoever the IAM policies of the account let in. Who that is, no catalog tells.
  public static let iamAllowed = "IAM_ALLOWED_PRINCIPALS"

  /// Every IAM principal of an account: `111122223333:IAMPrincipals`.
  public static func allIAM(of account: String) -> String { account + allIAMSuffix }

  private static let allIAMSuffix = ":IAMPrincipals"

  /// The account that a user, a role or a group of principals belongs to; nil for what is no part
  /// of one account.
  public static func account(of principal: String) -> String? {
    let parts = principal.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    if parts.count == 6, parts[0] == "arn" {
      return parts[2] == "organizations" || parts[4].isEmpty ? nil : String(parts[4])
    }
    let id = String(parts[0])
    return isAccount(id) ? id : nil
  }

  /// Whether it is an account as such, which hands on what it is given.
  public static func isAccount(_ principal: String) -> Bool {
    principal.utf8.count == 12 && principal.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Whether it is an organization or a unit of one: all accounts in it, which are not listed here.
  public static func isOrganization(_ principal: String) -> Bool {
    principal.hasPrefix("arn:") && principal.contains(":organizations:")
  }

  /// The groups that certainly hold a principal. Those of SAML and of Identity Center are not
  /// known, and IAM_ALLOWED_PRINCIPALS depends on policies that are not.
  public static func groups(of principal: String) -> [String] {
    guard principal.hasPrefix("arn:"), principal.contains(":iam:"),
      let account = account(of: principal), !principal.contains(":saml-provider/")
    else { return [] }
    return [allIAM(of: account)]
  }
}
