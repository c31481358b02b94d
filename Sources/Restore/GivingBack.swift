import Capture
import GrantSnapshot
import MeshModel

// What the restorer was granted, or was given as a creator, goes back: beside the rest where a database
// is done, and at the end whatever is left.

extension RestoreRun {
  /// What of the restorer's own grants stays, as far as they are not to work with.
  private func keptAccess(_ plan: RestorePlan) -> @Sendable (RecordKey) -> Bool {
    let kept = Set(plan.prepared.desired.keys).union(plan.plan.extra).union(plan.standing)
    let own = Set(plan.plan.actions.filter(\.isOwnAccess).map(\.key))
    return { kept.contains($0) && !own.contains($0) }
  }

  /// Gives back beside the rest what the restorer has on the tables of a database that is done. What fails
  /// here is done again at the end, and said then.
  func givingBackAccess(
    _ plan: RestorePlan
  ) -> (@Sendable (_ account: String, _ database: String) async -> Void)? {
    // Whoever makes a view of Glue's own kind needs rights on the tables behind it, wherever they are.
    let hasViews = plan.prepared.desired.sorted(of: .table).contains {
      $0.value["ViewDefinition"] != nil
    }
    guard !hasViews else { return nil }
    let isKept = keptAccess(plan)
    let sites = job.sites
    return { account, database in
      guard let site = sites[account] else { return }
      _ = try? await GrantKind().giveBackAccess(at: site, onTablesOf: database, unless: isKept)
    }
  }

  func giveBackAccess(_ plan: RestorePlan) async -> (taken: Int, warnings: [String]) {
    let isKept = keptAccess(plan)
    let touched = Set(plan.plan.actions.map(\.key.account)).union(
      plan.plan.ownGrants.map(\.account))
    let found = Guarded<[String: (taken: Int, warnings: [String])]>([:])
    let sites = job.sites.filter { touched.contains($0.key) }
    await withTaskGroup(of: Void.self) { group in
      for (account, site) in sites {
        group.addTask {
          let returned = await Self.giveBack(at: site, unless: isKept)
          found.withLock { $0[account] = returned }
        }
      }
    }
    let all = found.withLock(\.self).sorted { $0.key < $1.key }.map(\.value)
    return (all.reduce(0) { $0 + $1.taken }, all.flatMap(\.warnings))
  }

  private static func giveBack(
    at site: Site, unless isKept: @Sendable (RecordKey) -> Bool
  ) async -> (taken: Int, warnings: [String]) {
    do {
      let returned = try await GrantKind().giveBackAccess(at: site, unless: isKept)
      let warnings = returned.refused.map {
        "\($0.key): the restorer keeps what AWS gives its creator implicitly (\($0.code))"
      }
      return (returned.taken, warnings)
    } catch {
      return (0, ["account \(site.account): the restorer's own grants remain: \(error)"])
    }
  }
}
