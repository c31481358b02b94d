import CanonicalJSON
import Foundation
import MeshModel
import SnapshotStore

/// What the benchmark of the archive can't have the program itself do.
///
///     ArchiveBenchmark pack STORE SCRATCH            packs all records of the newest snapshot again
///     ArchiveBenchmark change STORE SCRATCH COUNT    takes a snapshot with so many changed partitions
///     ArchiveBenchmark table STORE KEY               reads one table with its partitions
///
/// Each prints one JSON document.
@main
struct ArchiveBenchmark {
  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      print(try await run(arguments).canonicalText)
    } catch {
      FileHandle.standardError.write(Data("ArchiveBenchmark: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) async throws -> JSON {
    switch (arguments.first, arguments.count) {
    case ("pack", 3):
      return try await Packing(store: arguments[1], scratch: arguments[2]).pack()
    case ("change", 4):
      return try await Packing(store: arguments[1], scratch: arguments[2])
        .change(Int(arguments[3]) ?? 0)
    case ("table", 3):
      return try await TableReading(store: arguments[1], key: arguments[2]).read()
    default:
      throw ArchiveError(
        .invalid, "usage: pack STORE SCRATCH | change STORE SCRATCH COUNT | table STORE KEY")
    }
  }
}

/// Writes the records of a snapshot once more.
struct Packing {
  let source: Archive
  let scratch: String
  let manifest: Manifest

  init(store: String, scratch: String) async throws {
    source = Archive(store: FolderStore(root: store))
    self.scratch = scratch
    manifest = try await source.find("latest")
  }

  private var groups: [PackGroup] { Set(manifest.packs.map(\.group)).sorted() }

  /// Sorted from the spool into packs in an empty store; only that is timed, not reading.
  func pack() async throws -> JSON {
    let archive = Archive(store: FolderStore(root: scratch + "/packed"))
    let writer = try await archive.writer(id: manifest.id, scratchDirectory: scratch)
    var spent = Spent()
    for group in groups {
      let spool = RecordSpool(directory: scratch)
      for record in try await records(of: group) { try spool.add(record) }
      let began = Spent.now()
      try await writer.write(group: group, spooled: try spool.finish())
      spent.add(since: began)
    }
    let bytes = manifest.packs.flatMap(\.members).reduce(0) { $0 + $1.bytes }
    return [
      "bytes": JSON(bytes), "cpu": JSON(spent.cpu), "wall": JSON(spent.wall),
      "packs": JSON(writer.manifestPacks.count),
      "same": .bool(
        Set(writer.manifestPacks.map(\.digest)) == Set(manifest.packs.map(\.digest))),
    ]
  }

  /// Ten partitions each of as many tables as are needed.
  func change(_ count: Int) async throws -> JSON {
    var details = manifest.details
    details.recoveryPoint = UTCTime(milliseconds: details.recoveryPoint.milliseconds + 60_000)
    details.finished = UTCTime(milliseconds: details.finished.milliseconds + 60_000)
    let id = SnapshotID.make(recoveryPoint: details.recoveryPoint, suffix: 1)
    let writer = try await source.writer(id: id, scratchDirectory: scratch)
    var left = count
    for group in groups {
      let spool = RecordSpool(directory: scratch)
      var changedOfTable: [[String]: Int] = [:]
      for record in try await records(of: group) {
        let table = Array(record.key.path.prefix(2))
        guard left > 0, record.key.kindName == "partition", changedOfTable.count < 2,
          changedOfTable[table, default: 0] < 10
        else {
          try spool.add(record)
          continue
        }
        changedOfTable[table, default: 0] += 1
        left -= 1
        var body = try record.value()
        body["Parameters"] = ["numRows": "1"]
        try spool.add(Record(key: record.key, value: body))
      }
      try await writer.write(group: group, spooled: try spool.finish())
    }
    guard left == 0 else { throw ArchiveError(.invalid, "there are not enough partitions") }
    _ = try await writer.seal(details)
    return ["old": .string(manifest.id), "new": .string(id), "written": JSON(writer.packs.written)]
  }

  private func records(of group: PackGroup) async throws -> [Record] {
    let reader = source.reader(manifest)
    let packs = manifest.packs.filter { $0.group == group }
    var records: [Record] = []
    for kind in Set(packs.flatMap { $0.members.map(\.kind) }) {
      let stream = try await reader.records(
        account: group.account, kind: kind, database: group.database)
      while let record = try stream.next() { records.append(record) }
    }
    return records
  }
}

/// Reads one table and counts what of the packs is read for it.
struct TableReading {
  let store: CountingStore
  let key: RecordKey

  init(store: String, key: String) throws {
    self.store = CountingStore(FolderStore(root: store))
    guard let key = RecordKey(key) else { throw ArchiveError(.invalid, "\(key) is no key") }
    self.key = key
  }

  func read() async throws -> JSON {
    let archive = Archive(store: store)
    let manifest = try await archive.find("latest")
    let reader = archive.reader(manifest)
    let table = try await reader.record(key)
    let partitions = try await reader.records(
      account: key.account,
      under: RecordKey(
        account: key.account, kind: Kind("glue", "partition"), path: key.path))
    var count = table == nil ? 0 : 1
    while try partitions.next() != nil { count += 1 }
    return ["records": JSON(count), "read": JSON(store.read), "bytes": JSON(manifest.bytes)]
  }
}
