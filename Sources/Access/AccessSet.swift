import MeshModel

/// Who may do what with which data, as far as the records of a mesh in one region tell.
///
/// It holds no product of principals and tables: what a principal may do with a table is worked out
/// when it is asked for, and tables that are alike in tags are compared as one. See
/// docs/effective-access.md for the rules.
public struct AccessSet: Sendable {
  var lake: LakeModel
  /// What owners gave, by principal.
  var own: [String: Holdings]
  /// What was handed on in another account than the owner's, by principal and that account.
  var handedOn: [String: [String: Holdings]]
  /// Links to what other accounts own, by their own place.
  public internal(set) var links: [AccessResource: AccessResource]
  /// Records whose meaning is not known, and why: they are in no answer.
  public internal(set) var notes: [String]
  /// The tables and databases that no policy can tell from one another.
  var groups: [ResourceGroup]
  private let organizations: [String]
  /// The accounts that a principal administers.
  let administered: [String: [String]]

  init(
    lake: LakeModel, own: [String: Holdings], handedOn: [String: [String: Holdings]],
    links: [AccessResource: AccessResource], notes: [String]
  ) {
    self.lake = lake
    self.own = own
    self.handedOn = handedOn
    self.links = links
    self.notes = notes
    organizations = own.keys.filter(Principal.isOrganization).sorted()
    groups = ResourceGroup.all(of: lake)
    administered = own.mapValues(\.administeredAccounts).filter { !$0.value.isEmpty }
  }

  /// Everyone who was given anything, in order.
  public var principals: [String] { Set(own.keys).union(handedOn.keys).sorted() }

  /// The tables and databases that there are.
  public var resources: [AccessResource] {
    (Array(lake.databases.keys) + Array(lake.tables.keys)).sorted()
  }

  /// What a principal may do with a resource by itself, without the groups that it is in.
  public func access(of principal: String, to resource: AccessResource) -> Access {
    guard lake.mayExist(resource) else { return Access() }
    var access = own[principal]?.access(to: resource, in: lake) ?? Access()
    for (account, holdings) in handedOn[principal] ?? [:] {
      access.formUnion(handed(holdings, by: account, resource))
    }
    for account in administered[principal] ?? [] where account != resource.account {
      // What is shared with an account, its administrators can see.
      if !shared(with: account, resource).isEmpty { access.permissions.insert("DESCRIBE") }
    }
    return access.resolved(in: lake.tables[resource]?.columns)
  }

  /// Nobody can hand on more than the account was given. Where the owner's records are missing that
  /// is not known, and what was handed on counts in full.
  private func handed(
    _ holdings: Holdings, by account: String, _ resource: AccessResource
  ) -> Access {
    let access = holdings.access(to: resource, in: lake)
    guard !access.isEmpty, lake.accounts.contains(resource.account) else { return access }
    return access.intersection(shared(with: account, resource))
  }

  /// What an owner gave to an account, to an organization, or to a unit of one. Which accounts are
  /// in an organization is not known: any may be.
  func shared(with account: String, _ resource: AccessResource) -> Access {
    let access = sharing(with: account).reduce(into: Access()) { access, name in
      if let holdings = own[name] { access.formUnion(holdings.access(to: resource, in: lake)) }
    }
    return access.resolved(in: lake.tables[resource]?.columns)
  }

  func sharing(with account: String) -> [String] { [account] + organizations }
}

extension Holdings {
  fileprivate var administeredAccounts: [String] {
    named.compactMap { resource, access in
      guard case .catalog(let account) = resource, access.permissions.has("ADMINISTER") else {
        return nil
      }
      return account
    }
  }
}
