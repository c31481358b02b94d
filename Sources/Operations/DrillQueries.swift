import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import Restore

/// Runs queries through Athena as the roles whose access they show.
struct DrillQueries: Sendable {
  private let context: MeshContext
  private let work: DrillOperation.Work
  private let workGroup: String

  /// So many are under way at once: Athena runs 20 of an account, and others need theirs.
  private static let atOnce = 8
  /// Seconds until a query is given up.
  private static let patience = 120.0

  init(_ context: MeshContext, _ work: DrillOperation.Work, _ workGroup: String) {
    self.context = context
    self.work = work
    self.workGroup = workGroup
  }

  /// - Returns: what came of each, in the order of the probes. What could not be run is unknown.
  /// - Throws: `CancellationError`.
  func run(_ probes: [DrillProbe]) async throws -> [DrillReport.Query] {
    let clients = await clients(for: probes)
    let found = Guarded<[Int: DrillReport.Query]>([:])
    try await forEachConcurrently(Array(probes.enumerated()), limit: Self.atOnce) { index, probe in
      let query =
        switch clients[Caller(probe)] {
        case .success(let client)?: await ask(probe, client)
        case .failure(let failure)?: unknown(probe, failure.description)
        case nil: unknown(probe, "account \(probe.account) could not be entered")
        }
      found.withLock { $0[index] = query }
    }
    return found.withLock { found in probes.indices.compactMap { found[$0] } }
  }

  // MARK: Who asks

  private struct Caller: Hashable {
    let role: String?
    let account: String

    init(_ probe: DrillProbe) {
      role = probe.role
      account = probe.account
    }
  }

  private struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// AssumeRole by the restorer of the account, once for each role.
  private func clients(
    for probes: [DrillProbe]
  ) async -> [Caller: Result<AWSClient, Refusal>] {
    var clients: [Caller: Result<AWSClient, Refusal>] = [:]
    for caller in Set(probes.map(Caller.init)) {
      guard let site = work.sites.entered[caller.account] else { continue }
      guard let role = caller.role else {
        clients[caller] = .success(site.client)
        continue
      }
      do {
        clients[caller] = .success(
          try await work.place.session.client(assuming: role, by: site.client))
      } catch {
        let reason = (error as? AWSFailure)?.message ?? String(describing: error)
        clients[caller] = .failure(
          Refusal(description: "the restorer could not assume the role: \(reason)"))
      }
    }
    return clients
  }

  // MARK: What is asked

  private func query(_ probe: DrillProbe) -> DrillReport.Query {
    var query = DrillReport.Query(
      account: probe.account, table: probe.table.joined(separator: "."), workGroup: workGroup,
      state: "UNKNOWN", reason: "", seconds: 0)
    query.column = probe.column ?? ""
    query.role = probe.role ?? ""
    query.principals = probe.principals
    query.isAllowed = probe.isAllowed
    return query
  }

  private func unknown(_ probe: DrillProbe, _ reason: String) -> DrillReport.Query {
    var query = query(probe)
    query.reason = reason
    return query
  }

  private static func statement(_ probe: DrillProbe) -> String {
    func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
    let column = probe.column.map(quoted) ?? "*"
    return "SELECT \(column) FROM \(probe.table.map(quoted).joined(separator: ".")) LIMIT 1"
  }

  /// StartQueryExecution, and GetQueryExecution until it ends. What does not end in time is stopped by
  /// StopQueryExecution: nothing of a drill stays behind.
  private func ask(_ probe: DrillProbe, _ client: AWSClient) async -> DrillReport.Query {
    let clock = context.surroundings.clock
    let start = clock.seconds()
    var query = query(probe)
    do {
      let id = try await begin(probe, client)
      repeat {
        let answer = try await client.call(.athenaGetQueryExecution, ["QueryExecutionId": id])
        let status = answer["QueryExecution"]?["Status"] ?? [:]
        query.state = status["State"]?.string ?? "UNKNOWN"
        query.reason = status["StateChangeReason"]?.string ?? ""
        if query.hasEnded { break }
        try await Task.sleep(for: .milliseconds(500))
      } while clock.seconds() - start < Self.patience
      if !query.hasEnded {
        _ = try await client.call(.athenaStopQueryExecution, ["QueryExecutionId": id])
        query.state = "UNKNOWN"
        query.reason = "it was stopped after \(Int(Self.patience)) s"
      }
    } catch {
      // Whoever may not use Athena, or its work group, shows nothing of what it may read.
      let failure = error as? AWSFailure
      query.state = "UNKNOWN"
      query.reason = failure.map { "\($0.code): \($0.message)" } ?? String(describing: error)
    }
    query.isDenied = query.state == "FAILED" && Self.isDenial(query.reason)
    query.seconds = clock.seconds() - start
    return query
  }

  private func begin(_ probe: DrillProbe, _ client: AWSClient) async throws -> JSON {
    let token = (0..<4).map { _ in String(context.surroundings.random(), radix: 16) }
    let begun = try await client.call(
      .athenaStartQueryExecution,
      [
        "QueryString": .string(Self.statement(probe)), "WorkGroup": .string(workGroup),
        "ClientRequestToken": .string(
          "meshdr-drill-" + token.joined(separator: "-") + "-00000000"),
      ])
    guard let id = begun["QueryExecutionId"] else {
      throw Refusal(description: "Athena gives no id for the query")
    }
    return id
  }

  /// How Athena says that a query asks for what its caller may not read: what is hidden is called missing.
  private static let denials = [
    "insufficient lake formation permission", "insufficient permissions",
    "not authorized to perform",
    "column_not_found", "table_not_found", "schema_not_found", "entitynotfoundexception",
    "does not exist", "cannot be resolved", "no accessible columns", "access denied",
  ]
  /// What Athena lacks of its own says nothing about the table.
  private static let troubles = ["s3", "output", "kms:", "workgroup", "work group", "athena:"]

  static func isDenial(_ reason: String) -> Bool {
    let text = reason.lowercased()
    return denials.contains(where: text.contains) && !troubles.contains(where: text.contains)
  }
}

extension DrillReport.Query {
  fileprivate var hasEnded: Bool { !["QUEUED", "RUNNING"].contains(state) }
}
