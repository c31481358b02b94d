import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshFile
import MeshModel
import Replication

/// Looks into the accounts of an Organization for what a mesh consists of. Changes nothing.
struct Surveyor: Sendable {
  let context: MeshContext
  let session: AWSSession
  let region: String
  /// Roles that are tried in each account, the best first.
  let roles: [String]

  struct Found: Sendable {
    var survey: MeshSurvey
    var warnings: [String] = []
  }

  /// - Throws: `CommandFailure` where there are no credentials, or `--account` names none.
  func look() async throws -> Found {
    var found = try await accounts()
    let selected = try context.selected(
      found.survey.accounts.map(\.account), of: "the organization")
    let ids = Set(selected.map(\.id))
    let views = Guarded<[View]>([])
    let chosen = found.survey.accounts.filter { ids.contains($0.account.id) }
    try await forEachConcurrently(chosen, limit: 8) { account in
      let view = try await look(into: account)
      views.withLock { $0.append(view) }
    }
    let all = views.withLock(\.self).sorted { $0.account.account.id < $1.account.account.id }
    found.survey.accounts = all.map(\.account)
    found.survey.buckets = try buckets(all.flatMap(\.buckets), of: found.survey.accounts)
    found.warnings += all.flatMap(\.warnings)
    return found
  }

  /// The usable accounts of the organization; the caller's own where it can't be asked.
  private func accounts() async throws -> Found {
    let listing = try await OrganizationListing(session, region: region)
    do {
      let organization = try await listing.organization()
      let members = try await listing.members(of: organization.units)
      var survey = MeshSurvey(primary: region, organization: organization)
      survey.accounts = members.filter(\.isUsable).map { .init($0.account, unit: $0.unit) }
      for member in members where !member.isUsable {
        let state = member.state.lowercased().replacing("_", with: " ")
        context.explain("left out: \(member.account.id) \(member.account.name): \(state)")
      }
      return Found(survey: survey)
    } catch let failure as AWSFailure {
      let reason =
        listing.refusal(failure) ?? "Organizations does not answer: \(failure.description)"
      let own = try await session.callerIdentity(region: AWSRegion(region)).account
      var survey = MeshSurvey(primary: region, organization: nil)
      survey.accounts = [.init(.init(id: own, name: own), unit: "")]
      return Found(
        survey: survey,
        warnings: ["\(reason). Only the caller's own account was looked into: list the others"])
    }
  }
}

// MARK: - One account

extension Surveyor {
  private struct View: Sendable {
    var account: MeshSurvey.Account
    var buckets: [Record] = []
    var warnings: [String] = []
  }

  private func look(into account: MeshSurvey.Account) async throws -> View {
    var view = View(account: account)
    let site: Site
    do {
      site = try await enter(account.account.id)
    } catch let failure as AWSFailure {
      view.account.refusal = "\(failure.code): \(failure.message)"
      return view
    }
    await note("data lake settings", in: &view) { view in
      try await settings(at: site, into: &view.account)
    }
    await note("databases", in: &view) { view in
      try await catalog(at: site, into: &view.account)
    }
    await note("locations", in: &view) { view in
      let arns = try await records(LocationKind(), at: site).compactMap(\.key.path.first)
      let buckets = arns.compactMap { ARN($0)?.resource.split(separator: "/").first }
      view.account.locations = Set(buckets.map(String.init)).sorted()
    }
    await note("shares", in: &view) { view in
      try await shares(at: site, into: &view.account)
    }
    await note("buckets", in: &view) { view in
      view.buckets = try await records(BucketKind(), at: site)
    }
    return view
  }

  /// The first of the roles that can be assumed; the caller's credentials in its own account.
  private func enter(_ account: String) async throws -> Site {
    let region = AWSRegion(region)
    let caller = try await session.callerIdentity(region: region)
    var first: AWSFailure?
    for role in roles {
      do {
        let client = try await session.client(account: account, role: role, region: region)
        return Site(client: client, principal: client.roleARN ?? caller.arn)
      } catch let failure as AWSFailure {
        first = first ?? failure
      }
    }
    throw first ?? AWSFailure(code: AWSFailure.Code.badInput, message: "no role to enter with")
  }

