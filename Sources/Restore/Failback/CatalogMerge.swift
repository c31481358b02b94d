import CanonicalJSON
import Capture
import MeshModel
import SnapshotStore

/// Three captures of a catalog, and what they come to: the snapshot that was restored, the secondary
/// now, and the primary as it came back.
///
/// They are read as sorted streams, one database after the other; of kinds of which there are few, the
/// records of one database or account are in memory.
public struct CatalogMerge: Sendable {
  /// All but descriptive ones.
  private let kinds: [any CapturedKind]
  private let base: SnapshotReader
  private let secondary: SnapshotReader
  private let primary: SnapshotReader
  /// As the base was restored.
  private let mapping: Mapping
  /// The accounts to merge, by their ids in the primary.
  private let accounts: [String]
  private let terms: MergeTerms

  /// - Parameters:
  ///   - mapping: as the base was restored, with the restorers of the secondary.
  ///   - restorers: of the primary, by account.
  ///   - accounts: by their ids in the primary.
  ///   - scope: what the base was restored with.
  ///   - unrestored: what that had left otherwise than it wanted it, by its keys in the secondary.
  public init(
    kinds: [any CapturedKind], base: SnapshotReader, secondary: SnapshotReader,
    primary: SnapshotReader, mapping: Mapping, restorers: [String: String], accounts: [String],
    choice: ConflictChoice, scope: [Selector] = [], unrestored: Set<String> = []
  ) {
    self.kinds = kinds.filter { $0.restorability != .descriptive }
    self.base = base
    self.secondary = secondary
    self.primary = primary
    self.mapping = mapping
    self.accounts = accounts.sorted()
    self.restorers = restorers
    var terms = MergeTerms(choice: choice)
    terms.scope.only = scope
    terms.unrestored = Set(unrestored.compactMap { RecordKey($0) })
    terms.restorers = Set(restorers.values).union(mapping.restorers.values)
    self.terms = terms
  }

  private let restorers: [String: String]

  /// What a merge came to.
  public struct Outcome: Sendable {
    /// What the primary is to have.
    public let reader: SnapshotReader
    public var report: FailbackReport
    /// What goes home and names what has no counterpart in the primary.
    public let problems: [Mapper.Problem]
    /// A digest of both sides as they were compared, where one was asked for.
    public let basis: String?
  }

  /// Merges all of it into a snapshot of its own, in a folder.
  /// - Parameters:
  ///   - folder: where it is kept, and what is sorted meanwhile.
  ///   - name: of the merge, which no other in the folder has.
  ///   - report: what is known already.
  ///   - keepsBasis: whether the outcome tells from which state it was made.
  /// - Throws: `ArchiveError`, `JSONError`; `AmbiguousMapping`.
  public func merged(
    in folder: String, as name: String, _ report: FailbackReport, keepsBasis: Bool = false
  ) async throws -> Outcome {
    let archive = Archive(store: FolderStore(root: "\(folder)/\(name)"))
    let details = primary.manifest.details
    let writer = try await archive.writer(
      id: SnapshotID.make(recoveryPoint: details.recoveryPoint, suffix: 1),
      scratchDirectory: folder)
    var state = State(judge: MergeJudge(terms, report), mapping: mapping, restorers: restorers)
    if keepsBasis { state.basis = PlanBasis() }
    // Databases first: what lies in no database may be on something in another account's.
    for group in groups.sorted(by: {
      ($0.database == nil ? 1 : 0, $0) < ($1.database == nil ? 1 : 0, $1)
    }) {
      try await merge(group, into: writer, folder, &state)
    }
    let names = details.accounts.filter { accounts.contains($0.id) }
    let manifest = try await writer.seal(
      SnapshotDetails(
        meshdrVersion: "", mesh: details.mesh, region: details.region,
        recoveryPoint: details.recoveryPoint, finished: details.finished,
        accounts: names.map { CapturedAccount(id: $0.id, name: $0.name, complete: true) },
        meshFile: ""))
    let returned = state.judge.returned
    return Outcome(
      reader: archive.reader(manifest), report: state.judge.finished(),
      problems: state.problems(of: returned), basis: state.basis?.finish())
  }

  /// What changes while records are merged.
  private struct State {
    var judge: MergeJudge
    /// To the secondary, and back: for the base, and for what came of it.
    let forward: Mapper
    let undone: Mapper
    let back: Mapper
    /// The keys that the secondary's records have in the primary, of those that lie in memory.
    var homes: [RecordKey: RecordKey] = [:]
    var basis: PlanBasis?

    init(judge: MergeJudge, mapping: Mapping, restorers: [String: String]) {
      self.judge = judge
      var inverse = mapping.inverse
      inverse.restorers = restorers
      forward = Mapper(mapping)
      undone = Mapper(inverse)
      back = Mapper(inverse)
    }

    /// What goes home and can't be mapped, by its keys in the primary.
    func problems(of returned: Set<RecordKey>) -> [Mapper.Problem] {
      back.problems.filter { problem in
        returned.contains(homes[problem.key] ?? problem.key)
      }
    }
  }

  // MARK: - Groups

  private var groups: Set<PackGroup> {
    let back = mapping.inverse
    let there = secondary.manifest.packs.map(\.group).map {
      PackGroup(account: back.accounts[$0.account] ?? $0.account, database: $0.database)
    }
    let here = (base.manifest.packs + primary.manifest.packs).map(\.group)
    return Set(here + there).filter { accounts.contains($0.account) }
  }

