import AWSAccess
import MeshModel

/// Takes from the newest inventory that S3 has made of a product's bucket what it says of the product, and
/// asks for what it makes suspect. CSV and Parquet are read; of ORC the manifest alone.
public struct InventoryAsker: Sendable {
  private let source: BucketSite
  private let replica: BucketSite
  private let reports: InventoryReports
  private let clients: InventoryReports.Clients

  /// - Parameter reports: those of the run, which all products share.
  public init(
    source: BucketSite, replica: BucketSite, reports: InventoryReports,
    clients: @escaping InventoryReports.Clients
  ) {
    self.source = source
    self.replica = replica
    self.reports = reports
    self.clients = clients
  }

  /// Nil where the bucket has no inventory of what is looked at.
  /// - Throws: `CancellationError`. What else goes wrong is a problem in the evidence.
  public func evidence(of product: DataProduct) async throws -> InventoryEvidence? {
    do {
      let covering = try await reports.entries(source, clients)
        .filter { $0.configuration.covers(product.scopes) }
      guard !covering.isEmpty else { return nil }
      var best: InventoryEntry?
      for entry in covering where entry.goes(before: best) { best = entry }
      guard let best, let manifest = best.manifest else {
        return InventoryEvidence(problem: covering.lazy.compactMap(\.problem).first)
      }
      return try await evidence(of: product, best, manifest)
    } catch let error as CancellationError {
      throw error
    } catch {
      return InventoryEvidence(problem: "S3 Inventory can't be read: \(error)")
    }
  }

  private func evidence(
    of product: DataProduct, _ entry: InventoryEntry, _ manifest: InventoryManifest
  ) async throws -> InventoryEvidence {
    let time = UTCText.text(manifest.created)
    guard manifest.isRead else {
      return InventoryEvidence(
        problem: "the newest inventory, of \(time), has \(manifest.files.count) files of "
          + "\(manifest.format), which are not read: configure one in Parquet or CSV")
    }
    let tally: InventoryTally?
    do {
      tally = try await reports.tally(entry, of: product)
    } catch let error as CancellationError {
      throw error
    } catch {
      return InventoryEvidence(problem: "the inventory of \(time) can't be read: \(error)")
    }
    guard let tally else { return InventoryEvidence(problem: "the inventory of \(time) is none") }
    return InventoryEvidence(
      tally: tally, check: try await source.check(tally.suspects, against: replica))
  }
}

extension InventoryConfiguration {
  /// Whether it tells of all keys that begin so.
  func covers(_ scopes: [String]) -> Bool {
    scopes.allSatisfy { $0.utf8.starts(with: prefix.utf8) }
  }
}
