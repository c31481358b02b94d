import AWSAccess
import MeshModel
import Replication
import SnapshotStore

/// Gathers the evidence about one product. What can't be had is said, not thrown.
struct ProductMeasurement: Sendable {
  let measurement: RPOMeasurement
  let product: DataProduct
  let source: BucketFacts?
  let replica: BucketFacts?
  /// Of all products.
  let inventories: InventoryReports

  private var mesh: String { measurement.mesh.primary }

  /// - Returns: beside the evidence, what could not be removed.
  /// - Throws: `CancellationError`.
  func evidence() async throws -> (ProductEvidence, [String]) {
    var evidence = ProductEvidence(product)
    evidence.sourceLost = measurement.primaryLost
    let earlier = measurement.earlier.compactMap { run in
      run.product(product).map { (run: run, product: $0) }
    }
    evidence.trend = earlier.map {
      .init(started: $0.run.started, lagSeconds: $0.product.lagSeconds)
    }
    evidence.earlier =
      earlier.lazy.compactMap { found in
        guard found.product.lagSeconds != nil, let time = UTCTime(found.run.started) else {
          return nil
        }
        return (found.product, Double(time.milliseconds) / 1000)
      }.first
    guard product.route.source != .inRegion, let name = product.route.replica else {
      return (evidence, [])
    }
    let there = try await site(
      name, replica?.account, replica?.region ?? measurement.secondary, "the replica", &evidence)
    guard !measurement.primaryLost else {
      evidence.listingProblems.append("\(mesh) does not answer: the source can't be listed")
      if let there { evidence.replicaOnly = try await looked(at: there, &evidence) }
      return (evidence, [])
    }
    let here = try await site(
      product.route.bucket, source?.account ?? product.accounts.first,
      source?.region ?? mesh, "the source", &evidence
    )
    guard let here else {
      if let there { evidence.replicaOnly = try await looked(at: there, &evidence) }
      return (evidence, [])
    }
    try await compare(here, there, &evidence)
    guard measurement.options.canary, let there else { return (evidence, []) }
    return try await fly(here, there, evidence)
  }

  private func site(
    _ bucket: String, _ account: String?, _ region: String, _ what: String,
    _ evidence: inout ProductEvidence
  ) async throws -> BucketSite? {
    guard let account else {
      evidence.listingProblems.append("whose bucket \(what) is, is not known")
      return nil
    }
    do {
      return BucketSite(try await measurement.clients.client(account, region), bucket: bucket)
    } catch let failure as AWSFailure {
      evidence.listingProblems.append("\(what)'s account \(account) can't be entered: \(failure)")
      return nil
    }
  }

  private func compare(
    _ here: BucketSite, _ there: BucketSite?, _ evidence: inout ProductEvidence
  ) async throws {
    do {
      if let there {
        let tally = try await ProductComparison(
          source: here, replica: there, depth: measurement.options.deep ? .whole : .sample,
          concurrency: measurement.options.concurrency,
          namesExtra: measurement.options.asksExtra
        ).tally(of: product)
        evidence.tally = tally
        if measurement.options.asksExtra { evidence.extra = try await there.extra(tally) }
        evidence.check = try await here.check(tally, against: there)
        if !tally.isWhole {
          evidence.inventory = try await inventory(here, there)
        }
      } else {
        // Without the replica only the source's own word is left.
        evidence.check = try await here.check(
          try await here.youngest(of: product, pages: 1), against: nil)
      }
    } catch let failure as ListingFailure {
      let side = failure.isSource ? "the source" : "the replica"
      evidence.listingProblems.append("\(side) can't be listed: \(failure.failure)")
      if !failure.isSource, let tally = try? await here.youngest(of: product, pages: 1) {
        evidence.check = try await here.check(tally, against: nil)
      } else if failure.isSource, let there {
        evidence.replicaOnly = try await looked(at: there, &evidence)
      }
    } catch let failure as AWSFailure {
      evidence.listingProblems.append("the source can't be listed: \(failure)")
    }
  }

  private func inventory(
    _ here: BucketSite, _ there: BucketSite
  ) async throws -> InventoryEvidence? {
    let account = source?.account ?? product.accounts.first
    let region = source?.region ?? mesh
    return try await InventoryAsker(source: here, replica: there, reports: inventories) { owner in
      guard let owner = owner ?? account else { return nil }
      return try await measurement.clients.client(owner, region)
    }.evidence(of: product)
  }

  private func looked(
    at there: BucketSite, _ evidence: inout ProductEvidence
  ) async throws -> ListingTally? {
    do {
      return try await there.look(at: product, pages: measurement.options.deep ? 10_000 : 10)
    } catch let failure as AWSFailure {
      evidence.listingProblems.append("the replica can't be listed: \(failure)")
      return nil
    }
  }

  private func fly(
    _ here: BucketSite, _ there: BucketSite, _ evidence: ProductEvidence
  ) async throws -> (ProductEvidence, [String]) {
    let surroundings = measurement.context.surroundings
    let canary = Canary(
      source: here, replica: there, prefix: product.route.rule?.prefix ?? product.route.prefix,
      name: "\(UInt64(measurement.context.now))-\(String(surroundings.random(), radix: 16))",
      pause: { try await Task.sleep(for: .seconds($0)) }, seconds: surroundings.clock.seconds)
    let (outcome, left) = try await canary.fly(
      timeout: measurement.objective, shouldStop: surroundings.shouldStop)
    var evidence = evidence
    evidence.canary = outcome
    return (evidence, left)
  }
}

extension RPOResult {
  /// What this run found of a product.
  fileprivate func product(_ product: DataProduct) -> RPOResult.Product? {
    products.first { $0.location == product.location && $0.replica == product.replica }
  }
}
