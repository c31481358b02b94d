import CanonicalJSON
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr list` and `show`: what is in the store.
public struct InspectOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// All snapshots, newest first. A damaged one is listed as such, and so is a loss that somebody took
  /// note of.
  public func list() async throws -> ExitCode {
    let archive = try context.archive()
    let snapshots = try await archive.snapshots()
    let losses = try await archive.acknowledgedLosses()
    switch context.options.output {
    case .json:
      let rows = snapshots.map { snapshot -> JSON in
        [
          "snapshot": .string(snapshot.id), "region": .string(snapshot.region),
          "recoveryPoint": .string(snapshot.recoveryPoint.description),
          "complete": .bool(snapshot.complete), "records": JSON(snapshot.records),
          "bytes": JSON(snapshot.bytes),
          "damage": snapshot.damage.map { .string($0.description) } ?? .null,
          "hold": snapshot.hold?.json ?? .null,
        ]
      }
      let document: JSON = [
        "snapshots": .array(rows), "acknowledged": .array(losses.map(\.json)),
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(
        SnapshotText(style: context.style).list(
          snapshots.map(\.row), lost: losses.map { ($0.snapshot, $0.fate) }))
    }
    return snapshots.contains { $0.damage != nil } ? .damagedArchive : .done
  }

  /// What a snapshot holds: its kinds, the keys of one kind, or one record.
  public func show(_ reference: String, kind: String?, key: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    guard let kind else {
      let report = SnapshotReport(manifest)
      let text =
        context.options.output == .json
        ? report.json.canonicalText : report.text(context.style)
      context.surroundings.output(text)
      return .done
    }
    guard
      let known = (manifest.kinds + knownKinds).first(where: {
        $0.name == kind
      })
    else {
      let names = manifest.kinds.map(\.name).joined(separator: ", ")
      throw CommandFailure(.usage, "the snapshot has no \(kind); it has \(names)")
    }
    let reader = archive.reader(manifest)
    if let key { return try await showRecord(known, key, reader) }
    return try await showKeys(known, reader)
  }

  /// The keys of one kind: those that `--account` and `--only` select.
  private func showKeys(_ kind: Kind, _ reader: SnapshotReader) async throws -> ExitCode {
    let accounts = try context.selected(
      reader.manifest.details.accounts.map(\.account), of: "the snapshot")
    let selected = Set(accounts.map(\.id))
    let only = context.options.only
    let records = try await reader.records(kind: kind, only: only)
    var keys: [String] = []
    while let record = try records.next() {
      let key = record.key
      guard selected.contains(key.account),
        only.isEmpty || only.contains(where: { $0.matches(key, scope: key.path) })
      else { continue }
      switch context.options.output {
      case .text: context.surroundings.output(key.text)
      case .json: keys.append(key.text)
      }
    }
    if context.options.output == .json {
      context.surroundings.output(JSON.object(["keys": JSON(keys)]).canonicalText)
    }
    return .done
  }

  private func showRecord(
    _ kind: Kind, _ text: String, _ reader: SnapshotReader
  ) async throws -> ExitCode {
    guard let record = try await record(kind, text, reader) else {
      throw CommandFailure(
        .failed,
        "snapshot \(reader.manifest.id) has no \(kind.name) \(text); "
          + "`meshdr show \(reader.manifest.id) \(kind.name)` lists the keys")
    }
    // As it is in the archive: a tree could not hold every member that AWS may send.
    context.surroundings.output(String(decoding: record.body, as: UTF8.self))
    return .done
  }

  /// The record with a key, or with a name that only one of the selected accounts has:
  /// `sales.orders`.
  private func record(
    _ kind: Kind, _ text: String, _ reader: SnapshotReader
  ) async throws -> Record? {
    if let key = RecordKey(text), let record = try await reader.record(key),
      record.key.kindName == kind.name
    {
      return record
    }
    let accounts = try context.selected(
      reader.manifest.details.accounts.map(\.account), of: "the snapshot")
    var found: [Record] = []
    for account in accounts {
      let records = try await reader.records(account: account.id, kind: kind)
      while let record = try records.next() {
        if record.key.name == text { found.append(record) }
      }
    }
    guard found.count < 2 else {
      let keys = found.map(\.key.text).joined(separator: ", ")
      throw CommandFailure(.usage, "“\(text)” is the name of \(keys): give the key")
    }
    return found.first
  }
}

extension Manifest {
  /// The kinds of which it has records, by name.
  var kinds: [Kind] {
    Set(packs.flatMap { $0.members.map(\.kind) }).sorted { $0.name < $1.name }
  }
}

extension SnapshotSummary {
  var row: SnapshotText.Row {
    SnapshotText.Row(
      id: id, region: region, recoveryPoint: recoveryPoint.description, complete: complete,
      records: records, bytes: bytes, damage: damage?.description, hold: hold?.words)
  }
}
