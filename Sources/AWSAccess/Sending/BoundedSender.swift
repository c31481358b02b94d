/// Bounds how many calls are under way at once, from the first byte of the request until the answer
/// is read: so the memory that answers take is bounded, too.
///
/// Calls of STS are let through. Others that have their place may be waiting for the credentials
/// that it gives.
struct BoundedSender: AWSSender {
  let next: any AWSSender
  let turns: Turns

  func send(_ call: AWSCall) async throws -> AWSReply {
    if call.operation.service.id == AWSService.sts.id { return try await next.send(call) }
    return try await turns.run { try await next.send(call) }
  }
}
