import CanonicalJSON
import Foundation
import Testing

extension StandIn {
  /// Starts the program and kills it while it waits for the answer to a call.
  /// - Parameters:
  ///   - after: how many calls of the operation pass before.
  ///   - isDone: whether the call is carried out, and only its answer is missing.
  func startAndKill(
    _ arguments: [String], at operation: String, in region: String, after: Int = 0, isDone: Bool
  ) throws {
    try control(
      "POST", "faults",
      [
        "operation": .string(operation), "region": .string(region),
        "action": isDone ? "slow-body" : "stall", "seconds": 60, "after": JSON(after), "times": 1,
      ])
    let running = try start(arguments)
    var fired = 0
    for _ in 0..<600 where fired == 0 {
      Thread.sleep(forTimeInterval: 0.05)
      fired = try control("GET", "faults")["faults"]?.array?.first?["fired"]?.integer ?? 0
    }
    running.send(SIGKILL)
    _ = running.finish()
    try control("DELETE", "faults")
    #expect(fired > 0, "call \(after) of \(operation) did not come")
  }
}
