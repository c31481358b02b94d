import Access
import CanonicalJSON
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Restore

/// Meshes made by chance, changed on both sides, and failed back.
struct GeneratedFailback {
  let base: [Record]
  var secondary: [Record]
  let primary: [Record]
  var maker: MeshMaker

  /// - Parameters:
  ///   - seed: the same gives the same.
  ///   - isSound: whether each side is what AWS can hold: nothing is granted on what is not there, and tables
  ///     keep their columns.
  init(seed: Int, isSound: Bool = false) {
    maker = MeshMaker(seed: UInt64(seed), inBothAccounts: true)
    let made = maker.records()
    base = isSound ? Self.sound(made, made) : made
    secondary = maker.drifted(base)
    primary = isSound ? Self.sound(maker.drifted(base), base) : maker.drifted(base)
    if isSound { secondary = Self.sound(secondary, base) }
  }

  /// The secondary after somebody went on working there.
  mutating func driftSecondary() {
    secondary = Self.sound(maker.drifted(secondary), base)
  }

  private static func sound(_ records: [Record], _ base: [Record]) -> [Record] {
    let tables = Dictionary(
      base.filter { $0.key.kindName == "table" }.map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first })
    let keys = Set(records.map(\.key))
    return records.map { tables[$0.key] ?? $0 }.filter { record in
      guard record.key.kindName == "grant", let body = try? record.value(),
        let resource = GrantResource(body["Resource"] ?? .null, account: record.key.account)
      else { return true }
      if let name = body["Resource"]?["LFTagPolicy"]?["ExpressionName"]?.string {
        return keys.contains { $0.kindName == "lf-tag-expression" && $0.path == [name] }
      }
      return resource.target(in: resource.catalog).map(keys.contains) ?? true
    }
  }

  /// As the product merges it.
  func merged(_ choice: ConflictChoice = .secondary) throws -> (
    records: [Record], report: FailbackReport
  ) {
    func keyed(_ records: [Record]) -> [RecordKey: Record] {
      Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
    return try judged(
      base: keyed(base), secondary: keyed(secondary), primary: keyed(primary),
      MergeTerms(choice: choice))
  }
}

@Suite struct GeneratedMergeTests {
  /// Four hundred meshes with tags, filters, expressions, defaults and shares: the merge is what another
  /// one, written from the documentation, comes to.
  @Test(arguments: 0..<10)
  func theMergeIsWhatTheOracleSays(block: Int) throws {
    var (conflicts, undecided) = (0, 0)
    for seed in block * 40..<block * 40 + 40 {
      let mesh = GeneratedFailback(seed: 5000 + seed)
      for choice in ConflictChoice.allCases {
        let (records, report) = try mesh.merged(choice)
        let oracle = try MergeOracle(mesh.base, mesh.secondary, mesh.primary, choice)
        let (found, expected) = (try MeshFacts(records).records, oracle.merged.records)
        for key in Set(found.keys).union(expected.keys) where found[key] != expected[key] {
          Issue.record(
            "seed \(seed) \(choice) \(key): \(found[key] ?? [:]), not \(expected[key] ?? [:])")
        }
        #expect(Set(report.conflicts.map(\.key)) == oracle.conflicts, "seed \(seed) \(choice)")
        let open = choice == .stop ? oracle.conflicts : oracle.undecided
        #expect(Set(report.open.map(\.key)) == open, "seed \(seed) \(choice)")
        conflicts += oracle.conflicts.count
        undecided += oracle.undecided.count
      }
    }
    #expect(conflicts > 20 && (undecided > 0 || block != 3))
  }

  /// No permission that the beginning gave outlives its revocation on one side, whatever the rule for
  /// conflicts is: asked of the records as they are, not of any merge.
  @Test(arguments: 0..<5)
  func noRevokedPermissionComesBack(block: Int) throws {
    var revoked = 0
    for seed in block * 40..<block * 40 + 40 {
      let mesh = GeneratedFailback(seed: 6000 + seed)
      let base = try Self.permissions(mesh.base)
      let (left, right) = (
        try Self.permissions(mesh.secondary), try Self.permissions(mesh.primary)
      )
      for choice in ConflictChoice.allCases {
        let (records, report) = try mesh.merged(choice)
        // A table that stays against the will of one side stays as the other has it.
        guard !report.conflicts.contains(where: { $0.fields.isEmpty }) else { continue }
        let lost = base.subtracting(left.intersection(right))
        revoked += lost.count
        #expect(try Self.permissions(records).isDisjoint(with: lost), "seed \(seed) \(choice)")
      }
    }
    #expect(revoked > 20)
  }

  private static func permissions(_ records: [Record]) throws -> Set<String> {
    var found: Set<String> = []
    for record in records where record.key.kindName == "grant" {
      let body = try record.value()
      for list in ["Permissions", "PermissionsWithGrantOption"] {
        for permission in body[list]?.strings ?? [] {
          found.insert("\(record.key.text) \(list) \(permission)")
        }
      }
    }
    return found
  }

