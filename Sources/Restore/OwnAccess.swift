import CanonicalJSON
import Capture
import CatalogSnapshot
import GrantSnapshot
import MeshModel

extension PlanBuilder {
  /// Grants the restorer what it needs on things that are there already and are to be changed.
  /// - Returns: the grants' bodies, which no snapshot has.
  mutating func takeOwnAccess(_ restorers: [String: String]) -> [RecordKey: JSON] {
    var touched: Set<RecordKey> = []
    var creating: Set<String> = []
    for action in plan.actions {
      let path = action.key.path
      switch Kind(action.key.service, action.key.kindName) {
      case .userDefinedFunction, .databaseTags:
        touched.insert(.database(of: action.key))
      case .database, .table, .partition, .partitionIndex, .columnStatistics, .partitionStatistics,
        .tableOptimizer:
        touched.insert(
          RecordKey(account: action.key.account, kind: .database, path: Array(path.prefix(1))))
        touched.insert(.table(of: action.key))
        creating.insert(action.key.account)
      default: continue
      }
    }
    var bodies: [RecordKey: JSON] = [:]
    for key in live.keys.sorted() {
      guard let principal = restorers[key.account],
        let (resource, permissions) = needed(on: key, touched, creating),
        let grant = GrantKind().ownGrant(
          to: principal, on: resource, permissions, in: key.account),
        !live.holds(grant.key)
      else { continue }
      bodies[grant.key] = try? grant.value()
      append([
        Action(
          .create, grant.key, phase: .revoke, reason: "to work with; given back at the end",
          isOwnAccess: true)
      ])
    }
    return bodies
  }

  private func needed(
    on key: RecordKey, _ touched: Set<RecordKey>, _ creating: Set<String>
  ) -> (JSON, [String])? {
    let names = key.path.map(JSON.string)
    switch Kind(key.service, key.kindName) {
    case .location where creating.contains(key.account):
      return (["DataLocation": ["ResourceArn": names[0]]], ["DATA_LOCATION_ACCESS"])
    case .database where touched.contains(key):
      return (["Database": ["Name": names[0]]], ["ALTER", "CREATE_TABLE", "DROP"])
    case .table where touched.contains(key):
      let table: JSON = ["DatabaseName": names[0], "Name": names[1]]
      return (["Table": table], ["ALTER", "DELETE", "DROP", "INSERT"])
    default:
      return nil
    }
  }
}

extension RestoreRun {
  /// What the restorer is granted while a plan is carried out, and gives back at the end: by the plan
  /// itself, and with each location that is registered.
  func ownAccess(in plan: Plan) -> [RecordKey] {
    plan.actions.compactMap { action in
      if action.isOwnAccess { return action.key }
      guard action.step == .create, action.key.kindName == Kind.location.name,
        let principal = job.mapping.restorers[action.key.account],
        let location = action.key.path.first
      else { return nil }
      return GrantKind().ownGrant(
        to: principal, on: ["DataLocation": ["ResourceArn": .string(location)]],
        ["DATA_LOCATION_ACCESS"], in: action.key.account)?.key
    }
  }
}
