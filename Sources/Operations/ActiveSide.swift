import CanonicalJSON
import MeshFile
import SnapshotStore

/// Which region a mesh runs in: the side that no restore may overwrite.
public struct ActiveSide: Sendable, Hashable {
  public let region: String
  /// Since when, RFC 3339 in UTC; nil where nobody ever switched and the mesh file's primary counts.
  public let since: String?
  /// The run that had brought the region to where it could be switched to; nil where none had.
  public let run: String?

  public init(region: String, since: String? = nil, run: String? = nil) {
    self.region = region
    self.since = since
    self.run = run
  }
}

/// What a store says of the active side.
///
/// Blobs are written once, so it is a sequence that only grows: `active/000001.json` and so on, of
/// which the newest counts. A failover and a failback each add one; a restore, repeated every night
/// to keep a standby warm, adds none.
public struct ActiveSides: Sendable {
  private static let prefix = "active/"
  private let store: any BlobStore

  public init(_ store: any BlobStore) {
    self.store = store
  }

  /// The side that the newest entry names, or the mesh file's primary where there is none.
  /// - Throws: `ArchiveError`; `.damaged` where the newest entry can't be read: then nothing is known,
  ///   and nothing may be overwritten.
  public func current(of mesh: MeshFile) async throws -> ActiveSide {
    try await newest()?.side ?? ActiveSide(region: mesh.primary)
  }

  /// Makes a region the active side from now on.
  /// - Parameters:
  ///   - run: the run that brought the region to where it is, if one did.
  ///   - now: RFC 3339 in UTC.
  /// - Throws: `ArchiveError`; `.conflict` where somebody else switched at the same moment.
  @discardableResult
  public func activate(_ region: String, run: String?, now: String) async throws -> ActiveSide {
    let number = try await newest().map { $0.number + 1 } ?? 1
    let side = ActiveSide(region: region, since: now, run: run)
    let document: JSON = [
      "region": .string(region), "since": .string(now), "run": run.map(JSON.string) ?? .null,
    ]
    let bytes = Array((document.prettyText + "\n").utf8)
    let name = Self.name(number)
    if try await store.claim(name, bytes) { return side }
    guard try await store.read(name) == bytes else {
      throw ArchiveError(
        .conflict, "somebody else switched the active side at the same moment: look, and try again")
    }
    return side
  }

  private static func name(_ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".json"
  }

  private func newest() async throws -> (number: Int, side: ActiveSide)? {
    let numbers = try await store.list(prefix: Self.prefix).compactMap { blob in
      Int(blob.name.dropFirst(Self.prefix.count).prefix { $0 != "." })
    }
    guard let number = numbers.max() else { return nil }
    let bytes = try await store.read(Self.name(number))
    guard let document = try? JSON(parsing: bytes), let region = document["region"]?.string else {
      throw ArchiveError(
        .damaged, "\(Self.name(number)), which says which side is active, can't be read")
    }
    return (
      number,
      ActiveSide(
        region: region, since: document["since"]?.string, run: document["run"]?.string)
    )
  }
}
