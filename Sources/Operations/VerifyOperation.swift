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
    /// Lost snapshots of which note is taken first.
    public var acknowledged: [String] = []
    /// What became of them.
    public var reason: String?

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
    guard options.reason == nil || !options.acknowledged.isEmpty else {
      throw CommandFailure(.usage, "--reason goes with --acknowledge")
    }
    let selection = try selection()
    let archive = try context.archive()
    if !options.acknowledged.isEmpty {
      try await Acknowledging(context).acknowledge(
        options.acknowledged, reason: options.reason, in: archive)
    }
    let manifest = try await manifest(in: archive)
    var copies: [Copy] = []
    for copy in archive.copies {
      copies.append(try await check(copy, of: archive.copies.count, manifest, selection))
    }
    let isWhole = copies.allSatisfy { $0.report?.damaged.isEmpty ?? true }
    let isReached = copies.allSatisfy { $0.error == nil }
    if isWhole && isReached && options.quietly { return .done }
    switch context.options.output {
    case .json: context.surroundings.output(json(copies, manifest).canonicalText)
    case .text: for copy in copies { context.surroundings.output(text(copy, of: copies.count)) }
    }
    return isWhole ? (isReached ? .done : .failed) : .damagedArchive
  }

  /// What one of the stores came to.
  private struct Copy {
    let store: String
    var report: VerifyReport?
    /// Why the store could not be read to the end, where it is one of several.
    var error: ArchiveError?
  }

  /// Several stores are checked each by itself: none makes up for what another lacks.
  private func check(
    _ copy: Archive, of count: Int, _ manifest: Manifest, _ selection: PackSelection
  ) async throws -> Copy {
    var result = Copy(store: copy.store.place)
    do {
      let report =
        isStore
        ? try await copy.verify(
          manifest, everySnapshot: options.everySnapshot, reading: selection)
        : try await copy.reader(manifest).verify(reading: selection)
      result.report = try await copy.noting(manifest, in: report)
    } catch let error as ArchiveError where error.code == .io && count > 1 {
      result.error = error
    }
    return result
  }

  /// The snapshot whose packs are read: the newest complete one, or the newest if none is complete.
  private func manifest(in archive: Archive) async throws -> Manifest {
    if let snapshot = options.snapshot { return try await archive.find(snapshot) }
    do { return try await archive.find("latest") } catch let error as ArchiveError
      where error.code == .notFound
    {
      guard let newest = try await archive.snapshots().first else { throw error }
      return try await archive.find(newest.id)
    }
  }

  private func selection() throws -> PackSelection {
    guard let subset = options.subset else { return .all }
    guard let selection = PackSelection(subset, seed: context.surroundings.random()) else {
      throw CommandFailure(
        .usage, "--read-data-subset takes 5% or 3/16 (1/16 to 16/16), not “\(subset)”")
    }
    return selection
  }

  /// The document of the first store that could be read, with the damage of all.
  private func json(_ copies: [Copy], _ manifest: Manifest) -> JSON {
    let damaged = copies.flatMap { copy in
      (copy.report?.damaged ?? []).map { damage -> JSON in
        [
          "store": .string(copy.store), "snapshot": damage.snapshot.map(JSON.string) ?? .null,
          "pack": damage.pack.map(JSON.string) ?? .null,
          "member": damage.member.map(JSON.string) ?? .null, "what": .string(damage.what),
        ]
      }
    }
    let stores = copies.map { copy -> JSON in
      [
        "store": .string(copy.store), "damaged": JSON(copy.report?.damaged.count ?? 0),
        "error": copy.error.map { .string($0.description) } ?? .null,
      ]
    }
    let first = copies.lazy.compactMap(\.report).first
    return [
      "snapshot": .string(manifest.id), "packs": JSON(first?.packs ?? 0),
      "records": JSON(first?.records ?? 0), "damaged": .array(damaged),
      "notes": JSON(copies.flatMap { $0.report?.notes ?? [] }),
      "acknowledged": .array(first?.losses.map(\.json) ?? []),
      "manifests": JSON(first?.manifests ?? 0), "packsRead": JSON(first?.packsRead ?? 0),
      "subset": options.subset.map(JSON.string) ?? .null, "stores": .array(stores),
    ]
  }

  private func text(_ copy: Copy, of count: Int) -> String {
    let heading = count > 1 ? "\(copy.store)\n" : ""
    guard let report = copy.report else {
      return heading + "could not be checked: \(copy.error?.description ?? "")"
    }
    var check = ArchiveText.Check(snapshot: report.snapshot, isStore: isStore)
    check.everySnapshot = options.everySnapshot
    check.subset = options.subset
    check.manifests = report.manifests
    check.packs = report.packs
    check.packsRead = report.packsRead
    check.records = report.records
    check.damaged = report.damaged.map(\.shown)
    check.notes = report.losses.map(\.words) + report.notes
    if report.damaged.contains(where: \.isLoss) {
      check.notes.append(
        "once it is known what became of a snapshot that is gone: "
          + "meshdr verify --acknowledge SNAPSHOT --reason TEXT")
    }
    return heading + ArchiveText(style: context.style).check(check)
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
