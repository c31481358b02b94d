import AWSAccess
import CanonicalJSON
import Capture
import Foundation

/// Buckets in memory, asked as S3 is: ListObjectsV2, HeadObject, GetObject. Other calls are errors.
public final class BucketsInMemory: AWSSender {
  public struct Object: Sendable {
    public var size: Int
    public var etag: String
    /// Seconds since 1970.
    public var modified: Int
    public var version: String
    public var status: String?
    public var bytes: [UInt8]?

    public init(
      size: Int = 10, etag: String = "e", modified: Int, version: String, status: String? = nil,
      bytes: [UInt8]? = nil
    ) {
      self.size = bytes?.count ?? size
      self.etag = etag
      self.modified = modified
      self.version = version
      self.status = status
      self.bytes = bytes
    }
  }

  private struct State {
    var buckets: [String: [String: Object]] = [:]
    var keys: [String: [String]] = [:]
    var denied: Set<String> = []
    var inventories: [String: [JSON]] = [:]
    var calls: [String] = []
  }

  private let state = Guarded(State())

  public init() {}

  /// What was called, in order: `HeadObject lake/a`.
  public var calls: [String] { state.withLock(\.calls) }

  /// Refuses an operation in a bucket.
  public func deny(_ operation: String, _ bucket: String) {
    state.withLock { _ = $0.denied.insert("\(operation) \(bucket)") }
  }

  /// Inventory configurations of a bucket.
  public func setInventories(_ bucket: String, _ configurations: [JSON]) {
    state.withLock { $0.inventories[bucket] = configurations }
  }

  public func put(_ bucket: String, _ objects: [String: Object]) {
    state.withLock {
      $0.buckets[bucket, default: [:]].merge(objects) { _, new in new }
      $0.keys[bucket] = nil
    }
  }

  public func keys(_ bucket: String) -> [String] {
    state.withLock { ($0.buckets[bucket] ?? [:]).keys.sorted() }
  }

  public func object(_ bucket: String, _ key: String) -> Object? {
    state.withLock { $0.buckets[bucket]?[key] }
  }

  public func remove(_ bucket: String, _ key: String) {
    state.withLock {
      $0.buckets[bucket]?[key] = nil
      $0.keys[bucket] = nil
    }
  }

  /// A client whose calls come here.
  public func client(account: String = "111111111111", region: String = "us-east-1") -> AWSClient {
    AWSClient(account: account, region: AWSRegion(region), sender: self)
  }

  public func send(_ call: AWSCall) async throws -> AWSReply {
    let bucket = call.input["Bucket"]?.string ?? ""
    let (operation, key) = (call.operation.name, call.input["Key"]?.string ?? "")
    return try state.withLock { state in
      state.calls.append("\(operation) \(bucket)" + (key.isEmpty ? "" : "/\(key)"))
      guard !state.denied.contains("\(operation) \(bucket)") else {
        throw AWSFailure(code: "AccessDenied", message: "denied", operation: operation)
      }
      guard let objects = state.buckets[bucket] else {
        throw AWSFailure(code: "NoSuchBucket", message: bucket, operation: operation)
      }
      switch operation {
      case "ListObjectsV2":
        let keys = state.keys[bucket] ?? objects.keys.sorted()
        state.keys[bucket] = keys
        return Self.list(keys, objects, call.input)
      case "ListBucketInventoryConfigurations":
        var reply = AWSReply()
        let list = JSON.array(state.inventories[bucket] ?? [])
        reply.content = .value(["InventoryConfigurationList": list])
        return reply
      case "HeadObject", "GetObject":
        guard let object = objects[key] else {
          throw AWSFailure(code: "NoSuchKey", message: key, operation: operation)
        }
        return try Self.get(object, call)
      default: throw AWSFailure(code: "NotInTheScript", message: operation, operation: operation)
      }
    }
  }

  private static func get(_ object: Object, _ call: AWSCall) throws -> AWSReply {
    var reply = AWSReply()
    var body = call.operation.name == "GetObject" ? object.bytes ?? [] : []
    var length = object.size
    if let range = call.input["Range"]?.string {
      let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
      guard ends[0] < body.count else {
        throw AWSFailure(code: "InvalidRange", message: range, operation: "GetObject")
      }
      let last = min(ends[1], body.count - 1)
      reply.headers.append("Content-Range", "bytes \(ends[0])-\(last)/\(body.count)")
      body = Array(body[ends[0]...last])
      length = body.count
    }
    reply.headers.append("Content-Length", "\(length)")
    reply.headers.append("ETag", "\"\(object.etag)\"")
    reply.body = body
    guard case .value = call.form else { return reply }
    var value: JSON = [
      "ContentLength": .string("\(object.size)"), "ETag": .string("\"\(object.etag)\""),
      "VersionId": .string(object.version),
      "LastModified": .string(time(object.modified, http: true)),
    ]
    value["ReplicationStatus"] = object.status.map(JSON.string)
    reply.content = .value(value)
    return reply
  }

  private static func list(
    _ keys: [String], _ objects: [String: Object], _ input: JSON
  ) -> AWSReply {
    let prefix = Array((input["Prefix"]?.string ?? "").utf8)
    let after = input["ContinuationToken"]?.string ?? input["StartAfter"]?.string ?? ""
    // Keys are in the order of their bytes: the first that comes behind is found by halving.
    let floor = max(after, input["Prefix"]?.string ?? "")
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].utf8.lexicographicallyPrecedes(floor.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    let wanted = keys[low...].lazy.filter { $0 != after || after.isEmpty }
      .prefix { $0.utf8.starts(with: prefix) }.prefix(1001)
    let found = Array(wanted)
    if let delimiter = input["Delimiter"]?.string {
      return groups(found, input["Prefix"]?.string ?? "", delimiter)
    }
    let page = found.prefix(1000)
    let contents = page.map { key in
      let object = objects[key]
      return "<Contents><Key>\(key)</Key><LastModified>\(time(object?.modified ?? 0, http: false))"
        + "</LastModified><ETag>&quot;\(object?.etag ?? "")&quot;</ETag><Size>\(object?.size ?? 0)</Size></Contents>"
    }
    let next =
      found.count > 1000
      ? "<NextContinuationToken>\(page.last ?? "")</NextContinuationToken>" : ""
    let text =
      "<ListBucketResult><Name>b</Name>\(next)<KeyCount>\(page.count)</KeyCount>"
      + "<IsTruncated>\(found.count > 1000)</IsTruncated>\(contents.joined())</ListBucketResult>"
    return AWSReply(body: Array(text.utf8))
  }

  /// One page of what keys have in common up to the delimiter; the others are left out.
  private static func groups(_ keys: [String], _ prefix: String, _ delimiter: String) -> AWSReply {
    var names: Set<String> = []
    for key in keys {
      let rest = key.dropFirst(prefix.count)
      guard let end = rest.range(of: delimiter) else { continue }
      names.insert(prefix + rest[..<end.upperBound])
    }
    let groups = names.sorted().map { "<CommonPrefixes><Prefix>\($0)</Prefix></CommonPrefixes>" }
    let text =
      "<ListBucketResult><Name>b</Name><KeyCount>\(names.count)</KeyCount>"
      + "<IsTruncated>false</IsTruncated>\(groups.joined())</ListBucketResult>"
    return AWSReply(body: Array(text.utf8))
  }

  private static func time(_ seconds: Int, http: Bool) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let room = 64
    var text = [CChar](repeating: 0, count: room)
    strftime(
      &text, room, http ? "%a, %d %b %Y %H:%M:%S GMT" : "%Y-%m-%dT%H:%M:%S.000Z", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
