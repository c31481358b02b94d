import MeshModel
import StoreConformance
import Testing

@testable import SnapshotStore

/// Snapshots that many machines capture.
@Suite struct ShardTests {
  private let store = MemoryStore()
  private let folder: TemporaryFolder
  private var archive: Archive { Archive(store: store) }
  private let id = "20261123T020000Z-00000001"

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Captures a shard's share of the sample mesh and leaves its part.
  @discardableResult
  private func capture(
    _ shard: Shard, in archive: Archive, clock: StoreClock? = nil,
    change: (inout SnapshotPart.Account) -> Void = { _ in }
  ) async throws -> SnapshotPart {
    let writer = try await archive.writer(id: id, scratchDirectory: folder.path, clock: clock)
    for (group, records) in sampleGroups.shuffled() where shard.takes(group) {
      var stream = RecordList(records.shuffled())
      try await writer.write(group: group, records: &stream)
    }
    let part = try self.part(shard, writer, change: change)
    try await writer.leave(part)
    return part
  }

  private func part(
    _ shard: Shard, _ writer: SnapshotWriter, version: String = "0.1.0", file: String? = nil,
    change: (inout SnapshotPart.Account) -> Void = { _ in }
  ) throws -> SnapshotPart {
    let whole = try details()
    var accounts = whole.accounts.map { SnapshotPart.Account(id: $0.id, name: $0.name) }
    for index in accounts.indices {
      accounts[index].reached = true
      accounts[index].databases = whole.accounts[index].databases
        .map {
          $0.filter { shard.takes(PackGroup(account: accounts[index].id, database: $0.name)) }
        }
      accounts[index].moving = whole.accounts[index].moving
      change(&accounts[index])
    }
    return SnapshotPart(
      snapshot: id, shard: shard, meshdrVersion: version, mesh: whole.mesh, region: whole.region,
      began: UTCTime(milliseconds: whole.recoveryPoint.milliseconds + Int64(shard.number) - 1),
      finished: whole.finished, accounts: accounts, meshFile: file ?? whole.meshFile,
      warnings: whole.warnings, packs: writer.manifestPacks, written: writer.packs)
  }

  private func seal(
    _ archive: Archive, signer: (any ManifestSigner)? = nil
  ) async throws -> Manifest {
    let writer = try await archive.writer(id: id, scratchDirectory: folder.path)
    let joined = try JoinedParts(try await archive.parts(of: id).parts)
    for part in joined.parts { try writer.adopt(part) }
    var details = try details()
    details.recoveryPoint = joined.began
    details.finished = joined.finished
    details.warnings = joined.warnings
    details.accounts = joined.accounts.map {
      CapturedAccount(
        id: $0.id, name: $0.name, complete: $0.allErrors.isEmpty, errors: $0.allErrors,
        databases: $0.databases, moving: $0.moving)
    }
    let manifest = try await writer.seal(details, signer: signer)
    try await archive.removeParts(of: id)
    return manifest
  }

  @Test func everyGroupIsInOneShare() {
    for count in [1, 2, 3, 16, 100] {
      let shards = (1...count).compactMap { Shard($0, of: count) }
      for group in sampleGroups.keys {
        #expect(shards.filter { $0.takes(group) }.count == 1)
      }
    }
    let many = (0..<10_000).map { PackGroup(account: "111111111111", database: "d\($0)") }
    let shares = (1...10).map { number in
      many.filter { Shard(number, of: 10)?.takes($0) == true }.count
    }
    #expect(shares.allSatisfy { (800...1200).contains($0) }, "\(shares)")
  }

