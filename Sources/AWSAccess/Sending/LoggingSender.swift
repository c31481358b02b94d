import CanonicalJSON

/// What one operation has cost so far.
public struct AWSUsage: Sendable, Hashable {
  /// Calls that callers made, and those of them that failed in the end.
  public var calls = 0
  /// Calls that failed in the end.
  public var failures = 0
  /// Tries beyond the first.
  public var retries = 0
  /// Bytes of answers.
  public var bytes = 0
  /// Answers that said to slow down, before any retry.
  public var throttled = 0
}

/// Counts by operation, `glue.GetTables`.
public final class AWSStatistics: Sendable {
  private struct Key: Hashable {
    let service: String
    let operation: String
  }

  private let usage = Locked<[Key: AWSUsage]>([:])

  /// What has been counted until now.
  public var current: [String: AWSUsage] {
    let usage = usage.withLock { $0 }
    return Dictionary(
      uniqueKeysWithValues: usage.map { ("\($0.key.service).\($0.key.operation)", $0.value) })
  }

  private struct Busy {
    var calls = 0
    var since = 0.0
    var seconds = 0.0
  }

  private let busy = Locked(Busy())

  /// For how many seconds at least one call was under way, its pauses and retries included: time that
  /// was spent waiting for AWS. A stretch counts when it has ended.
  public var busySeconds: Double { busy.withLock { $0.seconds } }

  func began(now: Double) {
    busy.withLock { busy in
      if busy.calls == 0 { busy.since = now }
      busy.calls += 1
    }
  }

  func ended(now: Double) {
    busy.withLock { busy in
      busy.calls -= 1
      if busy.calls == 0 { busy.seconds += max(0, now - busy.since) }
    }
  }

  func count(_ operation: AWSOperation, _ change: (inout AWSUsage) -> Void) {
    let key = Key(service: operation.service.endpointPrefix, operation: operation.name)
    usage.withLock { change(&$0[key, default: AWSUsage()]) }
  }
}

/// The outermost sender: one line and one count for each call.
struct LoggingSender: AWSSender {
  let next: any AWSSender
  let log: AWSLog
  let clock: any AWSClock
  let statistics: AWSStatistics
  let redactor: Redactor

  func send(_ call: AWSCall) async throws -> AWSReply {
    let begin = clock.now()
    statistics.began(now: begin)
    defer { statistics.ended(now: clock.now()) }
    do {
      let reply = try await next.send(call)
      statistics.count(call.operation) { usage in
        usage.calls += 1
        usage.retries += reply.attempts - 1
        usage.bytes += reply.byteCount
      }
      write(
        call, begin,
        [
          ("status", JSON(reply.status)), ("bytes", JSON(reply.byteCount)),
          ("attempts", JSON(reply.attempts)), ("request", reply.requestID.map(JSON.string)),
        ])
      return reply
    } catch let failure as AWSFailure {
      statistics.count(call.operation) { usage in
        usage.calls += 1
        usage.failures += 1
        usage.retries += failure.attempts - 1
      }
      write(
        call, begin,
        [
          ("status", failure.status.map { JSON($0) }), ("attempts", JSON(failure.attempts)),
          ("request", failure.requestID.map(JSON.string)), ("error", .string(failure.code)),
          ("message", .string(redactor.cleaned(failure.message))),
        ])
      throw failure
    }
  }

  private func write(
    _ call: AWSCall, _ begin: Double, _ outcome: @autoclosure () -> [(String, JSON?)]
  ) {
    guard log.takes(.call) else { return }
    let milliseconds = JSON((clock.now() - begin) * 1000, decimals: 1)
    let fields: [(String, JSON?)] =
      [
        ("service", .string(call.operation.service.endpointPrefix)),
        ("operation", .string(call.operation.name)),
        ("account", call.account.map(JSON.string)), ("region", .string(call.region.name)),
      ] + outcome() + [("milliseconds", milliseconds)]
    log.write(
      AWSLogEvent(
        level: .call, message: "",
        fields: fields.compactMap { field in field.1.map { (name: field.0, value: $0) } }))
  }
}

/// Counts the answers that a retry would hide.
struct CountingSender: AWSSender {
  let next: any AWSSender
  let statistics: AWSStatistics

  func send(_ call: AWSCall) async throws -> AWSReply {
    do {
      return try await next.send(call)
    } catch let failure as AWSFailure {
      if failure.category == .throttled {
        statistics.count(call.operation) { $0.throttled += 1 }
      }
      throw failure
    }
  }
}
