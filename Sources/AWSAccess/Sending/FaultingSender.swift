/// Puts failures in the way of calls, for tests and rehearsals.
public struct FaultingSender: AWSSender {
  /// What happens instead of a good answer.
  public enum Fault: Sendable {
    /// The call is not sent.
    case before(AWSFailure)
    /// The call is sent and its answer lost.
    case after(AWSFailure)
    /// The answer's body ends after so many bytes.
    case truncate(Int)
  }

  private let next: any AWSSender
  private let choose: @Sendable (AWSCall) -> Fault?

  /// `choose` is asked once for each try; nil lets it through.
  public init(next: any AWSSender, choose: @escaping @Sendable (AWSCall) -> Fault?) {
    self.next = next
    self.choose = choose
  }

  /// - Throws: `AWSFailure`: the chosen one, or that of the wrapped sender.
  public func send(_ call: AWSCall) async throws -> AWSReply {
    switch choose(call) {
    case .before(let failure): throw failure
    case .after(let failure):
      _ = try await next.send(call)
      throw failure
    case .truncate(let count):
      var reply = try await next.send(call)
      reply.body = Array(reply.body.prefix(count))
      return reply
    case nil: return try await next.send(call)
    }
  }
}
