import CatalogSnapshot
import Capture
import GrantSnapshot
import MeshFile
import MeshModel
import Replication
import ServiceSnapshot

/// Every kind that is captured, in the order in which a plan compares them: what others lie on
/// comes before them.
///
/// - Parameter capture: what the mesh file asks for beyond what is always captured.
func allKinds(_ capture: MeshFile.Capture) -> [any CapturedKind] {
  catalogKinds(
    partitionStatistics: capture.partitionStatistics, tableVersions: capture.tableVersions)
    + grantKinds + serviceKinds + replicationKinds
}

/// Every kind that is always captured.
let knownKinds: [Kind] = allKinds(.none).map(\.kind)
