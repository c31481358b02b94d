import AWSAccess
import CanonicalJSON
import Testing

@testable import Replication

@Suite struct ListingMergeTests {
  /// Merges two listings that are cut into pages of these lengths.
  private func merged(
    _ source: [Listed], _ replica: [Listed], pages: (Int, Int) = (3, 2), through: String? = nil,
    namesExtra: Bool = false
  ) throws -> ListingTally {
    var merge = ListingMerge(through: through, namesExtra: namesExtra)
    var rest = (source.inOrder[...], replica.inOrder[...])
    while true {
      switch try merge.run() {
      case .nothing: return merge.tally
      case .page(.source):
        try merge.add(rest.0.isEmpty ? nil : Array(rest.0.prefix(pages.0)).page(), to: .source)
        rest.0 = rest.0.dropFirst(pages.0)
      case .page(.replica):
        try merge.add(rest.1.isEmpty ? nil : Array(rest.1.prefix(pages.1)).page(), to: .replica)
        rest.1 = rest.1.dropFirst(pages.1)
      }
    }
  }

  @Test func whatTheReplicaHasNotIsPending() throws {
    let tally = try merged(
      [Listed("a"), Listed("b", size: 7, modified: 1_790_000_500), Listed("c")],
      [Listed("a"), Listed("c"), Listed("d")])
    #expect(tally.objects == 3 && tally.same == 2 && tally.missing == 1 && tally.extra == 1)
    #expect(tally.pendingBytes == 7)
    #expect(tally.oldest.map(\.key) == ["b"] && tally.oldest[0].modified == 1_790_000_500)
  }

  /// Between those of the source, behind its last, and behind the last that counts.
  @Test func whatOnlyTheReplicaHasIsNamedWhereAskedFor() throws {
    let replica = ["a", "b", "c", "d", "e", "x", "y", "z"].map { Listed($0) }
    for pages in [(1, 1), (3, 2), (2, 5), (9, 9)] {
      let tally = try merged(
        [Listed("b"), Listed("d")], replica, pages: pages, through: "x", namesExtra: true)
      #expect(tally.extra == 4 && tally.extraKeys == ["a", "c", "e", "x"])
    }
    #expect(try merged([Listed("b")], replica).extraKeys.isEmpty)
    let many = (0..<2000).map { Listed("k\($0)") }
    let tally = try merged([], many, namesExtra: true)
    #expect(tally.extra == 2000 && tally.extraKeys.count == ListingTally.keptExtra)
  }

  @Test func anotherSizeIsAnOlderVersionAndAnotherETagOfTheSameTimeIsNot() throws {
    let tally = try merged(
      [Listed("encrypted", etag: "x"), Listed("grown", size: 11), Listed("copied", etag: "x")],
      [Listed("encrypted"), Listed("grown"), Listed("copied", modified: 1_790_000_900)])
    #expect(tally.same == 1 && tally.reencrypted == 1)
    #expect(tally.stale == 1 && tally.oldest.map(\.kind) == [.stale])
    #expect(tally.unclear == 1 && tally.oldestUnclear.map(\.key) == ["copied"])
    #expect(tally.pending == 1)
  }

  @Test func multipartETagsAreComparedAsTheyAre() throws {
    let tally = try merged(
      [Listed("big", etag: "0123456789abcdef-17")], [Listed("big", etag: "0123456789abcdef-17")])
    #expect(tally.same == 1 && tally.reencrypted == 0)
  }

  @Test func onlyTheOldestAreKeptByName() throws {
    let source = (0..<100).map { Listed("k\($0)", modified: 1_790_000_000 + ($0 * 37) % 100) }
    let tally = try merged(source, [])
    #expect(tally.missing == 100 && tally.oldest.count == ListingTally.kept)
    #expect(tally.oldest.first?.modified == 1_790_000_000)
    #expect(tally.oldest.last?.modified == 1_790_000_031)
    #expect(tally.youngest.first?.modified == 1_790_000_099)
  }

  @Test func aPartOfThePrefixEndsWithItsLastKey() throws {
    let keys = ["a/1", "a/2", "b/", "b/1", "c"].map { Listed($0) }
    for (through, expected) in [("a/2", 2), ("b/", 3), ("bb", 4), ("zzz", 5), ("A", 0)] {
      let tally = try merged(keys, [Listed("a/1"), Listed("bzz")], through: through)
      #expect(tally.objects == expected, "\(through)")
      #expect(tally.extra == (through == "zzz" ? 1 : 0))
    }
  }

  /// A thousand pairs of listings of awkward keys, against set arithmetic.
  @Test func mergingIsTheDifferenceOfSets() throws {
    var random = Numbers(seed: 20_261_124)
    let letters = ["a", "b", "/", "é", "&", "\u{1}", "=", "Z", "~"]
    for round in 0..<1000 {
      var source: [String: Listed] = [:]
      var replica: [String: Listed] = [:]
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let key = (0..<Int.random(in: 1...4, using: &random)).map { _ in
          letters.randomElement(using: &random) ?? "a"
        }.joined()
        let object = Listed(key, size: Int.random(in: 0...1, using: &random))
        if Bool.random(using: &random) { source[key] = object }
        if Bool.random(using: &random) { replica[key] = object }
        if Int.random(in: 0..<8, using: &random) == 0 { replica[key]?.size += 1 }
      }
      let pages = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
      let through = round % 3 == 0 ? letters.randomElement(using: &random) : nil
      func wanted(_ key: String) -> Bool {
        through.map { !$0.utf8.lexicographicallyPrecedes(key.utf8) } ?? true
      }
      let tally = try merged(
        Array(source.values), Array(replica.values), pages: pages, through: through)
      let keys = Set(source.keys.filter(wanted))
      let others = Set(replica.keys.filter(wanted))
      #expect(tally.objects == keys.count && tally.extra == others.subtracting(keys).count)
      #expect(tally.missing == keys.subtracting(others).count)
      let stale = keys.intersection(others).filter { source[$0]?.size != replica[$0]?.size }
      #expect(tally.stale == stale.count)
      #expect(tally.same == keys.intersection(others).count - stale.count)
    }
  }
}

/// Numbers that are the same in every run.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
