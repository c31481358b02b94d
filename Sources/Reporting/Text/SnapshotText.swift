/// Tells people about snapshots on a terminal.
public struct SnapshotText: Sendable {
  /// One snapshot in a list.
  public struct Row: Sendable, Hashable {
    let id: String
    let region: String
    let recoveryPoint: String
    let complete: Bool
    let records: Int
    let bytes: Int
    let damage: String?
    let hold: String?

    /// - Parameters:
    ///   - damage: what is wrong with its manifest; nil if nothing is.
    ///   - hold: since when it is on hold and why; nil if it is not.
    public init(
      id: String, region: String, recoveryPoint: String, complete: Bool, records: Int, bytes: Int,
      damage: String? = nil, hold: String? = nil
    ) {
      self.id = id
      self.region = region
      self.recoveryPoint = recoveryPoint
      self.complete = complete
      self.records = records
      self.bytes = bytes
      self.damage = damage
      self.hold = hold
    }
  }

  let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// The snapshots of a store, in the order given. What is damaged or on hold is said below the table,
  /// and what is gone.
  /// - Parameter lost: ids of snapshots that are gone, with what is to be said of them.
  public func list(_ rows: [Row], lost: [(id: String, fate: String)] = []) -> String {
    var page = TextPage(style)
    if rows.isEmpty {
      page.add("no snapshots")
    } else {
      addTable(rows, to: &page)
    }
    if !lost.isEmpty { page.gap() }
    for (id, fate) in lost { page.add(Ink(id), Ink(" \(fate)")) }
    return page.text
  }

  private func addTable(_ rows: [Row], to page: inout TextPage) {
    if let region = rows.first?.region, rows.allSatisfy({ $0.region == region }) {
      page.add(Ink("Snapshots of \(region)", .strong))
    }
    table(rows).add(to: &page, indent: 0)
    let damaged = rows.compactMap { row in row.damage.map { (row.id, $0) } }
    let held = rows.compactMap { row in row.hold.map { (row.id, $0) } }
    if !(damaged + held).isEmpty { page.gap() }
    for (id, damage) in damaged { page.add(Ink("! ", .bad), Ink(id), Ink(": \(damage)")) }
    for (id, hold) in held { page.add(Ink(id), Ink(" \(hold)")) }
  }

  /// The region has a column only where it is not the same everywhere.
  private func table(_ rows: [Row]) -> TextTable {
    let isOneRegion = Set(rows.map(\.region)).count == 1
    var table = TextTable(
      columns: [
        .init(title: "snapshot"), .init(title: "recovery point UTC"),
        .init(title: "records", right: true), .init(title: "size", right: true), .init(title: ""),
      ] + (isOneRegion ? [] : [.init(title: "region")]))
    for row in rows {
      let moment = Words.moment(row.recoveryPoint)
      table.rows.append(
        [
          Ink(row.id, .strong), Ink(moment.hasSuffix(" UTC") ? String(moment.dropLast(4)) : moment),
          Ink(Figures.count(row.records)), Ink(Figures.bytes(row.bytes)), row.state,
        ] + (isOneRegion ? [] : [Ink(row.region)]))
    }
    return table
  }

  /// The keys of one kind, one a line and never wrapped: they are there to be copied.
  public func keys(_ keys: [String]) -> String {
    keys.map(Printable.clean).joined(separator: "\n")
  }
}

extension SnapshotText.Row {
  fileprivate var state: Ink {
    if damage != nil { return Ink("DAMAGED", .bad) }
    if hold != nil {
      return complete ? Ink("held", .good) : Ink("incomplete, held", .warning)
    }
    return complete ? Ink("complete", .good) : Ink("incomplete", .warning)
  }
}
