/// What a phase is about. Phases of one family share a colour.
enum PhaseFamily: String, Sendable, CaseIterable {
  case reading, safety, catalog, access, services, other

  init(phase: String) {
    self =
      switch phase {
      case "detect", "open", "look", "plan", "verify": .reading
      case "prepare", "revoke", "settle": .safety
      case "locations", "databases", "tables", "partitions", "links": .catalog
      case "services": .services
      case "tags", "assignments", "filters", "grants": .access
      default: .other
      }
  }

  var meaning: String {
    switch self {
    case .reading: "looking, planning, verifying"
    case .safety: "closing access first, defaults put back last"
    case .catalog: "locations, databases, tables, partitions, links"
    case .access: "tags, assignments, filters, grants"
    case .services: "registries, crawlers, Athena"
    case .other: "other"
    }
  }
}
