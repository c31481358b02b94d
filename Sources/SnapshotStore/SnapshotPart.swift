import CanonicalJSON
import MeshModel

/// What one of several machines has captured of a snapshot. Once all parts are there they are joined
/// and sealed; until then there is no snapshot.
public struct SnapshotPart: Sendable, Hashable {
  /// What the capture of one account came to on this machine.
  public struct Account: Sendable, Hashable {
    /// Twelve digits.
    public let id: String
    /// The name that the mesh has for it.
    public let name: String
    /// Whether it was to be captured; false where `--account` left it out.
    public let selected: Bool
    /// Whether it could be entered.
    public var reached = false
    /// What the reader lacks to see everything.
    public var shortcomings: [CaptureError] = []
    /// What could not be listed of what belongs to no database.
    public var errors: [CaptureError] = []
    /// What could not be listed of each database.
    public var databaseErrors: [String: [CaptureError]] = [:]
    /// When each database of the share was listed; nil where that is not known.
    public var databases: [ListedDatabase]?
    /// What had changed once more at the last look; nil where nobody looked a second time.
    public var moving: [RecordKey]?

    public init(id: String, name: String, selected: Bool = true) {
      self.id = id
      self.name = name
      self.selected = selected
    }

    /// Whether every listing came to its end: what is missing is then not there.
    public var isListed: Bool { reached && errors.isEmpty && databaseErrors.isEmpty }

    /// In an order that does not depend on who captured what.
    public var allErrors: [CaptureError] {
      let names = databaseErrors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return shortcomings + errors + names.flatMap { databaseErrors[$0] ?? [] }
    }
  }

  /// The id that the snapshot will have.
  public let snapshot: String
  public let shard: Shard
  /// Of the meshdr that wrote it.
  public let meshdrVersion: String
  public let mesh: String
  public let region: String
  /// When this capture began and ended.
  public let began: UTCTime
  public let finished: UTCTime
  /// All accounts of the mesh, in the order of the mesh.
  public let accounts: [Account]
  /// The mesh file, word for word.
  public let meshFile: String
  public let warnings: [String]
  /// The packs of the shard's share.
  public let packs: [ManifestPack]
  /// How many of them were not there before.
  public let written: SnapshotWriter.Packs

  public init(
    snapshot: String, shard: Shard, meshdrVersion: String, mesh: String, region: String,
    began: UTCTime, finished: UTCTime, accounts: [Account], meshFile: String, warnings: [String],
    packs: [ManifestPack], written: SnapshotWriter.Packs
  ) {
    self.snapshot = snapshot
    self.shard = shard
    self.meshdrVersion = meshdrVersion
    self.mesh = mesh
    self.region = region
    self.began = began
    self.finished = finished
    self.accounts = accounts
    self.meshFile = meshFile
    self.warnings = warnings
    self.packs = packs.sorted { $0.members[0].firstKey < $1.members[0].firstKey }
    self.written = written
  }

  /// Whether all that was selected could be captured.
  public var isWhole: Bool {
    accounts.filter(\.selected).allSatisfy { $0.reached && $0.allErrors.isEmpty }
  }

  /// The number of records by the kind's name.
  public var counts: [String: Int] { countRecords(packs) }
}

// MARK: - Its file

extension SnapshotPart {
  static func folder(_ id: String) -> String { "parts/\(id)/" }

  /// Named by its content, too: a shard that is run twice leaves two parts.
  var blobName: String {
    let digest = SHA256.digest(fileBytes).prefix(16)
    return "\(Self.folder(snapshot))\(shard.number)-of-\(shard.count).\(digest).json"
  }

  var fileBytes: [UInt8] {
    let json: JSON = [
      "format": JSON(Manifest.formatVersion), "meshdr": .string(meshdrVersion),
      "snapshot": .string(snapshot), "shard": .string(shard.description), "mesh": .string(mesh),
      "region": .string(region), "began": .string(began.description),
      "finished": .string(finished.description), "accounts": .array(accounts.map(\.json)),
      "meshFile": .string(meshFile), "warnings": JSON(warnings),
      "packs": .array(packs.map(\.json)), "written": JSON(written.written),
      "reused": JSON(written.reused), "bytes": JSON(written.bytes),
    ]
    return json.canonicalBytes + [UInt8(ascii: "\n")]
  }

  /// - Throws: `ArchiveError` (`.damaged`, `.newerFormat`).
  init(fileBytes: [UInt8], blob: String) throws {
    let json: JSON
    do { json = try JSON(parsing: fileBytes) } catch {
      throw ArchiveError.damaged("\(blob) is no JSON", cause: error)
    }
    let fields = Fields(json, blob)
    guard try fields.count("format") <= Manifest.formatVersion else {
      throw ArchiveError(.newerFormat, "\(blob) was written by a newer meshdr")
    }
    guard let shard = Shard(try fields.string("shard")) else { throw fields.wrong("shard") }
    var written = SnapshotWriter.Packs()
    written.written = try fields.count("written")
    written.reused = try fields.count("reused")
    written.bytes = try fields.count("bytes")
    self.init(
      snapshot: try fields.string("snapshot"), shard: shard,
      meshdrVersion: try fields.string("meshdr"), mesh: try fields.string("mesh"),
      region: try fields.string("region"), began: try fields.time("began"),
      finished: try fields.time("finished"),
      accounts: try fields.objects("accounts").map(Account.init),
      meshFile: try fields.string("meshFile"), warnings: try fields.strings("warnings"),
      packs: try fields.objects("packs").map(ManifestPack.init), written: written)
    guard blobName == blob, packs.allSatisfy({ shard.takes($0.group) }) else {
      throw ArchiveError.damaged("\(blob) is not what was written under that name")
    }
  }
}

extension SnapshotPart.Account {
  fileprivate var json: JSON {
    var json: JSON = [
      "id": .string(id), "name": .string(name), "selected": .bool(selected),
      "reached": .bool(reached), "shortcomings": .array(shortcomings.map(\.json)),
      "errors": .array(errors.map(\.json)),
      "databaseErrors": .array(
        databaseErrors.sorted { $0.key < $1.key }.map { name, errors in
          ["database": .string(name), "errors": .array(errors.map(\.json))]
        }),
    ]
    if let databases { json["databases"] = .array(databases.map(\.json)) }
    if let moving { json["moving"] = JSON(moving.map(\.text)) }
    return json
  }

  fileprivate init(_ fields: Fields) throws {
    self.init(
      id: try fields.string("id"), name: try fields.string("name"),
      selected: try fields.bool("selected"))
    reached = try fields.bool("reached")
    shortcomings = try fields.objects("shortcomings").map(CaptureError.init)
    errors = try fields.objects("errors").map(CaptureError.init)
    for database in try fields.objects("databaseErrors") {
      databaseErrors[try database.string("database")] = try database.objects("errors")
        .map(CaptureError.init)
    }
    if fields.has("databases") {
      databases = try fields.objects("databases").map(ListedDatabase.init)
    }
    if fields.has("moving") { moving = try fields.keys("moving") }
  }
}
