import Testing

@testable import Reporting

@Suite struct ProgressTextTests {
  private let accounts = [
    ProgressText.Account(id: "111111111111", name: "governance", records: 1234, status: "done"),
    ProgressText.Account(id: "222222222222", name: "sales", records: 88, status: nil),
    ProgressText.Account(
      id: "333333333333", name: "marketing", records: 0, status: "can't be entered"),
    ProgressText.Account(id: "444444444444", name: "supply-chain", records: 7, status: nil),
  ]

  @Test func captureWithRoomForAll() {
    #expect(
      ProgressText.capture(accounts: accounts, elapsed: 2.5, width: 80, height: 20) == [
        "111111111111 governance       1,234 records  done",
        "222222222222 sales               88 records  …",
        "333333333333 marketing            0 records  can't be entered",
        "444444444444 supply-chain         7 records  …",
        "2 of 4 accounts, 1,329 records, 532 a second, 2.5 s",
      ])
  }

  @Test func theTimeLeftIsToldWhereASnapshotBeforeSaysHowMuchThereIs() {
    func last(_ expected: Int?, _ elapsed: Double) -> String {
      ProgressText.capture(
        accounts: accounts, expected: expected, elapsed: elapsed, width: 100, height: 1)[0]
    }
    #expect(
      last(2658, 10) == "2 of 4 accounts, 1,329 records, 133 a second, 10 s, about 10 s left")
    #expect(last(1329 * 61, 5).hasSuffix(", 5 s, about 5 min left"))
    #expect(last(nil, 10).hasSuffix(", 10 s"))
    #expect(last(1329, 10).hasSuffix(", 10 s"), "there is as much as was expected")
    #expect(last(9999, 1).hasSuffix(", 1 s"), "too early to tell")
  }

  @Test func aTerminalIsDrawnOftenAndALogSeldom() {
    /// The times at which something is said.
    func said(_ isTerminal: Bool, at times: [Double], isNews: Bool = false) -> [Double] {
      var pace = ProgressPace(isTerminal: isTerminal, start: 100)
      var said: [Double] = []
      for time in times where pace.isDue(at: time, isNews: isNews) { said.append(time) }
      return said
    }
    #expect(said(true, at: [100.05, 100.11, 100.15, 100.22]) == [100.11, 100.22])
    #expect(said(true, at: [100.05, 100.06], isNews: true) == [100.05, 100.06])
    let seconds = (101...300).map(Double.init)
    #expect(said(false, at: seconds) == [160, 220, 280])
    #expect(said(false, at: seconds, isNews: true) == [160, 220, 280])
  }

  @Test func moreAccountsThanLinesAreCutToTheTerminal() {
    let many = (0..<200).map {
      ProgressText.Account(id: "\($0)", name: "a", records: $0, status: nil)
    }
    for height in 1...30 {
      let lines = ProgressText.capture(
        accounts: many, elapsed: 5, width: 60, height: height)
      #expect(lines.count == height)
      #expect(lines.last?.hasPrefix("0 of 200 accounts") ?? false)
    }
  }

  @Test func accountsUnderWayStay() {
    let lines = ProgressText.capture(accounts: accounts, elapsed: 2.5, width: 80, height: 3)
    #expect(lines.count == 3)
    #expect(lines[0].contains("sales") && lines[1].contains("supply-chain"))
    #expect(ProgressText.capture(accounts: accounts, elapsed: 2, width: 80, height: 1).count == 1)
    #expect(ProgressText.capture(accounts: [], elapsed: 0, width: 80, height: 0).count == 1)
  }

  @Test func restore() {
    #expect(
      ProgressText.restore(done: 820, total: 1640, phase: "partitions", elapsed: 3.1, width: 50)
        == "███████░░░░░░░░  820 of 1,640  partitions  3.1 s")
    #expect(
      ProgressText.restore(done: 0, total: 0, phase: "settle", elapsed: 0, width: 20)
        == "0 of 0  settle  0 ms")
  }

  @Test func reading() {
    #expect(
      ProgressText.reading("verifying", records: 1200, left: 61, width: 80)
        == "verifying: 1,200 records, about 1 min 01 s left")
    #expect(
      ProgressText.reading("looking", records: 3, left: -2, width: 80) == "looking: 3 records")
  }

  @Test(arguments: 1...130) func neverWiderThanAsked(width: Int) {
    var lines = ProgressText.capture(accounts: accounts, elapsed: 1e9, width: width, height: 9)
    lines.append(
      ProgressText.restore(
        done: .max, total: 3, phase: "partitions", elapsed: .infinity, width: width))
    lines.append(ProgressText.reading("verifying", records: .max, left: 1e9, width: width))
    #expect(lines.allSatisfy { Printable.columns($0) <= width })
  }
}
