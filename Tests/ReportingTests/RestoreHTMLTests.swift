import MeshModel
import TestSupport
import Testing

@testable import Reporting

@Suite struct RestoreHTMLTests {
  @Test func manual() throws {
    try expectGolden(RestoreHTML.page(Samples.leftForAPerson()), "manual.html")
  }

  @Test func restored() throws {
    try expectGolden(RestoreHTML.page(Samples.restored()), "restored.html")
  }

  @Test func failed() throws {
    try expectGolden(RestoreHTML.page(Samples.failed()), "failed.html")
  }

  @Test func interrupted() throws {
    try expectGolden(RestoreHTML.page(Samples.interrupted()), "interrupted.html")
  }

  private static let all: [String: @Sendable () -> RestoreResult] = [
    "restored": { Samples.restored() }, "failed": Samples.failed,
    "interrupted": Samples.interrupted, "widened": Samples.widened,
    "repeated": Samples.repeated, "hostile": Samples.hostile,
    "late": { Samples.restored(pace: 2400) }, "drilled": Samples.drilled,
    "drilledBadly": Samples.drilledBadly, "failedBack": Samples.failedBack,
    "fallenBehind": Samples.fallenBehind,
  ]

  private func page(of name: String) throws -> String {
    let sample = try #require(Self.all[name])
    return RestoreHTML.page(sample())
  }

  /// The page asks nobody for anything, and runs nothing.
  @Test(arguments: all.keys.sorted()) func standsAlone(name: String) throws {
    let page = try page(of: name).lowercased()
    for forbidden in ["<script", "<link", "<img", "http://", "https://", "url(", "@import"] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
  }

  /// Every element that is opened is closed, also around text that tries to close it.
  @Test(arguments: all.keys.sorted()) func elementsAreClosed(sample: String) throws {
    let void: Set = ["meta", "br", "wbr", "!doctype"]
    var open: [Substring] = []
    for piece in try page(of: sample).split(separator: "<") {
      let tag = piece.prefix { $0 != ">" }
      let name = tag.prefix { !" \n/".contains($0) }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else if !tag.hasSuffix("/"), !void.contains(name.lowercased()) {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func textIsEscaped() {
    let text = "<b title='\"'>&\u{1B}\u{202E}\n"
    let html: HTML = "<p>\(text)</p>"
    #expect(
      html.source == "<p>&lt;b title=&#39;&quot;&#39;&gt;&amp;\u{FFFD}\u{FFFD} </p>")
    #expect(HTML.breakable("NotFound: a b").source == "Not<wbr>Found: a b")
    #expect(HTML.code("a/<b").source == "<code>a/<wbr>&lt;b</code>")
  }

  @Test func whatWasNotVerifiedIsNotClaimed() {
    var result = Samples.restored()
    #expect(RestoreHTML.page(result).contains("Nobody gained access"))
    result.verified = nil
    let page = RestoreHTML.page(result)
    #expect(!page.contains("Nobody gained access"))
    #expect(page.contains("Restored, not verified"))
    #expect(page.contains("meshdr verify \(Samples.snapshot) --region eu-west-1"))
  }

  @Test func aPlanSaysThatItIsOne() {
    var result = Samples.restored()
    result.run = ""
    result.verified = nil
    let page = RestoreHTML.page(result)
    #expect(page.contains("A plan: nothing was changed"))
    #expect(!page.contains("Restored"))
  }
}
