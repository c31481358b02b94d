/// What lies on the timeline of a Hudi table.
struct HudiTimeline {
  struct Instant {
    let name: String
    let action: String
    let object: ListedObject

    var point: StatePoint { StatePoint(name: name, time: object.modified) }
    /// When it was begun.
    var requested: String { String(name.prefix { $0 != "_" }) }
    /// When it was completed; before table version 8 only its beginning is known.
    var completed: String { name.split(separator: "_").last.map(String.init) ?? name }
  }

  /// Completed instants that are not archived, in the order of their completion as far as their names tell
  /// it.
  private(set) var instants: [Instant] = []
  private(set) var hasProperties = false
  /// Whether versions before 8 have archived any.
  private(set) var isArchivedInLogs = false
  /// Names of what version 8 has archived.
  private(set) var history: [String] = []

  /// - Parameter listed: what lies below `.hoodie/`; of table version 8 on, instants lie in
  ///   `timeline/`.
  init(_ listed: [ListedObject], root: String) {
    let prefix = "\(root)/.hoodie/"
    for object in listed where object.location.hasPrefix(prefix) {
      let parts = object.location.dropFirst(prefix.count).split(separator: "/")
      if parts == ["hoodie.properties"] { hasProperties = true }
      if parts.count > 1, parts[0] == "archived" { isArchivedInLogs = true }
      if parts.count == 3, parts.starts(with: ["timeline", "history"]) {
        history.append(String(parts[2]))
      }
      guard parts.count == 1 || (parts.count == 2 && parts[0] == "timeline") else { continue }
      let name = parts[parts.count - 1].split(separator: ".")
      guard name.count == 2, isInstant(name[0]) else { continue }
      instants.append(Instant(name: String(name[0]), action: String(name[1]), object: object))
    }
    instants.sort { $0.completed < $1.completed }
  }

  /// `20260131120000123`, or with the time of completion `20260131120000123_20260131120001456`.
  private func isInstant(_ name: Substring) -> Bool {
    let times = name.split(separator: "_", omittingEmptySubsequences: false)
    return (1...2).contains(times.count)
      && times.allSatisfy { $0.count >= 14 && $0.allSatisfy { $0.isASCII && $0.isNumber } }
  }
}
