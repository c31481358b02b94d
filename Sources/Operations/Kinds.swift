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
/// - Parameters:
///   - capture: what the mesh file asks for beyond what is always captured.
///   - activating: whether what acts by itself is put back at work.
func allKinds(_ capture: MeshFile.Capture, activating: Bool = false) -> [any CapturedKind] {
  catalogKinds(
    partitionStatistics: capture.partitionStatistics, tableVersions: capture.tableVersions,
    activating: activating)
    + grantKinds + makeServiceKinds(activating: activating) + replicationKinds
}

/// Every kind that is always captured.
let knownKinds: [Kind] = allKinds(.none).map(\.kind)
