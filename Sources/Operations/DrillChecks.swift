import MeshModel
import Restore

// What users would find, had the drill been the real thing.

extension DrillOperation {
  private static let accessKinds: Set<Kind> = [
    .settings, .database, .table, .lfTag, .lfTagExpression, .tagAssignment, .dataCellsFilter,
    .grant,
  ]

  /// Checks effective access, and runs queries where a work group is given.
  func check(
    _ report: inout DrillReport, _ rehearsal: Rehearsal, _ result: RestoreResult, _ work: Work
  ) async throws {
    guard !result.interrupted else { return }
    let clock = context.surroundings.clock
    var start = clock.seconds()
    work.place.progress.stage("checking access")
    let looking = run(
      work, rehearsal.derivation, prefix: rehearsal.prefix, kinds: Self.accessKinds,
      isStoppable: false)
    let access =
      switch rehearsal.ground {
      case .beside(let drilling): try await looking.drillAccess(drilling)
      case .apart(let drilling, _): try await looking.drillAccess(drilling)
      }
    report.access = access.check
    report.after.append(
      .init(
        name: "access", seconds: clock.seconds() - start,
        actions: report.access.principals.count))
    guard let workGroup = options.query else { return }
    start = clock.seconds()
    work.place.progress.stage("running queries")
    let (probes, untold) = probes(access, rehearsal, work)
    report.notRehearsed += untold
    report.queries = try await DrillQueries(context, work, workGroup).run(probes)
    report.after.append(
      .init(name: "queries", seconds: clock.seconds() - start, actions: report.queries.count))
  }

  /// So many roles ask.
  private static let mostAskers = 200

  /// What is asked by whom, and what of it is not.
  private func probes(
    _ access: DrillAccess, _ rehearsal: Rehearsal, _ work: Work
  ) -> (probes: [DrillProbe], untold: [String]) {
    let drill = work.mesh.drill
    var untold: [String] = []
    let askers: [DrillAsker]
    if work.full != nil {
      askers = access.askers(
        restorers: Set(work.mapping.restorers.values), mapping: work.mapping)
      let others = access.principalsThatAreNoRoles
      if !others.isEmpty {
        untold.append("queries of \(others.count) principals that are no roles")
      }
    } else {
      askers = access.askers(
        standIns: drill.standInsBeside, role: drill.role,
        accounts: work.sites.entered.keys.sorted(),
        mapping: work.mapping)
    }
    guard !askers.isEmpty else {
      untold.append(
        "queries as consumers' own roles: the mesh file names none that stand in (drill:), so the "
          + "restorer asks")
      return (access.restorersProbes(prefix: rehearsal.prefix), untold)
    }
    if askers.count > Self.mostAskers {
      untold.append(
        "queries of \(askers.count - Self.mostAskers) roles: \(Self.mostAskers) have asked")
    }
    let probes = access.probes(
      Array(askers.prefix(Self.mostAskers)), prefix: rehearsal.prefix)
    return (probes, untold)
  }
}
