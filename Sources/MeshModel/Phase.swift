/// The stretches of a restore, in the order in which their first actions can start. They are what
/// the clock reports; what really waits for what is told by `Requirement`s.
public enum Phase: String, Sendable, Hashable, CaseIterable {
  /// Default permissions emptied, administrators set, the restorer among them.
  case prepare
  /// Access that the snapshot does not hold is taken away.
  case revoke
  case locations
  case tags
  case databases
  case tables
  case assignments
  case partitions
  case filters
  case grants
  case links
  /// What stands beside the catalog: schema registries, crawlers, Athena.
  case services
  /// Defaults as the snapshot has them, and the restorer's own grants taken back.
  case settle
}
