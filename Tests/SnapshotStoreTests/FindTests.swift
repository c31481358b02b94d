import StoreConformance
import Testing

@testable import SnapshotStore

@Suite struct FindTests {
  private let store = MemoryStore()
  private var archive: Archive { Archive(store: store) }

  @Test func references() async throws {
    #expect(try await archive.snapshots().isEmpty)
    let times = ["2026-11-21T02:00:00Z", "2026-11-22T02:00:00Z", "2026-11-23T02:00:00.500Z"]
    var ids: [String] = []
    for (number, time) in times.enumerated() {
      let details = try details(time, complete: number != 2)
      ids.append(try await writeSnapshot(archive, details, groups: [:]).manifest.id)
    }
    #expect(try await archive.snapshots().map(\.id) == ids.reversed())
    #expect(try await archive.snapshots().map(\.complete) == [false, true, true])
    #expect(try await archive.find("latest").id == ids[1])
    #expect(try await archive.find("before:2026-11-22T02:00Z").id == ids[0])
    #expect(try await archive.find("before:2026-11-22T03:00:00.001+01:00").id == ids[1])
    #expect(try await archive.find(ids[2]).id == ids[2])
    #expect(try await archive.find("20261122").id == ids[1])
    #expect(await code { _ = try await archive.find("202611") } == .ambiguous)
    #expect(await code { _ = try await archive.find("2027") } == .notFound)
    #expect(await code { _ = try await archive.find("") } == .invalid)
    #expect(await code { _ = try await archive.find("before:yesterday") } == .invalid)
    #expect(await code { _ = try await archive.find("before:2026-11-01T00:00Z") } == .notFound)
  }

  @Test func damagedOnesArePassedOver() async throws {
    let older = try await writeSnapshot(archive, details("2026-11-22T02:00:00Z"), groups: [:])
    let newer = try await writeSnapshot(archive, details(), groups: [:]).manifest
    store.set(SnapshotID.blobName(newer.id), [1, 2, 3])
    #expect(try await archive.find("latest") == older.manifest)
    #expect(await code { _ = try await archive.find(newer.id) } == .damaged)
    let summaries = try await archive.snapshots()
    #expect(summaries.map { $0.damage == nil } == [false, true])
    #expect(summaries[0].recoveryPoint == UTCTime("2026-11-23T02:00:00Z"))
  }

  @Test func timesAndIDs() throws {
    for text in [
      "1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.999Z",
    ] {
      #expect(UTCTime(text)?.description == text)
    }
    #expect(UTCTime("2026-11-23T02:00:00Z")?.milliseconds == 1_795_399_200_000)
    #expect(UTCTime("2026-11-23T02:00:00.1234+02:30")?.description == "2026-11-22T23:30:00.123Z")
    for text in [
      "", "2026-11-23", "2026-02-29T00:00Z", "2026-13-01T00:00Z", "2026-11-23T24:00Z",
      "2026-11-23T02:00", "2026-11-23T02:00:00.Z", "2026-11-23T02:00Zx", "+026-11-23T02:00Z",
    ] {
      #expect(UTCTime(text) == nil, "\(text)")
    }
    let time = try #require(UTCTime("2026-11-23T02:00:00.999Z"))
    let id = SnapshotID.make(recoveryPoint: time, suffix: 0x3f9a1c)
    #expect(id == "20261123T020000Z-003f9a1c")
    #expect(SnapshotID.isValid(id) && SnapshotID.recoveryPoint(id) == UTCTime("2026-11-23T02:00Z"))
    for text in ["", "latest", id + "0", id.uppercased(), "2026112xT020000Z-003f9a1c"] {
      #expect(!SnapshotID.isValid(text))
    }
  }
}
