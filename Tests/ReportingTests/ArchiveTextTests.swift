import TestSupport
import Testing

@testable import Reporting

@Suite struct ArchiveTextTests {
  private var whole: ArchiveText.Check {
    var check = ArchiveText.Check(snapshot: Samples.snapshot, isStore: true)
    check.subset = "5%"
    (check.manifests, check.packs, check.packsRead, check.records) = (14, 312, 3, 1012)
    return check
  }

  private var damaged: ArchiveText.Check {
    let pack = "pack 5c1f0a9e4b7d2c385c1f0a9e4b7d2c385c1f0a9e4b7d2c385c1f0a9e4b7d2c38"
    let member = "member 111122223333/glue/table/sales/5c1f0a9e4b7d2c38.ndjson"
    var check = ArchiveText.Check(snapshot: Samples.snapshot, isStore: false)
    (check.packs, check.packsRead, check.records) = (57, 57, 1_204_551)
    check.damaged = [
      .init(place: [pack], what: "it does not have the digest in its name"),
      .init(place: [pack, member], what: "its digest is wrong"),
      .init(
        place: [],
        what: "the snapshot 20261122T020009Z-00c1aa4e, which came before "
          + "\(Samples.snapshot), is gone, and no prune removed it"),
    ]
    return check
  }

  private var prune: ArchiveText.Prune {
    var prune = ArchiveText.Prune(decisions: [
      .init(
        id: Samples.snapshot, recoveryPoint: "2026-11-23T02:00:12.481Z",
        rules: ["last", "daily", "weekly", "monthly", "yearly", "newest complete"]),
      .init(
        id: "20261122T020009Z-00c1aa4e", recoveryPoint: "2026-11-22T02:00:09.102Z",
        rules: ["hold"]),
      .init(
        id: "20261121T020011Z-7be0d934", recoveryPoint: "2026-11-21T02:00:11.007Z", rules: []),
    ])
    (prune.packs, prune.bytes) = (12, 4_100_000)
    return prune
  }

  private var dryRun: ArchiveText.Prune {
    var dry = prune
    (dry.isDryRun, dry.packs, dry.bytes) = (true, 0, 0)
    dry.underWay = ["20261123T031500Z-3f9a1c2b"]
    return dry
  }

  @Test func oldJournalsThatGoAreCounted() {
    let text = ArchiveText(style: TextStyle(color: false, width: 80))
    var prune = ArchiveText.Prune(decisions: [])
    #expect(!text.prune(prune).contains("journal"))
    prune.journals = 3
    #expect(text.prune(prune).contains("3 old journals of finished runs removed"))
    prune.isDryRun = true
    #expect(text.prune(prune).contains("3 old journals of finished runs would be removed"))
  }

  private func everything(_ width: Int) -> [String] {
    let text = ArchiveText(style: TextStyle(color: false, width: width))
    return [
      text.check(whole), text.check(damaged), text.prune(prune), text.prune(dryRun),
      text.prune(ArchiveText.Prune(decisions: [])),
    ]
  }

  @Test(arguments: [60, 80, 120]) func golden(width: Int) throws {
    try expectGolden(
      everything(width).joined(separator: "\n\n----\n\n") + "\n", "archive-\(width).txt")
  }

  @Test(arguments: 60...120) func neverWiderThanAsked(width: Int) {
    let lines = everything(width).joined(separator: "\n").split(separator: "\n")
    #expect(lines.allSatisfy { Printable.columns(String($0)) <= width })
  }
}
