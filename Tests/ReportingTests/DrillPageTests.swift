import MeshModel
import TestSupport
import Testing

@testable import Reporting

/// What is told of drills and snapshots, on pages and on terminals.
@Suite struct DrillPageTests {
  @Test func aGoodDrill() throws {
    try expectGolden(RestoreHTML.page(Samples.drilled()), "drilled.html")
  }

  @Test func aBadDrill() throws {
    try expectGolden(RestoreHTML.page(Samples.drilledBadly()), "drilled-badly.html")
  }

  @Test func aFullDrill() throws {
    try expectGolden(RestoreHTML.page(Samples.drilledFully()), "drilled-fully.html")
  }

  @Test func aSnapshot() throws {
    try expectGolden(SnapshotHTML.page(Samples.snapshotPage()), "snapshot.html")
  }

  @Test(arguments: [60, 80]) func onATerminal(width: Int) throws {
    let text = RestoreText(style: TextStyle(color: false, width: width))
    let told = [Samples.drilled(), Samples.drilledFully(), Samples.drilledBadly()].map(
      text.outcome)
    try expectGolden(told.joined(separator: "\n\n----\n\n") + "\n", "drill-\(width).txt")
    for line in told.flatMap({ $0.split(separator: "\n") }) {
      #expect(Printable.columns(String(line)) <= width, "\(line)")
    }
  }

  @Test func whatIsWrongIsNeverCalledGood() {
    #expect(Verdict(Samples.drilled()) == .good)
    #expect(Samples.drilled().drillFindings.isEmpty)
    #expect(Samples.drilled().metObjective)
    let spoil: [(inout RestoreResult) -> Void] = [
      { $0.drill?.access.principals[0].beyond = ["x"] },
      { $0.drill?.access.principals[0].missing = ["x"] },
      { $0.drill?.access.strangers = ["x"] }, { $0.drill?.access.unread = ["x"] },
      { $0.drill?.queries[0].state = "CANCELLED" }, { $0.drill?.queries[0].state = "UNKNOWN" },
      { $0.drill?.queries[1].state = "SUCCEEDED" }, { $0.drill?.queries[1].isDenied = false },
      { $0.drill?.undoing.left = ["x"] },
      { $0.drill?.undoing.changed = ["x"] },
      {
        $0.drill?.undoing.failures = [
          .init(kind: "account", key: "1", code: "AccessDenied", message: "no")
        ]
      },
    ]
    for spoil in spoil {
      var result = Samples.drilled()
      spoil(&result)
      #expect(Verdict(result).tone == .bad)
      #expect(result.drillFindings.count == 1)
      #expect(!result.metObjective)
      #expect(!RestoreHTML.page(result).contains("Findings</h2>\n<p>None"))
    }
  }

  /// UNKNOWN is no pass: neither what nobody measured, nor what was measured long before, nor of a
  /// part only.
  @Test func dataThatNobodyMeasuredIsNotMet() throws {
    let lag = try #require(Samples.drilled().drill?.dataLag)
    #expect(lag.met == true)
    var stale = lag
    stale.age = DrillReport.DataLag.oldest + 1
    var part = lag
    part.unknown = 1
    var none = lag
    none.products = 0
    var timeless = lag
    timeless.age = nil
    for lag in [nil, stale, part, none, timeless] {
      var result = Samples.drilled()
      result.drill?.dataLag = lag
      #expect(result.drill?.dataLag?.met == nil)
      #expect(result.drillFindings.map(\.tone) == [.warning])
    }
    var breached = part
    breached.breached = 1
    #expect(breached.met == false)
  }

  /// A drill that was interrupted is undone: nothing is left to be resumed.
  @Test func noAdviceToResumeADrill() {
    var result = Samples.drilled()
    result.interrupted = true
    let told = RestoreText(style: TextStyle(color: false, width: 80)).outcome(result)
    #expect(!told.contains("--resume"))
    #expect(told.contains("Access: not looked at"))
    #expect(!RestoreHTML.page(result).contains("could do what they should"))
  }

  @Test func theRecordIsReadBackAsItWasWritten() throws {
    for result in [Samples.drilled(), Samples.drilledFully(), Samples.drilledBadly()] {
      let read = try RestoreResult(json: result.json)
      #expect(read.drill == result.drill)
    }
  }
}
