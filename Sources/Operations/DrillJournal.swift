import CanonicalJSON
import Foundation
import MeshModel
import Restore
import SnapshotStore

/// What the journal of a drill says first: enough to undo it, and to go on with it.
struct DrillStart: Sendable {
  var prefix: String
  /// Digests of the region as it was.
  var packs: JSON
  /// What a real restore would change of what there is once in the region.
  var onceInRegion: [String]
  /// When the drill began, RFC 3339.
  var began: String?
  /// How long the attempt had gone on when this was written.
  var seconds: Double
  var settings: [RecordKey: JSON] = [:]
  var query: String?
  var allowsUnmapped = false
  /// Nil for a drill under a prefix.
  var full: FullScope?
  /// What a full drill makes.
  var footprint: Set<RecordKey>?
  /// What the accounts of a full drill held before.
  var standing: [Record] = []

  init(prefix: String, packs: JSON, onceInRegion: [String], began: String, seconds: Double) {
    self.prefix = prefix
    self.packs = packs
    self.onceInRegion = onceInRegion
    self.began = began
    self.seconds = seconds
  }

  var json: [String: JSON] {
    var json: [String: JSON] = [
      "prefix": .string(prefix), "packs": packs, "onceInRegion": JSON(onceInRegion),
      "began": began.map(JSON.string) ?? .null, "seconds": JSON(seconds),
      "settings": .object(
        Dictionary(settings.map { ($0.key.text, $0.value) }) { first, _ in first }),
      "query": query.map(JSON.string) ?? .null, "allowUnmapped": .bool(allowsUnmapped),
    ]
    guard let full else { return json }
    json["full"] = full.json
    json["footprint"] = JSON((footprint ?? []).map(\.text).sorted())
    json["standing"] = .array(
      standing.compactMap { record in
        (try? record.value()).map { ["key": .string(record.key.text), "body": $0] }
      })
    return json
  }

  init(json: JSON) {
    prefix = json["prefix"]?.string ?? ""
    packs = json["packs"] ?? [:]
    onceInRegion = json["onceInRegion"]?.strings ?? []
    began = json["began"]?.string
    seconds = json["seconds"]?.double ?? 0
    for (text, body) in json["settings"]?.object ?? [:] {
      if let key = RecordKey(text) { settings[key] = body }
    }
    query = json["query"]?.string
    allowsUnmapped = json["allowUnmapped"]?.bool ?? false
    full = FullScope(json: json["full"])
    footprint = json["footprint"].map { Set($0.strings.compactMap { RecordKey($0) }) }
    standing = (json["standing"]?.array ?? []).compactMap { entry in
      guard let key = entry["key"]?.string.flatMap({ RecordKey($0) }), let body = entry["body"]
      else { return nil }
      return Record(key: key, value: body)
    }
  }
}

/// A drill whose restore was carried out.
struct Rehearsed: Sendable {
  let result: RestoreResult
  /// Whether access was looked at, and queries were run.
  let isChecked: Bool
  let start: DrillStart

  static let event = "rehearsed"
}

/// A drill that was begun and not undone.
struct UnfinishedDrill: Sendable {
  let run: String
  /// The first entry of its journal, as it is.
  let start: [String: JSON]
  let begin: DrillStart
  /// What it was limited to, and how its accounts were named.
  let only: [String]
  let accounts: [String]
  let region: String
  let snapshot: String
  /// What the restorer granted itself on what lives in the region. None of it was there before.
  let ownAccess: [RecordKey]
  /// How often it was begun.
  let attempts: Int
  /// How long all attempts together were seen to work, in seconds.
  let seconds: Double
  /// What was done of the restore.
  let done: [Action.Step: [RecordKey]]
  /// Its outcome, where it was carried out.
  let rehearsed: Rehearsed?

  /// Nil for a journal of a drill that has ended, or has done nothing yet.
  init?(_ run: String, _ entries: [JSON]) {
    func isStart(_ entry: JSON) -> Bool {
      entry["event"]?.string == "start" && entry["prefix"] != nil
    }
    guard !entries.contains(where: { $0["event"]?.string == "end" }),
      let start = entries.first(where: isStart)
    else { return nil }
    self.run = run
    self.start = start.object ?? [:]
    begin = DrillStart(json: start)
    only = start["only"]?.strings ?? []
    accounts = start["accounts"]?.strings ?? []
    region = start["region"]?.string ?? ""
    snapshot = start["snapshot"]?.string ?? ""
    let own = entries.filter { $0["event"]?.string == "own-access" }
      .flatMap { $0["keys"]?.strings ?? [] }
    ownAccess = own.compactMap { RecordKey($0) }
    attempts = entries.count(where: isStart)
    let restoring = Array(entries.prefix { $0["event"]?.string != Rehearsed.event })
    seconds = Self.worked(restoring, isStart)
    done = Self.done(restoring, besides: Set(own))
    let last = entries.last { $0["event"]?.string == Rehearsed.event }
    rehearsed = last.flatMap { entry in
      guard let document = entry["result"], let result = try? RestoreResult(json: document) else {
        return nil
      }
      return Rehearsed(
        result: result, isChecked: entry["checked"]?.bool ?? false, start: DrillStart(json: start))
    }
  }

  /// From the begin of each attempt to the last thing that it wrote.
  private static func worked(_ entries: [JSON], _ isStart: (JSON) -> Bool) -> Double {
    var total = 0.0
    var began: UTCTime?
    var reached: UTCTime?
    func close() {
      guard let began, let reached else { return }
      total += Double(max(0, reached.milliseconds - began.milliseconds)) / 1000
    }
    for entry in entries {
      let time = entry["at"]?.string.flatMap { UTCTime($0) }
      if isStart(entry) {
        close()
        began = time
        total += entry["seconds"]?.double ?? 0
      }
      reached = time ?? reached
    }
    close()
    return total
  }

  private static func done(
    _ entries: [JSON], besides own: Set<String>
  ) -> [Action.Step: [RecordKey]] {
    var done: [Action.Step: Set<RecordKey>] = [:]
    for entry in entries where entry["event"]?.string == "done" {
      guard let step = entry["step"]?.string.flatMap(Action.Step.init(rawValue:)),
        let text = entry["key"]?.string, !own.contains(text), let key = RecordKey(text)
      else { continue }
      done[step, default: []].insert(key)
    }
    return done.mapValues { $0.sorted() }
  }
}

extension RunRecords {
  /// Drills that were begun and not undone, the oldest first.
  /// - Parameter region: nil for all.
  /// - Throws: `ArchiveError`, the error of the file system.
  func unfinishedDrills(in region: String?) async throws -> [UnfinishedDrill] {
    try await wholeJournals(of: ["drill"]).compactMap { UnfinishedDrill($0.run, $0.entries) }
      .filter { region == nil || $0.region == region }
  }
}
