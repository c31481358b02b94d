import CanonicalJSON
import Reporting
import SnapshotStore

/// `meshdr verify`: is what is in the store what was written?
public struct VerifyOperation: Sendable {
  /// What is checked, beside the default.
  public struct Options: Sendable {
    /// Which snapshot; nil for the whole store, of which the newest complete one's packs are read.
    public var snapshot: String?
    /// Reads the packs of all snapshots.
    public var everySnapshot = false
    /// `5%` or `3/16`: reads only so many of the packs. Nil for all.
    public var subset: String?
    /// Says nothing where nothing is wrong.
    public var quietly = false

    public init() {}
  }

  private let context: MeshContext
  private let options: Options

  public init(_ context: MeshContext, _ options: Options) {
    self.context = context
    self.options = options
  }

  /// - Returns: `done` or `damagedArchive`.
  /// - Throws: what `CommandFailure` maps.
  public func run() async throws -> ExitCode {
    guard options.snapshot == nil || !options.everySnapshot else {
      throw CommandFailure(.usage, "--all reads all snapshots: give no SNAPSHOT with it")
    }
    let selection = try selection()
    let archive = try context.archive()
    let manifest = try await archive.find(options.snapshot ?? "latest")
    let report =
      isStore
      ? try await archive.verify(
        manifest, everySnapshot: options.everySnapshot, reading: selection)
      : try await archive.reader(manifest).verify(reading: selection)
    let isWhole = report.damaged.isEmpty
    if isWhole && options.quietly { return .done }
    switch context.options.output {
    case .json: context.surroundings.output(Self.json(report, options).canonicalText)
    case .text: context.surroundings.output(text(report))
    }
    return isWhole ? .done : .damagedArchive
  }

  private func selection() throws -> PackSelection {
    guard let subset = options.subset else { return .all }
    guard let selection = PackSelection(subset, seed: context.surroundings.random()) else {
      throw CommandFailure(
        .usage, "--read-data-subset takes 5% or 3/16 (1/16 to 16/16), not “\(subset)”")
    }
    return selection
  }

  private static func json(_ report: VerifyReport, _ options: Options) -> JSON {
    let damaged = report.damaged.map { damage -> JSON in
      [
        "snapshot": damage.snapshot.map(JSON.string) ?? .null,
        "pack": damage.pack.map(JSON.string) ?? .null,
        "member": damage.member.map(JSON.string) ?? .null, "what": .string(damage.what),
      ]
    }
    return [
      "snapshot": .string(report.snapshot), "packs": JSON(report.packs),
      "records": JSON(report.records), "damaged": .array(damaged), "notes": JSON(report.notes),
      "manifests": JSON(report.manifests), "packsRead": JSON(report.packsRead),
      "subset": options.subset.map(JSON.string) ?? .null,
    ]
  }

  private func text(_ report: VerifyReport) -> String {
    var check = ArchiveText.Check(snapshot: report.snapshot, isStore: isStore)
    check.everySnapshot = options.everySnapshot
    check.subset = options.subset
    check.manifests = report.manifests
    check.packs = report.packs
    check.packsRead = report.packsRead
    check.records = report.records
    check.damaged = report.damaged.map(\.shown)
    check.notes = report.notes
    return ArchiveText(style: context.style).check(check)
  }

  /// Whether the whole store is looked at.
  private var isStore: Bool { options.snapshot == nil || options.everySnapshot }
}

extension Damage {
  /// Pack and member, or the snapshot where none is concerned.
  fileprivate var shown: ArchiveText.Damage {
    let parts = [pack.map { "pack \($0)" }, member.map { "member \($0)" }].compactMap(\.self)
    return ArchiveText.Damage(place: pack == nil ? [] : parts, what: what)
  }
}
