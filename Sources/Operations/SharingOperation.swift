import Access
import CanonicalJSON
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr show SNAPSHOT sharing`: who shares what with whom.
public struct SharingOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// Prints the graph as a tree, or as JSON.
  public func show(_ reference: String) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    let graph = try await SharingGraph(in: archive.reader(manifest))
    switch context.options.output {
    case .json: context.output(graph.json(manifest))
    case .text:
      let text = SharingText(
        graph.picture(manifest), style: context.style, verbose: context.options.verbose)
      context.surroundings.output(text.text)
    }
    return .done
  }
}

extension SharingGraph {
  /// The graph of a snapshot.
  /// - Throws: `ArchiveError`, and `JSONError` where a record can't be read.
  init(in reader: SnapshotReader) async throws {
    self.init()
    for kind in reader.manifest.kinds where Self.needs(kind) {
      let records = try await reader.records(kind: kind)
      while let record = try records.next() { try add(record) }
    }
  }

  /// The same, as reports draw it.
  func picture(_ manifest: Manifest) -> SharingPicture {
    let edges = edges.map { edge in
      SharingPicture.Edge(
        owner: edge.owner, user: edge.user,
        resources: edge.grants.sorted().map {
          $0.principal == edge.user ? $0.resource : "\($0.resource) to \($0.principal)"
        } + edge.madeByHand.sorted().map { "by hand, \($0)" }
          + edge.policies.sorted().map { "by the catalog's policy, \($0)" },
        links: edge.links.sorted())
    }
    return SharingPicture(edges, order: order, accounts: manifest.accountNames)
  }

  fileprivate func json(_ manifest: Manifest) -> JSON {
    [
      "snapshot": .string(manifest.id),
      "accounts": .array(
        nodes.map {
          ["id": .string($0), "name": manifest.accountNames[$0].map(JSON.string) ?? .null]
        }),
      "edges": .array(
        edges.map { edge in
          [
            "owner": .string(edge.owner), "user": .string(edge.user),
            "grants": .array(
              edge.grants.sorted().map {
                ["resource": .string($0.resource), "principal": .string($0.principal)]
              }), "links": JSON(edge.links.sorted()), "shares": JSON(edge.shares.sorted()),
            "madeByHand": JSON(edge.madeByHand.sorted()), "policies": JSON(edge.policies.sorted()),
          ]
        }), "order": .array(order.map { JSON($0) }), "cycles": .array(cycles.map { JSON($0) }),
    ]
  }
}
