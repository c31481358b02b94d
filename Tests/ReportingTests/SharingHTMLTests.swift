import MeshModel
import TestSupport
import Testing

@testable import Reporting

/// The picture of sharing in the report.
@Suite struct SharingHTMLTests {
  static let names = ["1": "governance", "2": "sales", "3": "marketing"]

  static func edge(_ owner: String, _ user: String, _ resources: [String] = ["database d"])
    -> SharingPicture.Edge
  {
    SharingPicture.Edge(owner: owner, user: user, resources: resources, links: ["d → d"])
  }

  func page(_ edges: [SharingPicture.Edge], order: [[String]]) -> String {
    RestoreHTML.page(
      Samples.restored(), sharing: SharingPicture(edges, order: order, accounts: Self.names))
  }

  private func arcs(_ page: String) -> Int { page.split(separator: #"class="arc""#).count - 1 }

  @Test func sharing() throws {
    let edges = [Self.edge("1", "2"), Self.edge("1", "3"), Self.edge("3", "2", ["table d.t"])]
    let picture = SharingPicture(edges, order: [["1"], ["3"], ["2"]], accounts: Self.names)
    try expectGolden(SharingSection(picture).html.source, "sharing.html")
  }

  @Test func bothPicturesHaveEveryArc() {
    let page = page([Self.edge("1", "2"), Self.edge("1", "3")], order: [["1"], ["2"], ["3"]])
    #expect(arcs(page) == 4)
    #expect(page.contains(#"class="gantt sharing wide""#))
    #expect(page.contains(#"class="gantt sharing narrow""#))
  }

  @Test func aCircleIsNamed() {
    let page = page([Self.edge("1", "2"), Self.edge("2", "1")], order: [["1", "2"], ["3"]])
    #expect(page.contains(#"class="up""#))
    #expect(page.contains("1 governance, 2 sales share in a circle."))
  }

  @Test func namesAreEscaped() {
    let page = page([Self.edge("1", "<i>", ["</svg><script>"])], order: [["1"], ["<i>"]])
    #expect(!page.contains("<i>"))
    #expect(!page.contains("<script"))
  }

  @Test func withoutASnapshotThereIsNoPicture() {
    #expect(!RestoreHTML.page(Samples.restored()).contains(#"class="arc""#))
  }

  @Test func ofVeryManyThePictureShowsSome() {
    let nodes = (0..<80).map(String.init)
    let edges = nodes.dropFirst().map { Self.edge("0", $0) }
    let page = page(edges, order: nodes.map { [$0] })
    #expect(page.contains("20 more are in the table only."))
    #expect(arcs(page) == 2 * 59)
  }
}
