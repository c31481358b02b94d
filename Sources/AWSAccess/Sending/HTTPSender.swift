/// The innermost sender: encodes a call, signs it, carries it, and tells answers from errors.
struct HTTPSender: AWSSender {
  let transport: any HTTPTransport
  let endpoints: AWSEndpoints
  let timeouts: HTTPTimeouts
  let clock: any AWSClock
  let skew: ClockSkew
  let redactor: Redactor
  private let keys = SigningKeys()
  private let known = Locked<[Place: AWSEndpoint]>([:])

  /// What an endpoint depends on.
  private struct Place: Hashable {
    let service: String
    let region: AWSRegion
  }

  init(
    transport: any HTTPTransport, endpoints: AWSEndpoints, timeouts: HTTPTimeouts,
    clock: any AWSClock, skew: ClockSkew, redactor: Redactor
  ) {
    self.transport = transport
    self.endpoints = endpoints
    self.timeouts = timeouts
    self.clock = clock
    self.skew = skew
    self.redactor = redactor
  }

  func send(_ call: AWSCall) async throws -> AWSReply {
    let endpoint = try endpoint(of: call)
    var request = try RequestEncoder.encode(call, to: endpoint)
    let credentials = try await call.credentials?.credentials()
    let offset = skew.offset(of: endpoint.host)
    if let credentials {
      redactor.hide(credentials)
      SigV4(
        credentials: credentials, region: endpoint.signingRegion,
        service: call.operation.service.signingName,
        time: clock.wallTime() + offset, keys: keys
      ).sign(&request)
    }
    let response = try await carry(request, call)
    let failure = failure(in: response, to: call)
    guard var failure else { return reply(response, to: call) }
    failure.message = redactor.cleaned(failure.message)
    if failure.category == .clockSkew,
      !skew.learn(failure, from: endpoint.host, used: offset, clock: clock)
    {
      failure.category = .final
    }
    if failure.category == .expiredCredentials, let credentials {
      await call.credentials?.refused(credentials)
    }
    throw failure
  }

  private func endpoint(of call: AWSCall) throws(AWSFailure) -> AWSEndpoint {
    let place = Place(service: call.operation.service.id, region: call.region)
    if let endpoint = known.withLock({ $0[place] }) { return endpoint }
    let endpoint = try endpoints.endpoint(of: call.operation.service, in: call.region)
    known.withLock { $0[place] = endpoint }
    return endpoint
  }

  private func carry(_ request: WireRequest, _ call: AWSCall) async throws -> HTTPResponse {
    let wire = HTTPRequest(
      method: request.method, url: request.url, headers: request.headers, body: request.body,
      resendable: call.operation.effect == .read, timeouts: timeouts)
    do {
      return try await transport.perform(wire)
    } catch let failure as HTTPFailure {
      throw AWSFailure(
        call, code: AWSFailure.Code.network,
        message: "\(request.host): \(redactor.cleaned(failure.message))",
        category: failure.canPass ? .transient : .final,
        mayHaveHappened: failure.mayHaveBeenSent)
    }
  }

  /// S3 begins some answers before it knows how they end: errors with the status 200.
  private func failure(in response: HTTPResponse, to call: AWSCall) -> AWSFailure? {
    guard (200..<300).contains(response.status) else {
      return ErrorDecoder.failure(response, to: call)
    }
    guard call.operation.service.wire == .restXML, call.operation.rest?.outputIsBytes != true,
      response.body.count < 10_000, let root = try? XMLElement.parse(response.body),
      root.name == "Error"
    else { return nil }
    var failure = ErrorDecoder.failure(response, to: call)
    failure.category = failure.category == .final ? .transient : failure.category
    return failure
  }

  private func reply(_ response: HTTPResponse, to call: AWSCall) -> AWSReply {
    AWSReply(
      status: response.status, headers: response.headers, body: response.body,
      requestID: ErrorDecoder.requestID(in: response.headers))
  }
}

/// Reads each answer in the form that the call wants, so that a damaged one is tried again.
struct DecodingSender: AWSSender {
  let next: any AWSSender

  func send(_ call: AWSCall) async throws -> AWSReply {
    var reply = try await next.send(call)
    reply.content = try ReplyDecoder.content(of: reply, to: call)
    if reply.content != nil { reply.body = [] }
    return reply
  }
}
