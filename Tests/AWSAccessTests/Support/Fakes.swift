import CanonicalJSON
import Foundation
import Testing

@testable import AWSAccess

/// A clock that stands still except where somebody sleeps on it.
final class FakeClock: AWSClock {
  private let time: Locked<Double>
  /// What `wallTime` is ahead of `now`.
  private let wall: Double

  init(now: Double = 0, wall: Double = 1_790_000_000) {
    time = Locked(now)
    self.wall = wall
  }

  func now() -> Double { time.withLock { $0 } }

  func wallTime() -> Double { wall + now() }

  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    time.withLock { $0 += max(0, seconds) }
    await Task.yield()
  }

  func advance(_ seconds: Double) {
    time.withLock { $0 += seconds }
  }
}

/// Answers calls from a list, one after the other, and keeps what it was asked.
final class ScriptedSender: AWSSender {
  typealias Step = @Sendable (AWSCall) throws -> AWSReply

  private let state: Locked<(steps: [Step], calls: [AWSCall])>

  init(_ steps: [Step]) {
    state = Locked((steps, []))
  }

  var calls: [AWSCall] { state.withLock { $0.calls } }

  func send(_ call: AWSCall) async throws -> AWSReply {
    let step = state.withLock { state -> Step? in
      state.calls.append(call)
      return state.steps.isEmpty ? nil : state.steps.removeFirst()
    }
    guard let step else {
      throw AWSFailure(code: "ScriptEnded", message: "no answer is left")
    }
    return try step(call)
  }
}

extension AWSReply {
  /// An answer with a body of JSON.
  static func json(_ text: String) -> AWSReply { AWSReply(body: Array(text.utf8)) }
}

/// Answers requests with a function.
struct FakeTransport: HTTPTransport {
  let answer: @Sendable (HTTPRequest) throws -> HTTPResponse

  func perform(_ request: HTTPRequest) async throws -> HTTPResponse { try answer(request) }
}

extension HTTPResponse {
  static func text(_ text: String, status: Int = 200, headers: HTTPHeaders = []) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }
}

/// Collects values from any thread.
final class Collected<Value: Sendable>: Sendable {
  private let values = Locked<[Value]>([])

  var all: [Value] { values.withLock { $0 } }

  func add(_ value: Value) {
    values.withLock { $0.append(value) }
  }
}

/// A folder that is gone when the test ends.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/meshdr-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = FileManager.default.createFile(
      atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    return file
  }
}

extension AWSClient {
  /// A client over a sender, on a clock that no test waits for.
  static func over(_ sender: any AWSSender) -> AWSClient {
    AWSClient(
      account: "111111111111", region: AWSRegion("eu-west-1"), sender: sender, clock: FakeClock())
  }
}

/// The code of the failure that `body` ends with; nil when it ends without.
func failureCode(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch let failure as AWSFailure {
    return failure.code
  } catch {
    return "\(error)"
  }
}
