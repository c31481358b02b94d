import MeshModel
import TestSupport
import Testing

@testable import Reporting

/// What is told of a failback, on its page and on terminals.
@Suite struct FailbackPageTests {
  @Test func whatWentHome() throws {
    try expectGolden(RestoreHTML.page(Samples.failedBack()), "failback.html")
  }

  @Test func whatWasChangedMeanwhile() throws {
    try expectGolden(RestoreHTML.page(Samples.fallenBehind()), "failback-behind.html")
  }

  @Test(arguments: [60, 80]) func onATerminal(width: Int) throws {
    let text = RestoreText(style: TextStyle(color: false, width: width))
    let told = [Samples.failedBack(), Samples.fallenBehind()].map(text.outcome)
    try expectGolden(told.joined(separator: "\n\n----\n\n") + "\n", "failback-\(width).txt")
  }

  /// Whatever is not home keeps it from being called good, and is named to the last.
  @Test func whatIsMissingIsNeverCalledGood() {
    #expect(Verdict(Samples.failedBack()) == .good && Samples.failedBack().isWhole)
    var late = Samples.failedBack()
    late.failback?.later = (0..<300).map { .init(kind: "table", key: "a/t\($0)", what: .added) }
    var waiting = Samples.failedBack()
    waiting.failback?.isWaitingForData = true
    for result in [late, waiting] {
      #expect(Verdict(result) == .incomplete && !result.isWhole)
      #expect(!result.advice.isEmpty)
    }
    let told = RestoreText(style: TextStyle(color: false, width: 80)).outcome(late)
    for number in 0..<300 {
      #expect(told.contains("a/t\(number)") && RestoreHTML.page(late).contains("t\(number)<"))
    }
  }

  /// What was overwritten is named to the last, on the page and in the text that is shortest.
  @Test func everyConflictIsNamed() throws {
    var result = Samples.failedBack()
    let conflict = try #require(result.failback?.conflicts.first)
    result.failback?.conflicts = (0..<300).map { number in
      var conflict = conflict
      conflict.key = "a/k\(number)"
      return conflict
    }
    let told = RestoreText(style: TextStyle(color: false, width: 80)).outcome(result)
    for number in 0..<300 {
      #expect(told.contains("a/k\(number)") && RestoreHTML.page(result).contains("k\(number)<"))
    }
  }

  @Test func theRecordIsReadBackAsItWasWritten() throws {
    for result in [Samples.failedBack(), Samples.fallenBehind()] {
      #expect(try RestoreResult(json: result.json).failback == result.failback)
    }
  }
}
