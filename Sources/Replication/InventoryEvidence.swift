import MeshModel

/// What S3's inventory of the source offers about one product.
public struct InventoryEvidence: Sendable {
  /// Nil where no report could be read.
  public var tally: InventoryTally?
  /// What HeadObject says of the objects that the inventory made suspect, and of its youngest.
  public var check: PendingCheck?
  /// Why something was not read; nil for nothing.
  public var problem: String?

  public init(tally: InventoryTally? = nil, check: PendingCheck? = nil, problem: String? = nil) {
    self.tally = tally
    self.check = check
    self.problem = problem
  }
}

extension EvidenceJudge {
  /// The age of the oldest object that the inventory knows and the replica has not; nil where all
  /// that were asked for are there.
  func inventoryLag(_ evidence: ProductEvidence) -> Double? {
    evidence.inventory?.check?.pending.first.map { max(0, now - $0.modified) }
  }

  func add(inventory evidence: ProductEvidence, to result: inout RPOResult.Product) {
    guard let inventory = evidence.inventory else { return }
    if let problem = inventory.problem { result.evidence.append(.init("inventory", problem)) }
    guard let tally = inventory.tally else { return }
    var text = "S3 Inventory of \(Self.time(tally.created)) has \(tally.objects) objects"
    if tally.hasStatuses {
      let counts = ["PENDING", "FAILED", ""].compactMap { status -> String? in
        guard let count = tally.statuses[status] else { return nil }
        return "\(count) \(status.isEmpty ? "covered by no rule" : status)"
      }
      text += counts.isEmpty ? ", all of them replicated" : ": " + counts.joined(separator: ", ")
    } else {
      text += " and no replication statuses"
    }
    let pending = inventory.check?.pending ?? []
    text +=
      "; of \(tally.suspects.oldest.count) that were asked for, \(pending.count) are not in the replica"
    result.evidence.append(.init("inventory", text))
    guard let oldest = pending.first else { return }
    result.pendingObjects = max(result.pendingObjects ?? 0, pending.count)
    result.pendingBytes = max(result.pendingBytes ?? 0, pending.reduce(0) { $0 + $1.size })
    let since = Self.time(oldest.modified)
    if result.oldestPendingSince.map({ since < $0 }) ?? true {
      result.oldestPending = "s3://\(evidence.product.route.bucket)/\(oldest.key)"
      result.oldestPendingSince = since
    }
  }
}