  private func merge(
    _ group: PackGroup, into writer: SnapshotWriter, _ folder: String, _ state: inout State
  ) async throws {
    let kinds = kinds.filter { $0.kind.belongsToDatabase == (group.database != nil) }
    if group.database != nil { try await noteRemovals(group, kinds, &state) }
    let spool = RecordSpool(directory: folder)
    for kind in kinds {
      let shape = RecordShape(kind)
      let basis = state.basis
      try await forEach(kind, in: group, &state) { triple, judge in
        if let record = try judge.merged(shape, triple) { try spool.add(record) }
        try basis?.add(
          triple.key, triple.secondary.map { kind.comparable(try $0.value()) },
          triple.primary.map { kind.comparable(try $0.value()) })
      }
    }
    try await writer.write(group: group, spooled: try spool.finish())
  }

  /// What one side has removed is looked into before anything is decided: the other may have changed
  /// something in it.
  private func noteRemovals(
    _ group: PackGroup, _ kinds: [any CapturedKind], _ state: inout State
  ) async throws {
    for kind in kinds where [.database, .table].contains(kind.kind) {
      try await forEach(kind, in: group, &state) { triple, judge in judge.noteRemoval(triple) }
    }
    guard state.judge.hasRemovals else { return }
    for kind in kinds {
      let shape = RecordShape(kind)
      try await forEach(kind, in: group, &state) { triple, judge in
        try judge.noteChange(shape, triple)
      }
    }
  }

  // MARK: - Records

  private func forEach(
    _ kind: any CapturedKind, in group: PackGroup, _ state: inout State,
    _ body: (RecordTriple, inout MergeJudge) throws -> Void
  ) async throws {
    let there = PackGroup(
      account: mapping.accounts[group.account] ?? group.account, database: group.database)
    let streams = (
      try await records(of: kind, in: group, base),
      try await records(of: kind, in: there, secondary),
      try await records(of: kind, in: group, primary)
    )
    if kind.isBulk {
      var triples = RecordTriples(
        base: streams.0, secondary: ReturnedRecords(streams.1, kind: kind, by: state.back),
        primary: streams.2)
      while var triple = try triples.nextTriple() {
        try addMapped(&triple, kind, state)
        if triple.secondary != nil {
          let key = RecordKey(account: there.account, kind: kind.kind, path: triple.key.path)
          state.homes[key] = key == triple.key ? nil : triple.key
          if triple.there == nil { triple.there = key }
        }
        try body(triple, &state.judge)
      }
    } else {
      for triple in try inMemory(kind, streams, &state) { try body(triple, &state.judge) }
    }
  }

  private func records(
    of kind: any CapturedKind, in group: PackGroup, _ reader: SnapshotReader
  ) async throws -> SnapshotRecords {
    try await reader.records(
      account: group.account, kind: kind.kind, database: group.database)
  }

  /// The base as the way there and back leaves it, where there is something to compare it with.
  private func addMapped(
    _ triple: inout RecordTriple, _ kind: any CapturedKind, _ state: State
  ) throws {
    guard let base = triple.base else { return }
    guard triple.secondary != nil || !terms.unrestored.isEmpty else { return }
    let there = try kind.mapped(base, by: state.forward)
    triple.there = there.key
    triple.mapped = try kind.mapped(there, by: state.undone).value()
  }

  /// Records of which there are few. One that came from the base is known by the base's key, whatever
  /// the way back makes of its own.
  private func inMemory(
    _ kind: any CapturedKind, _ streams: (SnapshotRecords, SnapshotRecords, SnapshotRecords),
    _ state: inout State
  ) throws -> [RecordTriple] {
    var base: [RecordKey: Record] = [:]
    var mapped: [RecordKey: JSON] = [:]
    var theirs: [RecordKey: RecordKey] = [:]
    while let record = try streams.0.next() {
      base[record.key] = record
      let there = try kind.mapped(record, by: state.forward)
      if let other = theirs.updateValue(record.key, forKey: there.key) {
        throw AmbiguousMapping(first: other, second: record.key, there: there.key)
      }
      mapped[record.key] = try kind.mapped(there, by: state.undone).value()
    }
    var secondary: [RecordKey: Record] = [:]
    var found: [RecordKey: RecordKey] = [:]
    while let record = try streams.1.next() {
      let returned = try kind.mapped(record, by: state.back)
      let key = theirs[record.key] ?? returned.key
      state.homes[record.key] = key
      if theirs[record.key] == nil { found[key] = record.key }
      if let other = secondary[key] {
        guard kind.givesAccess else {
          throw AmbiguousMapping(first: other.key, second: returned.key, there: record.key)
        }
        secondary[key] = try kind.merged(other, Record(key: key, value: returned.value()))
      } else {
        secondary[key] = Record(key: key, value: try returned.value())
      }
    }
    var primary: [RecordKey: Record] = [:]
    while let record = try streams.2.next() { primary[record.key] = record }
    let there = Dictionary(
      theirs.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    return Set(base.keys).union(secondary.keys).union(primary.keys).sorted().map { key in
      RecordTriple(
        key: key, base: base[key], mapped: mapped[key], there: there[key] ?? found[key],
        secondary: secondary[key], primary: primary[key])
    }
  }
}

/// Two records have become one in the secondary: whose changes it has, nobody can tell.
public struct AmbiguousMapping: Error, CustomStringConvertible {
  let first: RecordKey
  let second: RecordKey
  let there: RecordKey

  public var description: String {
    "\(first) and \(second) of the primary are both \(there) in the secondary: whose changes those are "
      + "can't be told. Nothing was changed"
  }
}
