import AWSAccess
import CanonicalJSON
import Foundation
import S3Store
import SnapshotStore
import Synchronization

/// A bucket in memory, as far as the store asks for it. Answers like S3, one call after the other.
final class FakeS3: AWSSender {
  struct Object {
    var bytes: [UInt8]
    var headers: [(String, String)]
  }

  private struct Upload {
    let key: String
    let input: JSON
    var parts: [Int: [UInt8]] = [:]
  }

  private struct State {
    var objects: [String: Object] = [:]
    var uploads: [String: Upload] = [:]
    var lastID = 0
    var calls: [String] = []
  }

  private let state = Mutex(State())

  var objects: [String: Object] { state.withLock { $0.objects } }
  var unfinished: Int { state.withLock { $0.uploads.count } }
  var calls: [String] { state.withLock { $0.calls } }

  func set(_ key: String, _ bytes: [UInt8]) {
    state.withLock { $0.objects[key]?.bytes = bytes }
  }

  func send(_ call: AWSCall) async throws -> AWSReply {
    let input = call.input
    let key = input["Key"]?.string ?? ""
    return try state.withLock { state in
      state.calls.append(call.operation.name)
      switch call.operation.name {
      case "HeadBucket": return AWSReply(headers: [("x-amz-bucket-region", call.region.name)])
      case "HeadObject", "GetObject": return try Self.get(state.objects[key], input, call)
      case "PutObject":
        try Self.refuseTaken(state.objects[key], input)
        state.objects[key] = Self.object(call.body ?? [], input)
        return AWSReply(headers: [("ETag", "\"e\"")])
      case "DeleteObject":
        state.objects[key] = nil
        return AWSReply(status: 204)
      case "ListObjectsV2": return Self.list(state.objects, input)
      case "CreateMultipartUpload":
        state.lastID += 1
        state.uploads["u\(state.lastID)"] = Upload(key: key, input: input)
        return .xml("<R><UploadId>u\(state.lastID)</UploadId></R>")
      case "UploadPart":
        let (id, number) = (input["UploadId"]?.string ?? "", input["PartNumber"]?.integer ?? 0)
        guard state.uploads[id] != nil else { throw failure("NoSuchUpload", 404) }
        state.uploads[id]?.parts[number] = call.body
        return AWSReply(headers: [("ETag", "\"\(number)\"")])
      case "CompleteMultipartUpload": return try Self.complete(&state, input)
      case "PutObjectRetention":
        let lock = input["Retention"]
        state.objects[key]?.headers = Self.lock(lock?["Mode"], lock?["RetainUntilDate"])
        return AWSReply()
      case "AbortMultipartUpload":
        guard state.uploads.removeValue(forKey: input["UploadId"]?.string ?? "") != nil else {
          throw failure("NoSuchUpload", 404)
        }
        return AWSReply(status: 204)
      default: throw failure("NotImplemented", 501)
      }
    }
  }

  private static func get(_ object: Object?, _ input: JSON, _ call: AWSCall) throws -> AWSReply {
    guard let object else { throw failure("NoSuchKey", 404) }
    var body = object.bytes
    var headers = object.headers + [("ETag", "\"\(object.bytes.count)\"")]
    if let range = input["Range"]?.string {
      let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
      guard ends[0] < body.count else { throw failure("InvalidRange", 416) }
      let last = min(ends[1], body.count - 1)
      headers.append(("Content-Range", "bytes \(ends[0])-\(last)/\(body.count)"))
      body = Array(body[ends[0]...last])
    }
    headers.append(("Content-Length", "\(body.count)"))
    var reply = AWSReply(body: call.operation.name == "HeadObject" ? [] : body)
    for (name, value) in headers { reply.headers.append(name, value) }
    return reply
  }

  private static func refuseTaken(_ object: Object?, _ input: JSON) throws {
    guard object != nil, input["IfNoneMatch"] == "*" else { return }
    throw failure("PreconditionFailed", 412)
  }

  private static func object(_ bytes: [UInt8], _ input: JSON) -> Object {
    let metadata = (input["Metadata"]?.object ?? [:]).map { name, value in
      ("x-amz-meta-\(name)", value.string ?? "")
    }
    let lock = Self.lock(input["ObjectLockMode"], input["ObjectLockRetainUntilDate"])
    return Object(bytes: bytes, headers: metadata + lock)
  }

  private static func lock(_ mode: JSON?, _ until: JSON?) -> [(String, String)] {
    guard let mode = mode?.string, let until = until?.string else { return [] }
    return [
      ("x-amz-object-lock-mode", mode), ("x-amz-object-lock-retain-until-date", until),
    ]
  }

  private static func complete(_ state: inout State, _ input: JSON) throws -> AWSReply {
    let id = input["UploadId"]?.string ?? ""
    guard let upload = state.uploads[id] else { throw failure("NoSuchUpload", 404) }
    try refuseTaken(state.objects[upload.key], input)
    let parts = input["MultipartUpload"]?["Parts"]?.array ?? []
    let bytes = parts.flatMap { upload.parts[$0["PartNumber"]?.integer ?? 0] ?? [] }
    state.objects[upload.key] = object(bytes, upload.input)
    state.uploads[id] = nil
    return .xml("<R><Key>k</Key></R>")
  }

  /// Pages of three.
  private static func list(_ objects: [String: Object], _ input: JSON) -> AWSReply {
    let prefix = input["Prefix"]?.string ?? ""
    let after = input["ContinuationToken"]?.string ?? ""
    let keys = objects.keys.filter { $0.hasPrefix(prefix) && $0 > after }.sorted()
    let page = keys.prefix(3).map {
      "<Contents><Key>\($0)</Key><Size>\(objects[$0]?.bytes.count ?? 0)</Size></Contents>"
    }
    let next = keys.count > 3 ? "<NextContinuationToken>\(keys[2])</NextContinuationToken>" : ""
    return .xml("<R>\(page.joined())\(next)</R>")
  }
}

func failure(_ code: String, _ status: Int) -> AWSFailure {
  AWSFailure(
    code: code, message: "", status: status,
    category: status >= 500 || code == "ConditionalRequestConflict" ? .transient : .final)
}

extension AWSReply {
  static func xml(_ text: String) -> AWSReply { AWSReply(body: Array(text.utf8)) }
}

/// Stands still but where somebody sleeps on it, which takes no time.
final class HastyClock: AWSClock {
  private let passed = Mutex(0.0)

  func now() -> Double { passed.withLock(\.self) }
  func wallTime() -> Double { 1_800_000_000 + now() }
  func pass(days: Double) { passed.withLock { $0 += days * 86_400 } }

  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    passed.withLock { $0 += max(0, seconds) }
    await Task.yield()
  }
}

extension S3Store {
  /// A store over a sender, behind everything that stands before one: retry, pacing, decoding.
  static func over(
    _ sender: any AWSSender, options: S3StoreOptions = S3StoreOptions(),
    clock: HastyClock = HastyClock(), scratchDirectory: String = NSTemporaryDirectory()
  ) throws -> S3Store {
    var configuration = try AWSConfiguration(environment: [
      "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret-key",
    ])
    configuration.clock = clock
    configuration.intercept = { _ in sender }
    let session = try AWSSession(configuration: configuration)
    let home = BucketHome(bucket: "b", candidates: [AWSRegion("eu-west-1")]) { region in
      try await session.client(account: "", role: nil, region: region)
    }
    return S3Store(
      bucket: "b", prefix: "p", options: options, home: home, scratchDirectory: scratchDirectory,
      clock: clock)
  }
}