  /// Each revocation that the report tells is one, and none of a grant is left out.
  @Test(arguments: 0..<5)
  func revocationsAreTold(block: Int) throws {
    var told = 0
    for seed in block * 40..<block * 40 + 40 {
      let mesh = GeneratedFailback(seed: 7000 + seed)
      let (_, report) = try mesh.merged()
      let sides = [
        "secondary": try MeshFacts(mesh.secondary).records,
        "primary": try MeshFacts(mesh.primary).records,
      ]
      let base = try MeshFacts(mesh.base).records
      for revocation in report.revocations where revocation.kind == "grant" {
        let key = try #require(RecordKey(revocation.key))
        let other = revocation.side == "primary" ? "secondary" : "primary"
        #expect(base[key] != nil && sides[other]?[key] != nil)
        #expect(sides[revocation.side]?[key] != base[key])
        told += 1
      }
    }
    #expect(told > 5)
  }
}

/// A failback is killed at calls that are drawn, and gone on with: at no time has anybody more than the
/// primary gave before or the merge gives, and in the end the primary is the merge.
@Suite struct FailbackKillTests {
  private let campaign = EveryChangeTests()
  private static var policy: PlanPolicy {
    var policy = PlanPolicy()
    policy.isWhole = true
    return policy
  }

  /// Merges that may be carried out.
  private func mergeable(_ seed: Int) throws -> (GeneratedFailback, [Record])? {
    let mesh = GeneratedFailback(seed: seed, isSound: true)
    let (records, report) = try mesh.merged()
    return report.open.isEmpty && report.unjustified.isEmpty ? (mesh, records) : nil
  }

  @Test(arguments: 0..<8)
  func killedAnywhereItEndsAsTheMerge(block: Int) throws {
    var (kills, failbacks) = (0, 0)
    for seed in block * 25..<block * 25 + 25 {
      guard let (made, merged) = try mergeable(8000 + seed) else { continue }
      var mesh = made
      failbacks += 1
      var live = mesh.primary
      for attempt in 0..<4 {
        let limit = attempt == 3 ? Int.max : Int.random(in: 0..<25, using: &mesh.maker.numbers)
        let end = try campaign.restore(
          "seed \(seed), attempt \(attempt)", merged, over: live, &mesh.maker.numbers,
          failures: attempt == 3 ? 0 : 10, limit: limit, policy: Self.policy, knowing: mesh.primary)
        live = end.records
        kills += end.ended ? 0 : 1
      }
      try expect(live, merged, "seed \(seed)")
    }
    #expect(kills > 3 && failbacks > 2)
  }

  /// The secondary changes while the first round is carried out; the second begins from the same
  /// beginnings, and may be killed as well.
  @Test(arguments: 0..<4)
  func theSecondRoundEndsAsTheMergeOfWhatIsThereThen(block: Int) throws {
    var rounds = 0
    for seed in block * 25..<block * 25 + 25 {
      guard let (made, first) = try mergeable(9000 + seed) else { continue }
      var mesh = made
      let live = try campaign.restore(
        "seed \(seed), first", first, over: mesh.primary, &mesh.maker.numbers, policy: Self.policy
      ).records
      mesh.driftSecondary()
      let (second, report) = try mesh.merged()
      guard report.open.isEmpty, report.unjustified.isEmpty else { continue }
      rounds += 1
      let limit = Int.random(in: 0..<10, using: &mesh.maker.numbers)
      let killed = try campaign.restore(
        "seed \(seed), second", second, over: live, &mesh.maker.numbers, limit: limit,
        policy: Self.policy, knowing: live)
      let end = try campaign.restore(
        "seed \(seed), resumed", second, over: killed.records, &mesh.maker.numbers,
        policy: Self.policy, knowing: live)
      try expect(end.records, second, "seed \(seed)")
    }
    #expect(rounds > 0)
  }

  private func expect(_ live: [Record], _ merged: [Record], _ name: String) throws {
    let (found, wanted) = (try MeshFacts(live).records, try MeshFacts(merged).records)
    let restorers = Set(EveryChangeTests.restorers.values)
    for key in Set(found.keys).union(wanted.keys) where found[key] != wanted[key] {
      // What the restorer holds it gives back at the end, which is not part of this.
      if key.kindName == "grant", !restorers.isDisjoint(with: key.path) { continue }
      if key.kindName == "settings" { continue }
      Issue.record("\(name) \(key): \(found[key] ?? [:]), not \(wanted[key] ?? [:])")
    }
    let (access, allowed) = (try AccessSet(of: live), try AccessSet(of: merged))
    #expect(access.beyond(allowed, ignoring: restorers).isEmpty, "\(name)")
    #expect(allowed.beyond(access, ignoring: restorers).isEmpty, "\(name)")
  }
}