  @Test(arguments: [1, 2, 5, 40])
  func theResultIsThatOfOneMachine(count: Int) async throws {
    let alone = MemoryStore()
    let expected = try await writeSnapshot(Archive(store: alone), details()).manifest
    for number in (1...count).shuffled() {
      try await capture(try #require(Shard(number, of: count)), in: archive)
    }
    #expect(try await archive.snapshots().isEmpty)
    let manifest = try await seal(archive)
    #expect(manifest.fileBytes == expected.fileBytes)
    #expect(store.contents == alone.contents)
  }

  @Test func deadRepeatedAndLateShards() async throws {
    let alone = try await writeSnapshot(Archive(store: MemoryStore()), details()).manifest
    for number in [1, 3] { try await capture(try #require(Shard(number, of: 3)), in: archive) }
    let second = try #require(Shard(2, of: 3))
    // One dies after every step that it makes.
    for steps in 0..<30 {
      let dying = Archive(store: DyingStore(store, steps: steps))
      if (try? await capture(second, in: dying)) != nil { break }
      let error = await #expect(throws: ArchiveError.self) { _ = try await seal(archive) }
      #expect(error?.code == .notFound && error?.message.contains("shard 2/3 is missing") == true)
    }
    // It is run twice, the first time with an error.
    let errors = [CaptureError(code: "Throttling", message: "slow")]
    try await capture(second, in: archive) { $0.errors = errors }
    try await capture(second, in: archive)
    #expect(try await archive.parts(of: id).parts.count >= 4)
    let manifest = try await seal(archive)
    #expect(manifest.fileBytes == alone.fileBytes)
    #expect(!store.contents.keys.contains { $0.hasPrefix("parts/") })
    // A late one leaves a part that nobody needs, and a prune removes.
    try await capture(try #require(Shard(1, of: 3)), in: archive)
    #expect(try await archive.sealed(id) == manifest)
    _ = try await archive.prune(
      RetentionPolicy(last: 1), dryRun: false, clock: TestClock().clock)
    #expect(!store.contents.keys.contains { $0.hasPrefix("parts/") })
    #expect(try await archive.verify(manifest).damaged == [])
  }

  @Test func sealingThatIsKilledAnywhereIsDoneAgain() async throws {
    for steps in 0..<20 {
      let store = MemoryStore()
      let archive = Archive(store: store)
      for number in 1...3 { try await capture(try #require(Shard(number, of: 3)), in: archive) }
      _ = try? await seal(Archive(store: DyingStore(store, steps: steps)))
      if let sealed = try await archive.sealed(id) {
        #expect(try await archive.verify(sealed).damaged == [])
        try await archive.removeParts(of: id)
      } else {
        #expect(try await archive.verify(seal(archive)).damaged == [])
      }
      #expect(!store.contents.keys.contains { $0.hasPrefix("parts/") })
    }
  }

  /// Whoever seals signs, in every store, and before anybody sees the snapshot.
  @Test func shardsAreSealedWithASignatureInAllStores() async throws {
    let signer = try TestSigner(.ecdsa, folder.folder("key"))
    let wanted = demand(signer.publicKey)
    var isDone = false
    for steps in 0..<60 where !isDone {
      let stores = [MemoryStore(), MemoryStore()]
      func mirror(_ stores: [any BlobStore]) -> Archive {
        let copies = stores.map { MirroredStore.Copy($0) }
        return Archive(store: MirroredStore(copies, note: { _ in })) { _ in wanted }
      }
      for number in 1...2 {
        try await capture(try #require(Shard(number, of: 2)), in: mirror(stores))
      }
      // One of the two is lost after so many steps.
      let dying = mirror([stores[0], DyingStore(stores[1], steps: steps)])
      isDone = (try? await seal(dying, signer: signer)) != nil
      for store in stores {
        let copy = Archive(store: store) { _ in wanted }
        guard let sealed = try await copy.sealed(id) else { continue }
        #expect(try await copy.problems(withSignatureOf: sealed, wanted) == [], "\(steps) steps")
      }
      let both = mirror(stores)
      if try await both.sealed(id) == nil {
        _ = try await seal(both, signer: signer)
      } else {
        _ = try await (both.store as? MirroredStore)?.catchUp()
      }
      for copy in both.copies {
        let sealed = try #require(try await copy.sealed(id))
        #expect(try await copy.verify(sealed).damaged == [], "\(steps) steps")
      }
    }
    #expect(isDone)
  }

  @Test func partsKeepTheirPacksForAWeek() async throws {
    try await writeSnapshot(archive, details("2026-11-20T02:00:00Z"))
    try await writeSnapshot(archive, details("2026-11-21T02:00:00Z"), groups: [:])
    let time = TestClock()
    let part = try await capture(try #require(Shard(1, of: 2)), in: archive, clock: time.clock)
    #expect(part.written.reused > 0)
    let policy = RetentionPolicy(last: 1)
    time.pass(6 * 24 * 3600)
    let report = try await archive.prune(policy, dryRun: false, clock: time.clock)
    #expect(report.underWay.isEmpty && !report.removedPacks.isEmpty)
    for pack in part.packs { #expect(store.contents[pack.blobName] != nil) }
    time.pass(24 * 3600)
    _ = try await archive.prune(policy, dryRun: false, clock: time.clock)
    #expect(!store.contents.keys.contains { $0.hasPrefix("parts/") || $0.hasPrefix("packs/") })
  }

  @Test func partsThatAreNotAlikeAreNotJoined() async throws {
    let writer = try await archive.writer(id: id, scratchDirectory: folder.path)
    let (one, two) = try (#require(Shard(1, of: 2)), #require(Shard(2, of: 2)))
    let first = try part(one, writer)
    for other in [
      try part(two, writer, version: "0.2.0"), try part(two, writer, file: "mesh: other\n"),
    ] {
      #expect(await code { _ = try JoinedParts([first, other]) } == .conflict)
    }
    #expect(await code { _ = try JoinedParts([]) } == .notFound)
    // Shards of another count don't fill the gap.
    let third = try part(try #require(Shard(2, of: 3)), writer)
    #expect(await code { _ = try JoinedParts([first, third]) } == .notFound)
    let joined = try JoinedParts([third, try part(two, writer), first])
    #expect(joined.parts.map(\.shard) == [one, two])
  }

  @Test func whatShardsSayOfAnAccountIsJoined() async throws {
    let writer = try await archive.writer(id: id, scratchDirectory: folder.path)
    let refusal = CaptureError(operation: "glue:GetDatabases", code: "AccessDenied", message: "no")
    let throttled = CaptureError(code: "Throttling", message: "slow")
    let one = try part(#require(Shard(1, of: 2)), writer) { account in
      account.errors = [refusal]
      account.databaseErrors = ["z": [throttled]]
    }
    let two = try part(#require(Shard(2, of: 2)), writer) { account in
      account.errors = [refusal]
      account.databaseErrors = ["a": [throttled]]
    }
    let account = try #require(try JoinedParts([two, one]).accounts.first)
    #expect(account.allErrors == [refusal, throttled, throttled] && !account.isListed)
    let short = SnapshotPart(
      snapshot: id, shard: two.shard, meshdrVersion: two.meshdrVersion, mesh: two.mesh,
      region: two.region, began: two.began, finished: two.finished,
      accounts: Array(two.accounts.dropLast()), meshFile: two.meshFile, warnings: [], packs: [],
      written: two.written)
    let joined = try JoinedParts([one, short])
    #expect(joined.accounts.last?.errors.last?.code == "NotInEveryPart")
  }

  @Test func everyFlippedByteOfAPartIsFound() async throws {
    let part = try await capture(try #require(Shard(1, of: 9)), in: archive) { account in
      account.databaseErrors = ["d": [CaptureError(code: "c", message: "m")]]
    }
    #expect(try await archive.parts(of: id).parts == [part])
    let bytes = try await store.read(part.blobName)
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var spoilt = bytes
      spoilt[index] ^= 1
      store.set(part.blobName, spoilt)
      let found = try await archive.parts(of: id)
      #expect(found.parts.isEmpty && found.damaged.count == 1, "byte \(index)")
    }
  }

  @Test func whichShardThisIs() throws {
    func chosen(_ text: String?, _ environment: [String: String] = [:]) throws -> String {
      try Shard.chosen(by: text, environment: environment).description
    }
    let batch = ["AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "16"]
    #expect(try chosen("3/16") == "3/16")
    #expect(try chosen("3/16", batch) == "3/16")
    #expect(try chosen(nil, batch) == "1/16")
    #expect(try chosen("auto/20", batch) == "1/20")
    #expect(try chosen("auto/4", ["JOB_COMPLETION_INDEX": "3"]) == "4/4")
    #expect(try chosen("auto", ["JOB_COMPLETION_INDEX": "3", "JOB_COMPLETIONS": "9"]) == "4/9")
    let wrong: [(String?, [String: String])] = [
      (nil, [:]), ("0/3", [:]), ("4/3", [:]), ("3", [:]), ("-1/3", [:]), ("auto/3", [:]),
      ("auto/", batch), ("auto/0", batch), (nil, ["JOB_COMPLETION_INDEX": "3"]),
      ("auto/3", ["JOB_COMPLETION_INDEX": "3"]), ("auto/3", ["JOB_COMPLETION_INDEX": "x"]),
      ("1/100000", [:]),
    ]
    for (text, environment) in wrong {
      #expect(throws: ArchiveError.self) { try chosen(text, environment) }
    }
  }

  @Test func theNameOfASnapshotToBe() throws {
    #expect(try SnapshotID.named(id, mesh: "m") == id)
    let named = try SnapshotID.named("2026-11-23T02:00Z", mesh: "m")
    #expect(named.hasPrefix("20261123T020000Z-") && SnapshotID.isValid(named))
    #expect(try SnapshotID.named("20261123T020000Z", mesh: "m") == named)
    #expect(try SnapshotID.named("2026-11-23T03:00:00+01:00", mesh: "m") == named)
    #expect(try SnapshotID.named("2026-11-23T02:00Z", mesh: "n") != named)
    for text in ["", "latest", "2026-11-23", "20261323T020000Z-00000001"] {
      #expect(throws: ArchiveError.self) { try SnapshotID.named(text, mesh: "m") }
    }
  }
}
