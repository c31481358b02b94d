import CanonicalJSON
import Foundation
import MeshModel
import Testing

@testable import SnapshotStore

@Suite struct SpoolTests {
  private let directory = NSTemporaryDirectory()

  private func spool(_ limit: Int = 1000, merge: RecordSpool.Merge? = nil) -> RecordSpool {
    RecordSpool(directory: directory, memory: SpoolMemory(limit: limit), merge: merge)
  }

  @Test(arguments: [1, 500, 4000, 1 << 24])
  func sortsWhateverTheMemory(_ limit: Int) throws {
    let records = (0..<3000).map { record("1", partition, ["d", "t\($0 % 7)", "ü\($0)"]) }
    let spool = spool(limit)
    for record in records.shuffled() { try spool.add(record) }
    var sorted = try spool.finish()
    var again = sorted
    let expected = records.sorted { $0.key < $1.key }
    #expect(try sorted.collect() == expected)
    #expect(try again.collect() == expected)
    var third = try sorted.makeStream()
    #expect(try third.collect() == expected)
    #expect(try sorted.next() == nil)
  }

  @Test func largeRecordsAndNone() throws {
    var empty = try spool().finish()
    #expect(try empty.next() == nil)
    let large = record("1", table, ["d", "t"], .string(String(repeating: "x", count: 500_000)))
    let spool = spool()
    try spool.add(record("1", table, ["d", "u"]))
    try spool.add(large)
    var records = try spool.finish()
    #expect(try records.next() == large)
    #expect(try records.collect().count == 1)
  }

  @Test func equalRecordsAreKeptOnce() throws {
    let spool = spool(200)
    for number in 0..<500 { try spool.add(record("1", table, ["d", "t\(number % 10)"])) }
    var records = try spool.finish()
    #expect(try records.collect().count == 10)
  }

  @Test func twoBodiesUnderOneKeyAreNamed() throws {
    let spool = spool(200)
    for note in 0..<2 {
      for number in 0..<20 {
        let note = number == 7 ? JSON(note) : 0
        try spool.add(record("1", table, ["d", "t\(number)"], note))
      }
    }
    var records = try spool.finish()
    let error = #expect(throws: ArchiveError.self) { _ = try records.collect() }
    #expect(error?.code == .conflict && error?.message.contains("1/glue/table/d/t7") == true)
  }

  @Test func mergingDoesNotDependOnTheOrder() throws {
    let all = (0..<200).map { record("1", table, ["d", "t\($0 % 3)"], JSON($0)) }
    let results = try (0..<3).map { _ in
      let spool = spool(300) { first, second in
        let notes = try [first.value(), second.value()].map {
          $0["Notes"] ?? $0["Note"] ?? .null
        }
        let joined = notes.map { $0.string ?? $0.canonicalText }.joined(separator: "+")
        return Record(key: first.key, value: ["Notes": .string(joined)])
      }
      for record in (all + all).shuffled() { try spool.add(record) }
      var records = try spool.finish()
      return try records.collect()
    }
    #expect(results[0].count == 3 && results[0] == results[1] && results[1] == results[2])
    let notes = try results[0][0].value()["Notes"]?.string ?? ""
    #expect(notes.split(separator: "+").count == 67)
  }

  @Test(arguments: [300, 1 << 24])
  func aListingThatBeganAgainIsLeftOut(_ limit: Int) throws {
    let voided = VoidListings()
    let spool = RecordSpool(
      directory: directory, memory: SpoolMemory(limit: limit), voided: voided)
    let first = voided.begin()
    for number in 0..<50 {
      try spool.add(record("1", table, ["d", "t\(number)"], 1), listing: first)
    }
    voided.void(first)
    let second = voided.begin()
    let expected = (0..<40).map { record("1", table, ["d", "t\($0)"], 2) }
    for record in expected { try spool.add(record, listing: second) }
    var records = try spool.finish()
    #expect(try records.collect() == expected.sorted { $0.key < $1.key })
  }

  @Test func batchesAndSingleRecordsMix() throws {
    let memory = SpoolMemory(limit: 2000)
    let records = (0..<400).map { record("1", partition, ["d", "t", "v\($0)"]) }
    do {
      let spool = RecordSpool(directory: directory, memory: memory)
      for start in stride(from: 0, to: 400, by: 40) {
        var batch = RecordBatch()
        for record in records[start..<(start + 20)] { batch.append(record) }
        try spool.add(batch)
        for record in records[(start + 20)..<(start + 40)] { try spool.add(record) }
      }
      var sorted = try spool.finish()
      #expect(try sorted.collect() == records.sorted { $0.key < $1.key })
    }
    #expect(memory.size == 0)
  }
}
