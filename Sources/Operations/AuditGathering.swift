import AWSAccess
import Audit
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Restore
import SnapshotStore

/// Gathers what an audit judges by. What can't be asked stays unknown.
struct AuditGathering {
  private let context: MeshContext
  private let mesh: MeshFile
  private let session: AWSSession
  private(set) var restorers: [String: Site] = [:]
  private(set) var readers: [String: Site] = [:]
  var facts: AuditFacts

  init(_ context: MeshContext, _ mesh: MeshFile, _ session: AWSSession, secondary: String) {
    self.context = context
    self.mesh = mesh
    self.session = session
    let now = UTCTime(context.surroundings.clock.now())?.milliseconds ?? 0
    facts = AuditFacts(
      primary: mesh.primary, secondary: secondary, now: Double(now) / 1000)
  }

  /// For a restore that has entered the accounts.
  init(
    _ context: MeshContext, _ mesh: MeshFile, _ session: AWSSession, secondary: String,
    restorers: [String: Site]
  ) {
    self.init(context, mesh, session, secondary: secondary)
    self.restorers = restorers
    facts.accounts = restorers.values.sorted { $0.account < $1.account }.map { site in
      var account = AccountFacts(id: site.account, name: "")
      account.restorer = .entered(site.principal)
      return account
    }
  }

  /// Reads the snapshot.
  /// - Throws: `ArchiveError`, and `JSONError` where a record can't be read.
  mutating func digest(_ manifest: Manifest, in archive: Archive) async throws {
    let reader = archive.reader(manifest)
    var mapping = try await Mapping(of: reader, to: facts.secondary)
    mesh.mapping.apply(to: &mapping)
    try await digest(reader, mapping)
  }

  /// - Parameter kinds: those whose records are read; of the others only their number is known.
  mutating func digest(
    _ reader: SnapshotReader, _ mapping: Mapping, kinds: [Kind] = DigestBuilder.kinds
  ) async throws {
    var builder = DigestBuilder(allKinds(.none), mapping: mapping)
    for kind in kinds {
      let records = try await reader.records(kind: kind)
      while let record = try records.next() { try builder.add(record) }
    }
    for pack in reader.manifest.packs {
      for member in pack.members {
        guard !kinds.contains(member.kind) else { continue }
        builder.count(
          member.kind, in: pack.group.account, pack.group.database, by: member.records)
      }
    }
    let point = Double(reader.manifest.details.recoveryPoint.milliseconds) / 1000
    facts.snapshot = SnapshotFacts(
      id: reader.manifest.id, recoveryPoint: point, digest: builder.finished())
  }

  /// Enters every account with both roles.
  /// - Throws: `CommandFailure` where there are no credentials, or `--account` names none.
  mutating func enterAccounts(_ manifest: Manifest?) async throws {
    var accounts = mesh.accounts.listed
    let known = Set(accounts.map(\.id))
    accounts += (manifest?.details.accounts ?? []).filter { !known.contains($0.id) }
      .map { .init(id: $0.id, name: $0.name) }
    if accounts.isEmpty {
      accounts = try await context.captureScope(mesh, session, previous: manifest).accounts
    }
    let chosen = try context.selected(accounts).sorted { $0.id < $1.id }
    let ids = chosen.map(\.id)
    let restoring = try await Sites(
      ids.map { mesh.mapping.accounts[$0] ?? $0 }, role: mesh.accounts.restorerRole,
      region: facts.secondary, session: session)
    let reading = try await Sites(
      ids, role: mesh.accounts.readerRole, region: facts.primary, session: session)
    (restorers, readers) = (restoring.entered, reading.entered)
    facts.accounts = chosen.map { account in
      let there = mesh.mapping.accounts[account.id] ?? account.id
      var facts = AccountFacts(id: there, name: account.name)
      facts.restorer = restoring.entry(there)
      facts.reader = reading.entry(account.id)
      return facts
    }
  }

  /// Asks everything that is not known yet, in all accounts at once.
  mutating func askEverything() async {
    async let accounts = askedAccounts(facts.accounts)
    async let keys = keys()
    async let replicas = replicas()
    async let principals = principals()
    async let sharing = sharing()
    facts.accounts = await accounts
    (facts.keys, facts.keyPolicies) = await keys
    facts.replicas = await replicas
    facts.principals = await principals
    facts.sharing = await sharing
  }

