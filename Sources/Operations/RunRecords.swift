import CanonicalJSON
import MeshModel
import SnapshotStore

/// The runs that are kept in a store: the result of each, and the journal of each that was begun.
public struct RunRecords: Sendable {
  let store: any BlobStore

  public init(_ store: any BlobStore) {
    self.store = store
  }

  /// Keeps a result. Each is written once: that of a resumed run gets a number behind its name.
  /// - Throws: `ArchiveError`.
  func keep(_ result: RestoreResult) async throws {
    let bytes = Array((result.json.prettyText + "\n").utf8)
    var name = "runs/\(result.run).json"
    var attempt = 1
    while try await store.exists(name) {
      attempt += 1
      name = "runs/\(result.run).\(attempt).json"
    }
    _ = try await store.put(name, .bytes(bytes))
  }

  /// Keeps a measurement.
  /// - Throws: `ArchiveError`.
  func keep(_ result: RPOResult) async throws {
    let bytes = Array((result.json.prettyText + "\n").utf8)
    _ = try await store.put("runs/\(result.run).json", .bytes(bytes))
  }

  /// A measurement that is kept.
  /// - Throws: `ArchiveError`.
  func rpo(_ id: String) async throws -> RPOResult {
    let bytes = try await store.read("runs/\(id).json")
    do {
      return try RPOResult(json: JSON(parsing: bytes))
    } catch {
      throw ArchiveError(.damaged, "the record of run \(id) can't be read", cause: error)
    }
  }

  /// The newest measurements that are kept, the newest first. One that can't be read is passed over:
  /// measuring goes on without it.
  /// - Throws: `ArchiveError`.
  func latestRPOs(_ count: Int) async throws -> [RPOResult] {
    var found: [RPOResult] = []
    for id in try await ids().filter(Self.isMeasurement).prefix(count) {
      do {
        found.append(try await rpo(id))
      } catch let error as ArchiveError where error.code == .damaged {
        continue
      }
    }
    return found
  }

  /// The newest measurement of a region that was begun by a time; nil where there is none.
  /// - Parameter time: RFC 3339; what is none lets every measurement pass.
  /// - Throws: `ArchiveError`.
  func rpo(in region: String, before time: String) async throws -> RPOResult? {
    let latest = UTCTime(time)
    for id in try await ids() where Self.isMeasurement(id) {
      if let latest, let began = Self.began(id), began > latest { continue }
      let result = try await rpo(id)
      if result.region == region { return result }
    }
    return nil
  }

  /// Whether a run is a measurement of `meshdr rpo`.
  static func isMeasurement(_ id: String) -> Bool { id.hasPrefix("rpo-") }

  /// The ids of the runs that have a result, newest first.
  /// - Throws: `ArchiveError`.
  public func ids() async throws -> [String] {
    try await store.list(prefix: "runs/").map(\.name).filter { $0.hasSuffix(".json") }
      .map { String($0.dropFirst(5).dropLast(5)) }
      .sorted { Self.time($0) > Self.time($1) }
  }

  /// Behind the command's name stands the time.
  static func time(_ id: String) -> String {
    id.split(separator: "-", maxSplits: 1).last.map(String.init) ?? id
  }

  /// The result of a run.
  /// - Parameter reference: its id, the unambiguous start of one, or `latest`.
  /// - Throws: `ArchiveError`.
  public func find(_ reference: String) async throws -> RestoreResult {
    let ids = try await ids().filter { !Self.isMeasurement($0) }
    let matches =
      reference == "latest" ? Array(ids.prefix(1)) : ids.filter { $0.hasPrefix(reference) }
    guard let id = matches.first(where: { $0 == reference }) ?? matches.first else {
      throw ArchiveError(.notFound, "there is no run “\(reference)”")
    }
    guard matches.count == 1 || id == reference else {
      throw ArchiveError(.ambiguous, "“\(reference)” fits \(matches.count) runs")
    }
    let document = try await document(id)
    do {
      return try RestoreResult(json: document)
    } catch {
      throw ArchiveError(.damaged, "the record of run \(id) can't be read", cause: error)
    }
  }

  /// The document of a run, of whatever command.
  /// - Throws: `ArchiveError`; `.damaged` where it is no JSON.
  func document(_ id: String) async throws -> JSON {
    let bytes = try await store.read("runs/\(id).json")
    do {
      return try JSON(parsing: bytes)
    } catch {
      throw ArchiveError(.damaged, "the record of run \(id) can't be read", cause: error)
    }
  }

  /// When a run began, to the second, as its id tells: `restore-20261124T031200Z-3f9a1c2b`, with
  /// `.2` behind it where it was resumed.
  static func began(_ id: String) -> UTCTime? {
    SnapshotID.recoveryPoint(String(time(id).prefix { $0 != "." }))
  }
}
