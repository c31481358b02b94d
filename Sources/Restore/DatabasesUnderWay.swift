import Capture
import MeshModel

/// Which databases are not done yet, of those in which a plan creates tables. Pure.
struct DatabasesUnderWay {
  struct Place: Hashable {
    let account: String
    let database: String
  }

  private let places: [Place?]
  private var left: [Place: Int] = [:]
  private let created: Set<Place>

  init(_ graph: ActionGraph) {
    var created: Set<Place> = []
    places = graph.nodes.map { node in
      guard let action = node.actions.first, let database = node.database else { return nil }
      // What settles the database itself needs no rights on its tables; removing one of them does.
      guard action.phase != .settle || action.key.kindName != Kind.database.name else { return nil }
      let place = Place(account: action.key.account, database: database)
      if action.step == .create, action.key.kindName == Kind.table.name { created.insert(place) }
      return place
    }
    self.created = created
    for place in places.compactMap(\.self) { left[place, default: 0] += 1 }
  }

  /// Notes that nodes have ended, well or not, or will not be started.
  /// - Returns: the databases of which none is left now.
  mutating func end(_ nodes: [Int]) -> [Place] {
    nodes.compactMap { places[$0] }.filter { place in
      left[place, default: 1] -= 1
      return left[place] == 0 && created.contains(place)
    }
  }
}
