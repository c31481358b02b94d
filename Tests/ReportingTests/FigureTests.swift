import Testing

@testable import Reporting

@Suite struct FigureTests {
  @Test(
    arguments: [
      (0, "0 ms"), (0.85, "850 ms"), (0.9994, "999 ms"), (0.9996, "1 s"), (4.21, "4.2 s"),
      (59.94, "59.9 s"), (59.96, "1 min"), (192.4, "3 min 12 s"), (180, "3 min"),
      (3599.6, "1 h"), (3840, "1 h 04 min"), (7200, "2 h"), (3600 * 47.999, "48 h"),
      (86400 * 3 + 7200, "3 d 02 h"), (-4.2, "-4.2 s"), (.infinity, "unknown"), (.nan, "unknown"),
    ] as [(Double, String)])
  func durations(seconds: Double, text: String) {
    #expect(Figures.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func counts(value: Int, text: String) {
    #expect(Figures.count(value) == text)
  }

  @Test(arguments: [(999, "999 B"), (1000, "1 kB"), (999_960, "1 MB"), (1_250_000, "1.3 MB")])
  func bytes(value: Int, text: String) {
    #expect(Figures.bytes(value) == text)
  }

  @Test(
    arguments: [
      (4.2, 7200, "<1%"), (0, 10, "0%"), (9.99, 10, ">99%"), (10, 10, "100%"), (1, 0, "?"),
      (.nan, 1, "?"),
    ] as [(Double, Double, String)])
  func shares(part: Double, whole: Double, text: String) {
    #expect(Figures.percent(part, of: whole) == text)
  }

  @Test func moments() {
    #expect(Words.moment("2026-11-23T02:00:12.481Z") == "2026-11-23 02:00:12 UTC")
    #expect(Words.moment("yesterday") == "yesterday")
    #expect(Words.seconds(of: "1970-01-01T00:00:00Z") == 0)
    #expect(Words.seconds(of: "2000-03-01T00:00:00Z") == 951_868_800)
    #expect(Words.seconds(of: "2026-11-23T02:00:12.481Z") == 1_795_399_212)
    #expect(Words.seconds(of: "2026-11-23T02:00:12+01:00") == nil)
  }

  @Test func widths() {
    #expect(Printable.columns("täst") == 4)
    #expect(Printable.columns("日本") == 4)
    #expect(Printable.columns("e\u{301}") == 1)
    #expect(Printable.cut("supply-chain", to: 7) == "supply…")
    #expect(Printable.cut("日本語", to: 4) == "日…")
    #expect(Printable.clean("a\u{1B}[2Jb\r\nc") == "a\u{FFFD}[2Jb c")
  }
}
