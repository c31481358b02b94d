import AWSAccess
import CanonicalJSON

/// The own door of the AWS stand-in: what it shall do, and what it has seen. It judges all clients
/// alike, for it counts what arrived.
struct StandInControl: Sendable {
  /// What one account has asked for since its limit was set.
  struct Count: Sendable {
    var calls = 0
    var throttled = 0
  }

  let endpoint: String
  let transport = CurlTransport()

  /// Makes accounts with the role that the clients assume.
  /// - Throws: `HTTPFailure`, `BenchmarkError`, `JSONError`.
  func make(_ accounts: [String]) async throws {
    let specs: [JSON] = accounts.map { id in
      ["id": .string(id), "name": .string("pacing-\(id.suffix(2))"), "roles": ["benchmark"]]
    }
    try await send("POST", "accounts", ["accounts": .array(specs)])
  }

  /// Replaces all limits. Every answer takes 30 ms; throttled ones, too.
  /// - Parameter rates: calls a second by account; the bucket holds those of one second.
  /// - Throws: as `make`.
  func limit(_ rates: [String: Int]) async throws {
    try await send("DELETE", "faults")
    let rules: [JSON] = rates.flatMap { account, rate -> [JSON] in
      let place: [String: JSON] = ["service": "glue", "account": .string(account)]
      let latency: [String: JSON] = ["action": "latency", "milliseconds": 30]
      let limit: [String: JSON] = ["action": "limit", "rate": JSON(rate)]
      return [latency, limit].map { .object($0.merging(place) { $1 }) }
    }
    try await send("POST", "faults", ["faults": .array(rules)])
  }

  /// What was counted since the last `limit`, by account.
  /// - Throws: as `make`.
  func counts() async throws -> [String: Count] {
    let rules = try await send("GET", "faults")["faults"]?.array ?? []
    var counts: [String: Count] = [:]
    for rule in rules where rule["action"] == "limit" {
      guard let account = rule["account"]?.string else { continue }
      counts[account] = Count(calls: number(rule["matched"]), throttled: number(rule["fired"]))
    }
    return counts
  }

  private func number(_ value: JSON?) -> Int { value.flatMap { Int($0.canonicalText) } ?? 0 }

  @discardableResult
  private func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
    let request = HTTPRequest(
      method: method, url: "\(endpoint)/_standin/\(path)",
      body: body.map { Array($0.canonicalText.utf8) } ?? [], direct: true)
    let response = try await transport.perform(request)
    guard response.status == 200 else {
      throw BenchmarkError("the stand-in answers \(method) \(path) with \(response.status)")
    }
    return try JSON(parsing: response.body)
  }
}

/// Why there is no result.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
