import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr diff`: what became of the records between two snapshots, or a snapshot and now.
public struct DiffOperation: Sendable {
  private let context: MeshContext
  private let version: String
  /// Whether the newer side is captured for this.
  private var isLive = false

  public init(_ context: MeshContext, version: String) {
    self.context = context
    self.version = version
  }

  /// - Parameters:
  ///   - old: a snapshot.
  ///   - new: another, or `live`.
  ///   - access: compares what the records let people do, not the records.
  /// - Returns: `differences` or `done`; `partial` where a live account could not be captured.
  public func run(old: String, new: String, access: Bool = false) async throws -> ExitCode {
    var comparison = self
    comparison.isLive = new == "live"
    let compare = access ? AccessOperation(context).compare : comparison.compare
    // Access follows from all records.
    let only = access ? [] : context.options.only
    let archive = try context.archive()
    let left = archive.reader(try await archive.find(old))
    guard new == "live" else {
      let right = archive.reader(try await archive.find(new))
      return try await compare(left, right)
    }
    return try await context.withScratchDirectory { scratch in
      let live = try await SnapshotOperation(context, version: version).captureAside(
        in: scratch, previous: left.manifest, only: only)
      let isWhole = live.manifest.details.accounts.allSatisfy { $0.failures.isEmpty }
      return .first(of: [try await compare(left, live), isWhole ? .done : .partial])
    }
  }

  private func compare(_ old: SnapshotReader, _ new: SnapshotReader) async throws -> ExitCode {
    let selected = try selectedAccounts(old, new)
    let (oldGaps, newGaps) = (old.manifest.gaps(selected), newGaps(new, selected))
    var changes: [RecordChange] = []
    try await old.compare(to: new, accounts: selected) { old, new in
      guard let key = (new ?? old)?.key, isSelected(key) else { return }
      switch (old, new) {
      case (nil, _): if oldGaps[key.account] == nil { changes.append(RecordChange(.added, key)) }
      case (_, nil): if newGaps[key.account] == nil { changes.append(RecordChange(.removed, key)) }
      case (let old?, let new?):
        changes.append(RecordChange(key, try new.value().changes(from: old.value())))
      }
    }
    changes.sort { $0.key < $1.key }
    let warnings =
      oldGaps.values.sorted().map { "\($0); what it lacks is not called added" }
      + newGaps.values.sorted().map { "\($0); what it lacks is not called removed" }
    context.show(changes, warnings: warnings)
    return changes.isEmpty ? .done : .differences
  }

  /// What was captured live, for this, lacks nothing that `--only` selects.
  private func newGaps(_ new: SnapshotReader, _ accounts: Set<String>) -> [String: String] {
    let gaps = new.manifest.gaps(accounts)
    guard isLive else { return gaps }
    let failed = Set(
      new.manifest.details.accounts.filter { account in
        account.errors.contains { $0.code != SnapshotOperation.limited }
      }.map(\.id))
    return gaps.filter { failed.contains($0.key) }
  }

  /// The ids of the accounts of either side that `--account` selects.
  private func selectedAccounts(
    _ old: SnapshotReader, _ new: SnapshotReader
  ) throws -> Set<String> {
    let all = Set((old.manifest.details.accounts + new.manifest.details.accounts).map(\.account))
    let selected = try context.selected(all.sorted { $0.id < $1.id }, of: "either snapshot")
    return Set(selected.map(\.id))
  }

  private func isSelected(_ key: RecordKey) -> Bool {
    let only = context.options.only
    return only.isEmpty || only.contains { $0.matches(key, scope: key.path) }
  }
}

extension CapturedAccount {
  var account: MeshFile.Account { .init(id: id, name: name) }

  /// What could not be captured, where it should have been.
  var failures: [CaptureError] {
    errors.filter { ![SnapshotOperation.notSelected, SnapshotOperation.limited].contains($0.code) }
  }
}

extension Manifest {
  /// What is to be said of the accounts that were not captured whole, by id.
  func gaps(_ accounts: Set<String>) -> [String: String] {
    var gaps: [String: String] = [:]
    for account in details.accounts where !account.complete && accounts.contains(account.id) {
      let reason = account.errors.first.map { " (\($0.code): \($0.message))" } ?? ""
      gaps[account.id] = "account \(account.id) \(account.name) is incomplete in \(id)\(reason)"
    }
    return gaps
  }
}

extension MeshContext {
  /// Prints changes: as lines for people, as one document for scripts.
  /// - Parameter widened: access beyond what there should be; nil where it was not looked for.
  func show(
    _ changes: [RecordChange], warnings: [String] = [], widened: [String]? = nil
  ) {
    switch options.output {
    case .json:
      var document: [String: JSON] = ["warnings": JSON(warnings)]
      for what in RecordChange.What.allCases {
        document[what.rawValue] = .array(changes.filter { $0.what == what }.map(\.json))
      }
      document["widened"] = widened.map(JSON.init)
      surroundings.output(JSON.object(document).canonicalText)
    case .text:
      for warning in warnings { surroundings.diagnostics("warning: \(warning)") }
      for line in widened ?? [] { surroundings.output("! wider: \(line)") }
      guard !changes.isEmpty || (widened ?? []).isEmpty else { return }
      surroundings.output(DiffText(whole: options.verbose).changes(changes))
    }
  }
}

extension RecordChange {
  fileprivate var json: JSON {
    var change: JSON = [
      "kind": .string(key.kindName), "key": .string(key.text), "fields": JSON(fields),
    ]
    guard !values.isEmpty else { return change }
    // A member that is not there differs from one that is null.
    change["values"] = .array(
      values.map { value in
        var field: JSON = ["field": .string(value.path)]
        field["old"] = value.old
        field["new"] = value.new
        return field
      })
    return change
  }
}
