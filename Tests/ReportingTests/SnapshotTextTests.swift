import TestSupport
import Testing

@testable import Reporting

@Suite struct SnapshotTextTests {
  private static let widths = [60, 80, 120]

  private let rows = [
    SnapshotText.Row(
      id: Samples.snapshot, region: "us-east-1", recoveryPoint: "2026-11-23T02:00:12.481Z",
      complete: true, records: 1738, bytes: 184_213),
    SnapshotText.Row(
      id: "20261122T020009Z-00c1aa4e", region: "us-east-1",
      recoveryPoint: "2026-11-22T02:00:09.102Z", complete: false, records: 1_204_551,
      bytes: 91_442_001),
    SnapshotText.Row(
      id: "20261121T020011Z-7be0d934", region: "us-east-1",
      recoveryPoint: "2026-11-21T02:00:11.007Z", complete: true, records: 1702, bytes: 180_004,
      damage: "the manifest's digest is not that of its content"),
    SnapshotText.Row(
      id: "20260101T020004Z-1b9d0c77", region: "us-east-1",
      recoveryPoint: "2026-01-01T02:00:04.350Z", complete: true, records: 1514, bytes: 161_077,
      hold: "on hold since 2026-02-03: evidence, ticket 4711"),
  ]

  private var summary: SnapshotText.Summary {
    var summary = SnapshotText.Summary(
      id: Samples.snapshot, region: "us-east-1", recoveryPoint: "2026-11-23T02:00:12.481Z",
      seconds: 3.42)
    summary.counts = ["partition": 1512, "table": 59, "lf-tag": 14, "database": 12, "grant": 1]
    summary.accounts = Samples.accounts.sorted { $0.key < $1.key }.enumerated().map { index, item in
      .init(
        id: item.key, name: item.value, records: index == 2 ? 0 : 1600 / (index + 1),
        complete: index != 2,
        errors: index == 2
          ? ["AccessDenied: not authorized to assume arn:aws:iam::333333333333:role/reader"] : [])
    }
    summary.packs = .init(written: 9, reused: 31, bytes: 48_211)
    summary.warnings = ["account 222222222222 sales has no grant any more"]
    return summary
  }

  @Test(arguments: widths) func golden(width: Int) throws {
    let text = SnapshotText(style: TextStyle(color: false, width: width))
    let told =
      [text.list(rows), text.summary(summary), text.list([])]
      + [text.kinds(["table": 59, "lf-tag": 14])]
    try expectGolden(told.joined(separator: "\n\n----\n\n") + "\n", "snapshot-\(width).txt")
  }

  @Test(arguments: 60...120) func neverWiderThanAsked(width: Int) {
    let text = SnapshotText(style: TextStyle(color: false, width: width))
    let lines = (text.list(rows) + "\n" + text.summary(summary)).split(separator: "\n")
    #expect(lines.allSatisfy { Printable.columns(String($0)) <= width })
  }

  @Test func regionsAreNamedWhereTheyDiffer() {
    let text = SnapshotText(style: TextStyle(color: false, width: 100))
    let other = SnapshotText.Row(
      id: "a", region: "eu-west-1", recoveryPoint: "", complete: true, records: 0, bytes: 0)
    #expect(text.list(rows).contains("Snapshots of us-east-1"))
    let mixed = text.list(rows + [other])
    #expect(mixed.contains("us-east-1") && mixed.contains("eu-west-1"))
    #expect(!mixed.contains("Snapshots of"))
  }

  @Test func keysAreNotWrapped() {
    let key = Samples.grantKey + Samples.grantKey
    let text = SnapshotText(style: TextStyle(color: true, width: 60))
    #expect(text.keys([key, "b\u{1B}"]) == "\(key)\nb\u{FFFD}")
  }
}
