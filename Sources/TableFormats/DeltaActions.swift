import CanonicalJSON
import FileFormats

/// A file that an action adds, as JSON and Parquet have it.
struct DeltaFile {
  let path: String
  /// Bytes.
  let size: Int64?
  let vector: DeltaVector?

  /// What tells it from others: a file counts once with each deletion vector.
  var key: String { Self.key(path, vector) }

  static func key(_ path: String, _ vector: DeltaVector?) -> String {
    let offset = vector?.offset.map { "@\($0)" } ?? ""
    return path + "|" + (vector?.text ?? "") + offset
  }

  /// - Throws: `FormatError` for an action without a path.
  init(_ action: JSON) throws {
    path = try Self.path(of: action)
    size = action["size"]?.integer.map(Int64.init)
    vector = try action.part("deletionVector").map { try DeltaVector($0) }
  }

  init(path: String, size: Int64?, vector: DeltaVector?) {
    self.path = path
    self.size = size
    self.vector = vector
  }

  static func path(of action: JSON) throws -> String {
    guard let path = action["path"]?.string else {
      throw FormatError("it has an action without a path")
    }
    return path
  }
}

/// A deletion vector's descriptor.
struct DeltaVector {
  let kind: String
  /// A path, a UUID, or the vector itself.
  let text: String
  let offset: Int64?

  init(kind: String, text: String, offset: Int64?) {
    self.kind = kind
    self.text = text
    self.offset = offset
  }

  /// - Throws: `FormatError` for one without its parts.
  init(_ json: JSON) throws {
    guard let kind = json["storageType"]?.string, let text = json["pathOrInlineDv"]?.string else {
      throw FormatError("it has a deletion vector of an unknown form")
    }
    self.init(kind: kind, text: text, offset: json["offset"]?.integer.map(Int64.init))
  }
}

extension JSON {
  /// A member that is not null.
  func part(_ name: String) -> JSON? { self[name].flatMap { $0 == .null ? nil : $0 } }
}

/// What a table asks of its readers.
enum DeltaProtocol {
  /// What a reader has to know to tell which files a version has: none of these changes that, but
  /// deletion vectors and checkpoints, which are followed.
  private static let known: Set<String> = [
    "columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "typeWidening-preview",
    "v2Checkpoint", "vacuumProtocolCheck", "variantType", "variantType-preview",
    "variantShredding", "variantShredding-preview",
  ]

  /// - Throws: `FormatError` for a version or feature that is not known.
  static func check(version: Int64?, features: [String]) throws {
    if let version, version > 3 {
      throw FormatError("it asks for reader version \(version), which is not known")
    }
    if let feature = features.first(where: { !known.contains($0) }) {
      throw FormatError("it asks for the reader feature \(feature), which is not known")
    }
  }

  static func check(_ action: JSON) throws {
    try check(
      version: action["minReaderVersion"]?.integer.map(Int64.init),
      features: action["readerFeatures"]?.strings ?? [])
  }
}
