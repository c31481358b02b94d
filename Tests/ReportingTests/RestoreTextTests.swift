import MeshModel
import TestSupport
import Testing

@testable import Reporting

@Suite struct RestoreTextTests {
  private static let widths = [60, 80, 120]

  private func text(_ width: Int = 80, color: Bool = false) -> RestoreText {
    RestoreText(style: TextStyle(color: color, width: width))
  }

  @Test(arguments: widths) func plans(width: Int) throws {
    let plans = [
      SamplePlans.mixed(), SamplePlans.large(), SamplePlans.empty(), SamplePlans.blocked(),
    ].map { text(width).plan($0.0, plan: $0.1, verbose: false) }
    try expectGolden(page(plans), "plan-\(width).txt")
  }

  @Test func verbosePlan() throws {
    let (result, plan) = SamplePlans.mixed()
    let told = text().plan(result, plan: plan, verbose: true)
    try expectGolden(told + "\n", "plan-verbose.txt")
    for action in plan.actions {
      let key = action.key.text.filter { $0 != " " }
      #expect(told.filter { $0 != "\n" && $0 != " " }.contains(key))
    }
  }

  @Test(arguments: widths) func outcomes(width: Int) throws {
    let results = [
      Samples.restored(), Samples.failed(), Samples.interrupted(), Samples.widened(),
      Samples.repeated(), Samples.restored(pace: 1800),
    ]
    try expectGolden(page(results.map(text(width).outcome)), "outcome-\(width).txt")
  }

  /// Commands are copied from the screen: they stand on their lines as they are.
  @Test func manualSteps() throws {
    let (result, empty) = SamplePlans.empty()
    var plan = empty
    plan.manual = Samples.manual
    let told = [
      text(60).outcome(Samples.leftForAPerson()),
      text(60).plan(result, plan: plan, verbose: false),
      text(60).plan(result, plan: plan, verbose: true),
    ]
    try expectGolden(page(told), "manual.txt")
    for line in Samples.manual[0].commands[0].split(separator: "\n") {
      #expect(told[0].contains(line) && told[2].contains(line) && !told[1].contains(line))
    }
  }

  @Test func colour() throws {
    let told = text(color: true).outcome(Samples.failed())
    try expectGolden(told + "\n", "outcome-colour.txt")
    #expect(withoutColour(told) == text().outcome(Samples.failed()))
  }

  /// Every width, and text from elsewhere that is longer and stranger than it should be.
  @Test(arguments: 60...120) func neverWiderThanAsked(width: Int) {
    var told = [SamplePlans.mixed(), SamplePlans.large(), SamplePlans.blocked()].flatMap { plan in
      [true, false].map { text(width).plan(plan.0, plan: plan.1, verbose: $0) }
    }
    told += [Samples.failed(), Samples.interrupted(), Samples.hostile()].map(text(width).outcome)
    for line in told.flatMap({ $0.split(separator: "\n") }) {
      #expect(Printable.columns(String(line)) <= width, "\(line)")
    }
  }

  @Test func nothingIsObeyed() {
    let told = text().outcome(Samples.hostile())
    #expect(!told.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\r" })
  }

  @Test func nothingVerifiedIsNotClaimed() {
    let told = text().outcome(Samples.interrupted())
    #expect(!told.contains("Nobody gained access"))
    #expect(told.contains("meshdr restore --resume"))
  }

  @Test func wideningComesFirst() {
    var result = Samples.widened()
    result.interrupted = true
    #expect(Verdict(result) == .wider)
    #expect(result.advice.first?.text.hasPrefix("Close the access") == true)
  }

  private func page(_ texts: [String]) -> String {
    texts.joined(separator: "\n\n----\n\n") + "\n"
  }

  private func withoutColour(_ text: String) -> String {
    text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated()
      .map { $0 == 0 ? $1 : $1.drop { $0 != "m" }.dropFirst() }.joined()
  }
}