  /// What could not be listed is a warning; the rest is looked at all the same.
  private func note(
    _ what: String, in view: inout View, _ body: (inout View) async throws -> Void
  ) async {
    do {
      try await body(&view)
    } catch {
      let failure = (error as? AWSFailure).map { "\($0.code): \($0.message)" } ?? "\(error)"
      view.warnings.append(
        "account \(view.account.account.id) \(view.account.account.name): \(what): \(failure)")
    }
  }

  private func records(_ kind: some CapturedKind, at site: Site) async throws -> [Record] {
    let sink = RecordCollector()
    try await kind.list(at: site, below: nil, into: sink)
    return sink.records
  }

  private func settings(at site: Site, into account: inout MeshSurvey.Account) async throws {
    account.isWhole = try await ReaderRights.shortcoming(at: site) == nil
    account.administrators = try await ReaderRights.administrators(at: site).compactMap { arn in
      guard let arn = ARN(arn), arn.account == site.account else { return nil }
      let role = "role/"
      return arn.resource.hasPrefix(role) ? String(arn.resource.dropFirst(role.count)) : nil
    }.sorted()
  }

  private func catalog(at site: Site, into account: inout MeshSurvey.Account) async throws {
    for database in try await records(DatabaseKind(), at: site) {
      if try database.value()["TargetDatabase"] == nil {
        account.databases += 1
      } else {
        account.links += 1
      }
    }
  }

  /// What others were granted, by ListPermissions; and what RAM shares besides, by ListPrincipals.
  private func shares(at site: Site, into account: inout MeshSurvey.Account) async throws {
    for grant in try await records(GrantKind(), at: site) {
      let body = try grant.value()
      guard let principal = GrantKind().principal(of: body) else { continue }
      if let receiver = Self.receiver(principal, of: site.account) {
        account.shares[receiver, default: 0] += 1
      }
    }
    for shared in try await site.client.all(.ramListPrincipals, ["resourceOwner": "SELF"]) {
      guard let principal = shared["id"]?.string,
        let receiver = Self.receiver(principal, of: site.account)
      else { continue }
      account.shares[receiver, default: 0] += 0
    }
  }

  /// The other account that a principal is, or is of; an organization or a unit as it is named; nil
  /// for the account's own principals.
  static func receiver(_ principal: String, of account: String) -> String? {
    let head = String(principal.prefix { $0 != ":" })
    if isAccountID(head) { return head == account ? nil : head }
    guard let arn = ARN(principal) else { return nil }
    if arn.service == "organizations" { return principal }
    return isAccountID(arn.account) && arn.account != account ? arn.account : nil
  }
}

// MARK: - Buckets

extension Surveyor {
  /// Buckets of the region that a rule replicates or a location is registered in.
  private func buckets(
    _ records: [Record], of accounts: [MeshSurvey.Account]
  ) throws -> [MeshSurvey.Bucket] {
    let locations = Set(accounts.flatMap(\.locations))
    var regions: [String: String] = [:]
    var replicas: [String: String] = [:]
    for record in records {
      let body = try record.value()
      guard let name = body["Name"]?.string else { continue }
      regions[name] = body["BucketRegion"]?.string
      let rules = (body["ReplicationConfiguration"]?["Rules"]?.array ?? [])
        .filter { $0["Status"]?.string == "Enabled" }
        .sorted { ($0["Priority"]?.integer ?? 0) > ($1["Priority"]?.integer ?? 0) }
      replicas[name] =
        rules.compactMap {
          $0["Destination"]?["Bucket"]?.string.flatMap { ARN($0)?.resource }
        }.first
    }
    return regions.filter { name, region in
      region == self.region && (replicas[name] != nil || locations.contains(name))
    }.keys.sorted().map { name in
      .init(name: name, replica: replicas[name], region: replicas[name].flatMap { regions[$0] })
    }
  }
}
