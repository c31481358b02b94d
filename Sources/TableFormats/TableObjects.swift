/// The objects of a table as they lie in the replica.
///
/// Locations are those that the table's own metadata holds: absolute, in the lost bucket. Whoever
/// implements this maps them to the replica, and may answer from a listing that it has already.
/// A thrown error means that it is not known; `CancellationError` passes through.
public protocol TableObjects: Sendable {
  /// Bytes from `offset` on, at most `count`, fewer only at the object's end (GetObject with
  /// `Range`).
  /// - Returns: nil where the replica has no such object.
  func read(_ location: String, from offset: Int64, count: Int) async throws -> ObjectPart?

  /// Which of these files the replica has, in their order; at most 1,000 are asked for at once
  /// (HeadObject, or a listing).
  func presence(of files: [FileReference]) async throws -> [FilePresence]

  /// The objects whose location begins with `prefix`, in any order (ListObjectsV2).
  func list(_ prefix: String) async throws -> [ListedObject]
}

/// A piece of an object, and how large the whole is.
public struct ObjectPart: Sendable, Hashable {
  public let bytes: [UInt8]
  public let size: Int64

  public init(bytes: [UInt8], size: Int64) {
    self.bytes = bytes
    self.size = size
  }
}

/// A file that a table's metadata names, with its size where the metadata says it.
public struct FileReference: Sendable, Hashable {
  public let location: String
  public let size: Int64?

  public init(location: String, size: Int64? = nil) {
    self.location = location
    self.size = size
  }
}

public enum FilePresence: Sendable, Hashable {
  case present
  case missing
  /// There, but of another size than the metadata says.
  case differs(size: Int64)
  /// Not to be told, with the reason: a location that no replica is known of, an answer refused.
  case unknown(String)
}

public struct ListedObject: Sendable, Hashable {
  public let location: String
  public let size: Int64
  /// Milliseconds since 1970.
  public let modified: Int64?

  public init(location: String, size: Int64, modified: Int64?) {
    self.location = location
    self.size = size
    self.modified = modified
  }
}
