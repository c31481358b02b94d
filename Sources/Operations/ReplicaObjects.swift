import AWSAccess
import Capture
import MeshModel
import Replication
import TableFormats

/// The objects of one table as they lie in replicas, asked for through S3.
struct ReplicaObjects: TableObjects {
  /// The replica of an object, by its bucket and key in the primary; nil where none is known.
  typealias Place = @Sendable (_ bucket: String, _ key: String) async throws -> BucketSite?

  private static let atOnce = 16

  private let place: Place
  private let folder: FolderFiles?

  /// - Parameter location: of the table: where most of its files are.
  init(below location: String, place: @escaping Place) {
    self.place = place
    folder = S3Location(location).flatMap { FolderFiles($0) }
  }

  /// GetObject of a range.
  func read(_ location: String, from offset: Int64, count: Int) async throws -> ObjectPart? {
    let (site, key) = try await replica(of: location)
    do {
      let begin = Int(offset)
      let part = try await site.s3.object(site.bucket, key, range: begin..<begin + count)
      return ObjectPart(bytes: part.bytes, size: Int64(part.head.size))
    } catch let failure as AWSFailure where failure.isNotFound && failure.code != "NoSuchBucket" {
      return nil
    } catch let failure as AWSFailure where failure.code == "InvalidRange" && offset == 0 {
      // An object of no bytes has no ranges.
      return ObjectPart(bytes: [], size: 0)
    }
  }

  /// HeadObject of each file; of a table with many, a listing of its folder.
  func presence(of files: [FileReference]) async throws -> [FilePresence] {
    let sizes = try await folder?.sizes(asking: files.count, place)
    let found = Guarded([FilePresence](repeating: .missing, count: files.count))
    try await forEachConcurrently(files.enumerated(), limit: Self.atOnce) { index, file in
      let presence = try await self.presence(of: file, sizes)
      found.withLock { $0[index] = presence }
    }
    return found.withLock(\.self)
  }

  /// ListObjectsV2, with the locations of the primary.
  func list(_ prefix: String) async throws -> [ListedObject] {
    let (site, key) = try await replica(of: prefix)
    let root = String(prefix.dropLast(key.count))
    let listing = site.s3.objects(site.bucket, prefix: key).makeAsyncIterator()
    defer { listing.stop() }
    var found: [ListedObject] = []
    while let page = try await listing.next() {
      for entry in page.entries {
        found.append(
          ListedObject(
            location: root + page.key(entry), size: Int64(entry.size),
            modified: Int64(try page.modified(entry) * 1000)))
      }
    }
    return found
  }

  private func presence(
    of file: FileReference, _ sizes: FolderFiles.Sizes?
  ) async throws -> FilePresence {
    if let sizes, let known = sizes.size(of: file.location) {
      return Self.presence(of: file, size: known)
    }
    do {
      let (site, key) = try await replica(of: file.location)
      let version = try await site.s3.version(site.bucket, key)
      return Self.presence(of: file, size: (version?.size).map(Int64.init))
    } catch let failure as AWSFailure {
      return .unknown(failure.description)
    } catch let failure as NoReplica {
      return .unknown(failure.description)
    }
  }

  private static func presence(of file: FileReference, size: Int64?) -> FilePresence {
    guard let size else { return .missing }
    return file.size.map { $0 == size } ?? true ? .present : .differs(size: size)
  }

  private func replica(of location: String) async throws -> (site: BucketSite, key: String) {
    guard let parts = S3Location(location) else {
      throw NoReplica(description: "it is no location in S3")
    }
    let key = String(parts.rest.dropFirst())
    guard let site = try await place(parts.bucket, key) else {
      throw NoReplica(description: "no replica of bucket \(parts.bucket) is known")
    }
    return (site, key)
  }
}

/// Why an object can't be looked for.
private struct NoReplica: Error, CustomStringConvertible {
  let description: String
}

/// The sizes of the files in a table's folder: one listing in place of many calls, as soon as so many
/// files were asked for that it is cheaper.
actor FolderFiles {
  /// Up to so many files each is asked for by itself.
  private static let few = 64
  /// Of a longer listing nothing is kept: each file is asked for by itself.
  private static let most = 1_000_000

  /// Sizes by digests of the keys.
  struct Sizes: Sendable {
    fileprivate let root: String
    fileprivate var sizes: [KeyDigest: Int64] = [:]

    /// Nil for a location elsewhere; a size of nil where there is no such object.
    func size(of location: String) -> Int64?? {
      guard location.utf8.starts(with: root.utf8) else { return nil }
      return .some(sizes[KeyDigest(location.utf8.dropFirst(root.utf8.count))])
    }
  }

  private let bucket: String
  private let prefix: String
  private let root: String
  private var asked = 0
  private var listing: Task<Sizes?, any Error>?

  /// Nil for a whole bucket.
  init?(_ location: S3Location) {
    let path = String(location.rest.dropFirst())
    guard !path.isEmpty else { return nil }
    bucket = location.bucket
    prefix = path.hasSuffix("/") ? path : path + "/"
    root = "\(location.scheme)://\(bucket)/\(prefix)"
  }

  /// Nil while few were asked for, and where the folder can't be listed or is too large.
  /// - Throws: `CancellationError`.
  func sizes(asking count: Int, _ place: @escaping ReplicaObjects.Place) async throws -> Sizes? {
    asked += count
    guard asked > Self.few || listing != nil else { return nil }
    let task =
      listing ?? Task { [bucket, prefix, root] in try await Self.list(bucket, prefix, root, place) }
    listing = task
    do {
      return try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
    } catch is AWSFailure {
      return nil
    }
  }

  private static func list(
    _ bucket: String, _ prefix: String, _ root: String, _ place: ReplicaObjects.Place
  ) async throws -> Sizes? {
    guard let site = try await place(bucket, prefix) else { return nil }
    var found = Sizes(root: root)
    let objects = site.s3.objects(site.bucket, prefix: prefix).makeAsyncIterator()
    defer { objects.stop() }
    while let page = try await objects.next() {
      guard found.sizes.count + page.entries.count <= most else { return nil }
      for entry in page.entries {
        let key = page.bytes[entry.key].dropFirst(prefix.utf8.count)
        found.sizes[KeyDigest(key)] = Int64(entry.size)
      }
    }
    return found
  }
}

/// 128 bits that stand for a key, of a hash whose seed nobody outside knows.
private struct KeyDigest: Hashable {
  private let first: Int
  private let second: Int

  init(_ key: some Sequence<UInt8>) {
    var (one, two) = (Hasher(), Hasher())
    two.combine(1)
    for byte in key {
      one.combine(byte)
      two.combine(byte)
    }
    (first, second) = (one.finalize(), two.finalize())
  }
}
