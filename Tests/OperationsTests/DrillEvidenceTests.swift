import MeshModel
import SnapshotStore
import Testing

@testable import Operations

/// What a drill learns from the store.
@Suite struct DrillEvidenceTests {
  private let folder: TemporaryFolder
  private let runs: RunRecords

  init() throws {
    folder = try TemporaryFolder()
    runs = RunRecords(FolderStore(root: folder.path))
  }

  private func measure(_ id: String, in region: String) async throws {
    var result = RPOResult(
      mesh: "m", region: region, started: "2026-11-23T00:00:00Z", objectiveSeconds: 900)
    result.run = id
    try await runs.keep(result)
  }

  private func drill(_ id: String, in region: String) async throws {
    var result = RestoreResult(
      command: "drill", mesh: "m", snapshot: "s", region: region,
      rto: .init(objectiveSeconds: 10, seconds: 5, phases: []))
    result.run = id
    result.verified = .init()
    var report = DrillReport(prefix: "drill_00000001_")
    report.catalogAge = 60
    result.drill = report
    try await runs.keep(result)
  }

  /// The newest of the region that was begun before, not one from elsewhere or from afterwards.
  @Test func theNewestMeasurementBeforeTheDrillCounts() async throws {
    try await measure("rpo-20261121T000000Z-00000001", in: "eu-west-1")
    try await measure("rpo-20261122T000000Z-00000002", in: "eu-west-1")
    try await measure("rpo-20261123T000000Z-00000003", in: "eu-central-1")
    try await measure("rpo-20261125T000000Z-00000004", in: "eu-west-1")
    let found = try await runs.rpo(in: "eu-west-1", before: "2026-11-24T00:00:00Z")
    #expect(found?.run == "rpo-20261122T000000Z-00000002")
    #expect(try await runs.rpo(in: "us-west-2", before: "2026-11-24T00:00:00Z") == nil)
    #expect(try await runs.rpo(in: "eu-west-1", before: "2026-11-20T00:00:00Z") == nil)
  }

  /// A record that can't be read is named, and keeps nobody from the others.
  @Test func theTrendIsOfTheRegionAndPassesDamageOver() async throws {
    try await drill("drill-20261121T000000Z-00000001", in: "eu-west-1")
    try await drill("drill-20261122T000000Z-00000002", in: "eu-central-1")
    try await drill("drill-20261123T000000Z-00000003", in: "eu-west-1")
    _ = try await runs.store.put(
      "runs/drill-20261124T000000Z-00000004.json", .bytes(Array("{".utf8)))
    let (past, damaged) = try await runs.pastDrills(of: "eu-west-1")
    #expect(
      past.map(\.run) == ["drill-20261121T000000Z-00000001", "drill-20261123T000000Z-00000003"])
    #expect(past.allSatisfy { $0.good == true && $0.met && $0.catalogAge == 60 })
    #expect(damaged.count == 1 && damaged[0].contains("drill-20261124T000000Z-00000004"))
  }
}
