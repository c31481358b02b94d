import CanonicalJSON
import MeshModel
import Reporting
import SnapshotStore

/// What a snapshot came to, or what one holds: the same document for both.
struct SnapshotReport {
  private let manifest: Manifest
  /// Nil where the snapshot was not just written.
  private let packs: SnapshotWriter.Packs?
  private let seconds: Double

  init(_ manifest: Manifest, packs: SnapshotWriter.Packs? = nil, seconds: Double? = nil) {
    self.manifest = manifest
    self.packs = packs
    let details = manifest.details
    self.seconds =
      seconds
      ?? Double(details.finished.milliseconds - details.recoveryPoint.milliseconds) / 1000
  }

  var json: JSON {
    let details = manifest.details
    var document: JSON = [
      "snapshot": .string(manifest.id), "region": .string(details.region),
      "mesh": .string(details.mesh), "complete": .bool(manifest.complete),
      "recoveryPoint": .string(details.recoveryPoint.description), "seconds": JSON(seconds),
      "records": JSON(manifest.records),
      "counts": .object(manifest.counts.mapValues { JSON($0) }),
      "accounts": .array(details.accounts.map(\.json)), "warnings": JSON(details.warnings),
    ]
    document["rpo"] = details.rpo ?? .null
    document["packs"] = [
      "written": JSON(packs?.written ?? 0), "reused": JSON(packs?.reused ?? manifest.packs.count),
      "bytes": JSON(packs?.bytes ?? manifest.bytes),
    ]
    return document
  }

  func text(_ style: TextStyle) -> String { SnapshotText(style: style).summary(summary) }

  var summary: SnapshotText.Summary {
    let details = manifest.details
    var summary = SnapshotText.Summary(
      id: manifest.id, region: details.region, recoveryPoint: details.recoveryPoint.description,
      seconds: seconds)
    summary.counts = manifest.counts
    let counts = ManifestPack.recordCounts(manifest.packs)
    summary.accounts = details.accounts.map { account in
      .init(
        id: account.id, name: account.name,
        records: counts.filter { $0.key.account == account.id }.values.reduce(0, +),
        complete: account.complete, errors: account.shownErrors)
    }
    summary.packs = packs.map {
      .init(written: $0.written, reused: $0.reused, bytes: $0.bytes)
    }
    summary.warnings = details.warnings
    summary.rpo = manifest.rpo
    return summary
  }
}

extension CapturedAccount {
  /// A few errors of each sort, and how many more there are: all are in the JSON.
  fileprivate var shownErrors: [String] {
    let most = 3
    var counts: [[String?]: Int] = [:]
    var shown: [String] = []
    for error in errors {
      counts[[error.operation, error.code], default: 0] += 1
      guard counts[[error.operation, error.code], default: 0] <= most else { continue }
      shown.append("\(error.code): \(error.message)")
    }
    let rest = counts.filter { $0.value > most }.map { sort, count in
      "\(sort.compactMap(\.self).joined(separator: ": ")): \(count - most) more"
    }
    return shown + rest.sorted()
  }

  var json: JSON {
    let errors = errors.map { error -> JSON in
      [
        "operation": error.operation.map(JSON.string) ?? .null, "code": .string(error.code),
        "message": .string(error.message),
      ]
    }
    return [
      "id": .string(id), "name": .string(name), "complete": .bool(complete),
      "errors": .array(errors), "moving": moving.map { JSON($0.map(\.text)) } ?? .null,
    ]
  }
}

extension MeshContext {
  /// How text is laid out for whoever reads it.
  var style: TextStyle {
    let colour = surroundings.isTerminal && (surroundings.environment["NO_COLOR"] ?? "").isEmpty
    return TextStyle(color: colour, width: surroundings.width)
  }
}

/// One kind in one account.
struct AccountKind: Hashable, Comparable {
  let account: String
  let kind: String

  static func < (left: AccountKind, right: AccountKind) -> Bool {
    (left.account, left.kind) < (right.account, right.kind)
  }
}

extension ManifestPack {
  /// How many records of each kind each account has.
  static func recordCounts(_ packs: [ManifestPack]) -> [AccountKind: Int] {
    var counts: [AccountKind: Int] = [:]
    for pack in packs {
      for member in pack.members {
        let place = AccountKind(account: pack.group.account, kind: member.kind.name)
        counts[place, default: 0] += member.records
      }
    }
    return counts
  }
}