  /// What a restore checks before it changes anything.
  mutating func askWhatDecides() async {
    async let accounts = askedAccounts(facts.accounts, onlyWhatDecides: true)
    async let keys = keys()
    async let principals = principals()
    facts.accounts = await accounts
    (facts.keys, facts.keyPolicies) = await keys
    facts.principals = await principals
  }
}

// MARK: - Asking

extension AuditGathering {
  private func askedAccounts(
    _ accounts: [AccountFacts], onlyWhatDecides: Bool = false
  ) async -> [AccountFacts] {
    await withTaskGroup(of: AccountFacts.self) { group in
      for account in accounts {
        group.addTask { await asked(account, onlyWhatDecides: onlyWhatDecides) }
      }
      var all: [AccountFacts] = []
      for await account in group { all.append(account) }
      return all.sorted { $0.id < $1.id }
    }
  }

  private func asked(_ account: AccountFacts, onlyWhatDecides: Bool) async -> AccountFacts {
    var facts = account
    if let site = restorers[account.id] {
      let asker = AccountAsker(site)
      async let rights = RightsAsker(site, as: .restorer).rights()
      async let quotas = asker.quotas()
      if !onlyWhatDecides {
        facts.settings = await asker.settings()
        facts.locations = await asker.locations()
        facts.identityCenter = await asker.identityCenter()
      }
      facts.restorerRights = await rights
      facts.quotas = await quotas
    }
    guard !onlyWhatDecides, let site = readers[account.id] else { return facts }
    async let rights = RightsAsker(site, as: .reader).rights()
    facts.primarySettings = await AccountAsker(site).settings()
    facts.readerRights = await rights
    return facts
  }

  private func keys() async -> ([String: Answer<KeyState>], [String: Answer<JSON>]) {
    var states: [String: Answer<KeyState>] = [:]
    var policies: [String: Answer<JSON>] = [:]
    for key in facts.snapshot?.digest.keys.keys.sorted() ?? [] {
      let owner = ARN(key)?.account ?? ""
      guard let site = restorers[owner] ?? restorers.values.first else { continue }
      states[key] = await AccountAsker(site).key(key)
      // KMS does not show everybody the keys of another account.
      if states[key] == .known(.missing), !owner.isEmpty, owner != site.account {
        states[key] = .unknown("\(site.account) does not see it, and \(owner) was not asked")
      }
      // Only a key that can be used is worth the question.
      if states[key] == .known(.usable) {
        policies[key] = await AccountAsker(site).policy(ofKey: key)
      }
    }
    return (states, policies)
  }

  private func replicas() async -> [String: Answer<ReplicaState>] {
    var states: [String: Answer<ReplicaState>] = [:]
    for replica in Set(facts.snapshot?.digest.replicas.values.map(\.self) ?? []) {
      guard let site = restorers[replica.account] ?? restorers.values.first else { continue }
      states[replica.bucket] = await AccountAsker(site).replica(replica.bucket)
    }
    return states
  }

  private func principals() async -> [String: Answer<Bool>] {
    guard let digest = facts.snapshot?.digest else { return [:] }
    let roles = digest.locations.filter { !$0.usesServiceLinkedRole }.map(\.role)
    return await PrincipalAsker(restorers).exist(Set(digest.principals.keys).union(roles))
  }

  private func sharing() async -> Answer<Bool> {
    do {
      let region = AWSRegion(facts.secondary)
      let caller = try await session.callerIdentity(region: region)
      let client = try await session.client(account: caller.account, role: nil, region: region)
      return await OrganizationAsker(client).sharing()
    } catch {
      return .unknown(String(describing: error))
    }
  }
}

extension Sites {
  fileprivate func entry(_ account: String) -> Entry {
    if let site = entered[account] { return .entered(site.principal) }
    guard let error = refused[account] else { return .unknown("nobody tried") }
    let reason = "\(error.code): \(error.message)"
    return error.code.hasPrefix("AccessDenied") ? .refused(reason) : .unknown(reason)
  }
}
