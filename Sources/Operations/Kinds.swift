import CatalogSnapshot
import Capture
import GrantSnapshot
import Replication
import ServiceSnapshot

/// Every kind that is captured, in the order in which a plan compares them: what others lie on
/// comes before them.
public let allKinds: [any CapturedKind] =
  catalogKinds + grantKinds + serviceKinds + replicationKinds
