import MeshModel
import Testing

@testable import Reporting

@Suite struct GanttTests {
  private static let sizes = [GanttLayout.Size.wide, .narrow]
  private static let paces = [1e-4, 0.01, 0.37, 1, 3, 7.7, 61, 240, 1800, 2400, 1e5, 1e7]

  private func layouts(_ pace: Double) -> [GanttLayout] {
    [Samples.restored(pace: pace), Samples.failed(), Samples.hostile()].flatMap { result in
      Self.sizes.map { GanttLayout(result, size: $0) }
    }
  }

  @Test(arguments: paces) func labelsOfTheAxisStandApart(pace: Double) {
    for layout in layouts(pace) {
      let ticks = layout.ticks
      #expect(ticks.count >= 2)
      for (left, right) in zip(ticks, ticks.dropFirst()) {
        let room = (layout.size.textWidth(left.label) + layout.size.textWidth(right.label)) / 2
        #expect(right.x - left.x > room, "\(left.label) and \(right.label)")
      }
      let last = ticks.last.map { $0.x + layout.size.textWidth($0.label) / 2 } ?? 0
      #expect(last <= layout.size.width)
    }
  }

  @Test(arguments: paces) func barsStayInsideAndApart(pace: Double) {
    for layout in layouts(pace) {
      for row in layout.phases + layout.accounts {
        for bar in row.bars {
          #expect(bar.width >= 2)
          #expect(bar.x >= layout.size.left)
          #expect(bar.x + bar.width <= layout.size.left + layout.size.plot + 0.01)
        }
        for (index, bar) in row.bars.enumerated() where bar.lane < GanttLayout.lane.most - 1 {
          let later = row.bars.dropFirst(index + 1).filter { $0.lane == bar.lane }
          #expect(later.allSatisfy { $0.x >= bar.x + bar.width || $0.x + $0.width <= bar.x })
        }
      }
    }
  }

  @Test(arguments: paces) func labelsFitTheirGutters(pace: Double) {
    for layout in layouts(pace) {
      for row in layout.phases + layout.accounts {
        #expect(layout.size.textWidth(row.label) <= layout.size.left)
        #expect(layout.size.textWidth(row.detail) <= layout.size.left)
        #expect(layout.size.textWidth(row.note) <= layout.size.right)
      }
    }
  }

  @Test func rowsFollowOneAnother() {
    for layout in layouts(1) {
      let rows = layout.phases + layout.accounts
      for (upper, lower) in zip(rows, rows.dropFirst()) {
        #expect(lower.y >= upper.y + upper.height)
      }
      #expect(layout.height >= (rows.last.map { $0.y + $0.height } ?? 0))
    }
  }

  @Test func anAccountInWhichNothingWasDoneIsShown() {
    let layout = GanttLayout(Samples.failed(), size: .wide)
    let marketing = layout.accounts.first { $0.label == "marketing" }
    #expect(marketing?.bars.isEmpty == true)
    #expect(layout.accounts.count == 7)
  }
}
