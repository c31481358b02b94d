import AWSAccess
import CanonicalJSON
import Capture
import GrantSnapshot
import MeshFile
import MeshModel
import Restore
import SnapshotStore

// What users would find, had the drill been the real thing.

extension DrillOperation {
  private static let accessKinds: Set<Kind> = [
    .settings, .database, .table, .lfTag, .lfTagExpression, .tagAssignment, .dataCellsFilter,
    .grant,
  ]

  /// Checks effective access, and runs queries where a work group is given.
  func check(
    _ report: inout DrillReport, _ rehearsal: RestoreRun, _ drilling: Drilling,
    _ result: RestoreResult, _ work: Work
  ) async throws {
    guard !result.interrupted else { return }
    let clock = context.surroundings.clock
    var start = clock.seconds()
    work.place.progress.stage("checking access")
    let looking = run(
      work, drilling, prefix: drilling.prefix, kinds: Self.accessKinds, isStoppable: false)
    report.access = try await looking.drillAccess(drilling)
    report.after.append(
      .init(
        name: "access", seconds: clock.seconds() - start,
        actions: report.access.principals.count))
    guard let workGroup = options.query else { return }
    start = clock.seconds()
    work.place.progress.stage("running queries")
    for (account, table) in try await looking.drillTables(drilling) {
      guard let site = work.sites.entered[account] else { continue }
      report.queries.append(await query(table, workGroup, at: site))
    }
    report.after.append(
      .init(name: "queries", seconds: clock.seconds() - start, actions: report.queries.count))
  }

  /// Seconds until a query is given up.
  private static let patience = 120.0

  /// StartQueryExecution, and GetQueryExecution until it ends. What does not end in time is stopped by
  /// StopQueryExecution: nothing of a drill stays behind.
  private func query(_ table: [String], _ workGroup: String, at site: Site) async
    -> DrillReport.Query
  {
    let clock = context.surroundings.clock
    let start = clock.seconds()
    let names = table.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ".")
    var query = DrillReport.Query(
      account: site.account, table: table.joined(separator: "."), workGroup: workGroup,
      state: "FAILED", reason: "", seconds: 0)
    do {
      let token = (0..<4).map { _ in String(context.surroundings.random(), radix: 16) }
      let begun = try await site.client.call(
        .athenaStartQueryExecution,
        [
          "QueryString": .string("SELECT * FROM \(names) LIMIT 1"), "WorkGroup": .string(workGroup),
          "ClientRequestToken": .string(
            "meshdr-drill-" + token.joined(separator: "-") + "-00000000"),
        ])
      guard let id = begun["QueryExecutionId"] else {
        throw CommandFailure(.failed, "Athena gives no id for the query")
      }
      repeat {
        let answer = try await site.client.call(
          .athenaGetQueryExecution, ["QueryExecutionId": id])
        let status = answer["QueryExecution"]?["Status"] ?? [:]
        query.state = status["State"]?.string ?? "UNKNOWN"
        query.reason = status["StateChangeReason"]?.string ?? ""
        if query.hasEnded { break }
        try await Task.sleep(for: .milliseconds(500))
      } while clock.seconds() - start < Self.patience
      if !query.hasEnded {
        _ = try await site.client.call(.athenaStopQueryExecution, ["QueryExecutionId": id])
        query.reason = "it was stopped after \(Int(Self.patience)) s"
      }
    } catch {
      let failure = error as? AWSFailure
      query.reason = failure.map { "\($0.code): \($0.message)" } ?? String(describing: error)
    }
    query.seconds = clock.seconds() - start
    return query
  }
}

extension DrillReport.Query {
  fileprivate var hasEnded: Bool { !["QUEUED", "RUNNING"].contains(state) }
}

/// Everybody who has anything in a snapshot: nobody of them may stand in for another.
struct DrillRoster: Sendable {
  private(set) var principals: Set<String> = []

  /// - Throws: `ArchiveError`, `JSONError` where the snapshot can't be read.
  init(_ snapshot: SnapshotReader) async throws {
    let grants = try await snapshot.records(kind: .grant)
    while let record = try grants.next() {
      if let principal = GrantKind().principal(of: try record.value()) {
        principals.insert(principal)
      }
    }
  }
}

extension MeshFile.Drill {
  /// - Throws: `CommandFailure` (`.usage`) where somebody would stand in who has access of its own.
  func check(against roster: DrillRoster) throws {
    for standIn in principals.values.sorted() where roster.principals.contains(standIn) {
      throw CommandFailure(
        .usage,
        "\(standIn) can't stand in for others in a drill (drill: principals:), for it has access of "
          + "its own in the mesh, and would gain some")
    }
    guard let role else { return }
    let taken = roster.principals.first { $0.hasSuffix(":role/\(role)") }
    if let taken {
      throw CommandFailure(
        .usage,
        "\(taken) can't stand in for others in a drill (drill: role:), for it has access of its own "
          + "in the mesh, and would gain some")
    }
  }
}
