import Access
import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel

/// Everything that a snapshot holds, in accounts that stand for the mesh's: what a real restore makes,
/// and for nobody but whom these accounts hold.
///
/// The mapping gives accounts and named principals their stand-ins. What it leaves outside of the drill
/// accounts is given to a role that stands in, or left out and noted, so that the plan is refused.
public struct FullDrilling: Derivation {
  /// The drill accounts.
  private let accounts: Set<String>
  /// The role that stands in, in the account of a record, for whom nobody else does; nil for nobody.
  private let role: String?

  public init(accounts: Set<String>, role: String?) {
    self.accounts = accounts
    self.role = role
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    switch kind.kind {
    case .grant, .optIn:
      guard let body = granted(try record.value(), mapper) else { return nil }
      return try kind.mapped(Record(key: record.key, value: body), by: mapper)
    case .settings:
      return try kind.mapped(
        Record(key: record.key, value: settings(try record.value(), mapper)), by: mapper)
    case .database:
      var body = try record.value()
      body[Self.tableDefaults] = body[Self.tableDefaults].map { principals($0, mapper) }
      return try kind.mapped(Record(key: record.key, value: body), by: mapper)
    case .location:
      let mapped = try kind.mapped(record, by: mapper)
      return try isRegistrable(mapped, mapper) ? mapped : nil
    case .resourcePolicy:
      let mapped = try kind.mapped(record, by: mapper)
      return try policy(mapped.value(), mapper).map { Record(key: mapped.key, value: $0) }
    default:
      return try kind.mapped(record, by: mapper)
    }
  }

  // MARK: Who stands in

  /// Whether a principal, as it was mapped, is of a drill account.
  func isOfDrill(_ principal: String) -> Bool {
    if principal == Principal.iamAllowed { return true }
    return Principal.account(of: principal).map(accounts.contains) ?? false
  }

  /// Whom a grant gives something who is of no drill account; nil for anybody else.
  func stranger(in record: Record) throws -> String? {
    guard record.key.kindName == Kind.grant.name,
      let principal = GrantKind().principal(of: try record.value())
    else { return nil }
    return isOfDrill(principal) ? nil : principal
  }

  /// Who stands in for a principal of the mesh in the account of the record that the mapper has begun;
  /// nil, and noted, where nobody does.
  private func standIn(_ principal: String, _ mapper: Mapper) -> String? {
    if isOfDrill(mapper.principal(principal)) { return principal }
    if let role { return "arn:aws:iam::\(mapper.currentAccount):role/\(role)" }
    mapper.note(
      principal,
      "\(principal) is of no account that a drill account stands for: name who stands in for it "
        + "(drill: principals: or role:)")
    return nil
  }

  /// Replicas belong to the mesh: who reads them from a drill account needs their owner's leave.
  private func isRegistrable(_ location: Record, _ mapper: Mapper) throws -> Bool {
    guard let role = try location.value()["RoleArn"]?.string else { return true }
    guard isOfDrill(role) else {
      mapper.note(role, "\(role), which a location is registered with, is of no drill account")
      return false
    }
    let bucket = location.key.name.prefix { $0 != "/" }
    mapper.remark(
      "\(role) reads \(bucket), which belongs to the mesh: let the bucket's policy give it "
        + "s3:GetObject and s3:ListBucket, and nothing that writes")
    return true
  }

  // MARK: Records that name principals

  private static let identifier = "DataLakePrincipalIdentifier"
  private static let tableDefaults = "CreateTableDefaultPermissions"
  private static let principalLists = [
    "DataLakeAdmins", "ReadOnlyAdmins", "CreateDatabaseDefaultPermissions", tableDefaults,
  ]
  private static let accountLists = ["TrustedResourceOwners", "ExternalDataFilteringAllowList"]

  /// Nil for what nobody may stand in for, and for what is on a catalog that is not rehearsed.
  private func granted(_ body: JSON, _ mapper: Mapper) -> JSON? {
    var body = body
    let account = mapper.currentAccount
    if let resource = GrantResource(body["Resource"] ?? nil, account: account),
      !accounts.contains(mapper.account(resource.catalog))
    {
      mapper.remark(
        "what \(account) hands on of \(resource.catalog), which is no account of the drill, is left "
          + "out")
      return nil
    }
    guard let principal = body["Principal"]?[Self.identifier]?.string,
      let standIn = standIn(principal, mapper)
    else { return nil }
    body["Principal"] = [Self.identifier: .string(standIn)]
    return body
  }

  private func settings(_ body: JSON, _ mapper: Mapper) -> JSON {
    var body = body
    for list in Self.principalLists { body[list] = body[list].map { principals($0, mapper) } }
    for list in Self.accountLists {
      guard let all = body[list]?.array else { continue }
      let own = all.map { $0.mapStrings(mapper.principal) }.filter { entry in
        let id = entry.string ?? entry[Self.identifier]?.string ?? ""
        return isOfDrill(id)
      }
      if own.count < all.count {
        mapper.remark("\(list) of \(mapper.currentAccount) is without accounts of no drill account")
      }
      body[list] = .array(own)
    }
    return body
  }

  /// Entries of a list, each with a principal.
  private func principals(_ list: JSON, _ mapper: Mapper) -> JSON {
    .array(
      (list.array ?? []).compactMap { entry in
        let isAdministrator = entry[Self.identifier] != nil
        let named = isAdministrator ? entry : entry["Principal"] ?? [:]
        guard let principal = named[Self.identifier]?.string,
          let standIn = standIn(principal, mapper)
        else { return nil }
        let standing: JSON = [Self.identifier: .string(standIn)]
        guard !isAdministrator else { return standing }
        var entry = entry
        entry["Principal"] = standing
        return entry
      })
  }

  // MARK: The catalog's own policy

  /// The policy, as it was mapped, without whom nobody stands in for; nil where nothing is left.
  private func policy(_ body: JSON, _ mapper: Mapper) -> JSON? {
    guard let text = body["PolicyInJson"]?.string, var document = try? JSON(parsing: text) else {
      mapper.note("resource-policy", "the catalog's resource policy can't be read as a policy")
      return nil
    }
    let statements = (document["Statement"]?.array ?? []).compactMap { statement($0, mapper) }
    guard !statements.isEmpty else { return nil }
    document["Statement"] = .array(statements)
    var body = body
    body["PolicyInJson"] = .string(document.canonicalText)
    return body
  }

  /// A denial stays whomever it names. What allows may name drill principals and services only.
  private func statement(_ statement: JSON, _ mapper: Mapper) -> JSON? {
    guard statement["Effect"] != "Deny" else { return statement }
    guard statement["NotPrincipal"] == nil, let principal = statement["Principal"] else {
      mapper.note(
        "resource-policy", "the catalog's resource policy allows something to all but some")
      return nil
    }
    var kinds = principal.object ?? ["AWS": [principal]]
    for (kind, texts) in kinds where kind != "Service" {
      let own = (texts.array ?? [texts]).compactMap(\.string).compactMap { standIn($0, mapper) }
      kinds.removeValue(forKey: kind)
      if !own.isEmpty { kinds[kind] = JSON(Set(own).sorted()) }
    }
    guard !kinds.isEmpty else { return nil }
    var statement = statement
    statement["Principal"] = .object(kinds)
    return statement
  }
}
