import CanonicalJSON
import MeshModel

/// The catalog of a region as it was before some runs: what they changed, removed and created is
/// taken back, and everything else stays as it is now.
public struct Undoing: Derivation {
  public let startsFromRegion = true
  private let former: FormerState

  public init(_ former: FormerState) {
    self.former = former
  }

  public func derived(
    _ record: Record, of kind: any ResourceKind, by mapper: Mapper
  ) throws -> Record? {
    guard !former.ownAccess.contains(record.key), !former.created.contains(record.key) else {
      return nil
    }
    guard let changes = former.changed[record.key] else { return record }
    var kept: [String] = []
    let body = try record.value().undoing(changes, kept: &kept)
    for path in kept.sorted() {
      mapper.remark(
        "\(path) of \(kind.kind.name) \(record.key.name) has changed since in "
          + "\(record.key.account): it stays as it is")
    }
    return Record(key: record.key, value: body)
  }

  public func additional(_ kind: Kind) -> [Record] {
    former.removed.filter { $0.key.service == kind.service && $0.key.kindName == kind.name }
      .map { Record(key: $0.key, value: $0.value) }
  }
}
