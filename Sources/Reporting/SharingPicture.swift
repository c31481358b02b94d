/// Who shares what with whom, as reports show it.
public struct SharingPicture: Sendable {
  /// What one account shares with one user.
  public struct Edge: Sendable, Hashable {
    let owner: String
    let user: String
    let resources: [String]
    let links: [String]

    public init(owner: String, user: String, resources: [String], links: [String]) {
      self.owner = owner
      self.user = user
      self.resources = resources
      self.links = links
    }
  }

  let edges: [Edge]
  /// Everyone, owners before their users; circles stand together.
  let order: [[String]]
  /// Account names by id.
  let names: [String: String]

  public init(_ edges: [Edge], order: [[String]], accounts names: [String: String]) {
    self.edges = edges
    self.order = order
    self.names = names
  }
}
