/// Holds calls back so that a service need not refuse them: one pacer for each account, region,
/// service and operation, shared by all that call.
final class PacingSender: AWSSender {
  private struct Key: Hashable {
    let account: String?
    let region: AWSRegion
    let service: String
    let operation: String
  }

  private let next: any AWSSender
  private let clock: any AWSClock
  private let pacers = Locked<[Key: Pacer]>([:])

  init(next: any AWSSender, clock: any AWSClock) {
    self.next = next
    self.clock = clock
  }

  func send(_ call: AWSCall) async throws -> AWSReply {
    let pacer = pacer(for: call)
    let permit = try await pacer.acquire()
    do {
      let reply = try await next.send(call)
      pacer.report(permit, throttled: false)
      return reply
    } catch let failure as AWSFailure {
      // A refusal for other reasons was answered within the rate; no answer proves nothing.
      if failure.category == .throttled || failure.status != nil {
        pacer.report(permit, throttled: failure.category == .throttled)
      }
      throw failure
    }
  }

  /// All accounts are entered through one, and the STS of a region allows hundreds of calls a second.
  private func model(of service: AWSService) -> PaceModel {
    service.id == AWSService.sts.id ? PaceModel(start: 100) : PaceModel()
  }

  private func pacer(for call: AWSCall) -> Pacer {
    let key = Key(
      account: call.account, region: call.region, service: call.operation.service.id,
      operation: call.operation.name)
    return pacers.withLock { pacers in
      if let pacer = pacers[key] { return pacer }
      let pacer = Pacer(model: model(of: call.operation.service), clock: clock)
      pacers[key] = pacer
      return pacer
    }
  }
}
