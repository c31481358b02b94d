import Foundation
import Testing

@testable import AWSAccess

@Suite struct TransportTests {
  /// Runs `body` with a server and a transport, and ends both.
  private func with(
    options: CurlTransport.Options = CurlTransport.Options(),
    _ handler: @escaping LocalServer.Handler,
    _ body: (LocalServer, CurlTransport) async throws -> Void
  ) async throws {
    let server = try LocalServer(handler)
    let transport = CurlTransport(options: options)
    defer {
      transport.shutdown()
      server.stop()
    }
    try await body(server, transport)
  }

  private func failure(
    _ transport: CurlTransport, _ request: HTTPRequest
  ) async -> HTTPFailure? {
    do {
      _ = try await transport.perform(request)
      return nil
    } catch {
      return error as? HTTPFailure
    }
  }

  @Test func wholeAnswersAndOneConnection() async throws {
    try await with({ connection, request in
      connection.answer(
        String(decoding: request.body, as: UTF8.self), headers: "X-Two: a\r\nx-two:  b \r\n")
    }) { server, transport in
      for index in 0..<5 {
        let body = Array("request \(index)".utf8)
        let response = try await transport.perform(
          HTTPRequest(method: "POST", url: server.url + "/a/../b", body: body))
        #expect(response.status == 200 && response.body == body)
        let values = response.headers.fields.filter { $0.name.lowercased() == "x-two" }.map(\.value)
        #expect(values == ["a", "b"])
      }
      #expect(server.connections == 1)
      #expect(server.requests.allSatisfy { $0.target == "/a/../b" })
      let head = server.requests[0].head.lowercased()
      #expect(!head.contains("expect:") && !head.contains("accept-encoding"))
    }
  }

  @Test func errorsAndRedirectsAreAnswers() async throws {
    try await with({ connection, _ in
      connection.answer("moved", status: "307 Temporary Redirect", headers: "Location: /b\r\n")
    }) { server, transport in
      let response = try await transport.perform(HTTPRequest(url: server.url))
      #expect(response.status == 307 && server.requests.count == 1)
    }
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
  ])
  func answersThatEndTooSoonAreFailures(sent: String) async throws {
    for resets in [false, true] {
      try await with({ connection, _ in
        connection.send(sent)
        resets ? connection.reset() : connection.close()
      }) { server, transport in
        let found = await failure(transport, HTTPRequest(method: "POST", url: server.url))
        #expect(found?.canPass == true && found?.mayHaveBeenSent == true)
      }
    }
  }

  @Test func slowBodiesArrive() async throws {
    try await with({ connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n")
      for _ in 0..<40 {
        connection.send("x")
        usleep(2000)
      }
    }) { server, transport in
      let response = try await transport.perform(HTTPRequest(url: server.url))
      #expect(response.body.count == 40)
    }
  }

  @Test func silenceEndsByTheIdleTimeout() async throws {
    try await with({ connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
      connection.waitForEnd()
    }) { server, transport in
      let timeouts = HTTPTimeouts(connect: 5, idle: 1, total: 60)
      let found = await failure(transport, HTTPRequest(url: server.url, timeouts: timeouts))
      #expect(found?.code == 28 && found?.canPass == true)
    }
  }

  @Test func nobodyThere() async throws {
    let server = try LocalServer { _, _ in }
    server.stop()
    let transport = CurlTransport()
    defer { transport.shutdown() }
    let found = await failure(transport, HTTPRequest(url: server.url))
    #expect(found?.mayHaveBeenSent == false && found?.canPass == true)
    let odd = await failure(transport, HTTPRequest(url: "gopher://127.0.0.1/"))
    #expect(odd?.canPass == false)
  }

  /// A server that answers the first request of a connection and closes at the second.
  @Test(arguments: [(true, 3), (false, 2)])
  func onlyHarmlessRequestsAreSentAgainByThemselves(resendable: Bool, count: Int) async throws {
    let answered = Collected<Int>()
    try await with({ connection, _ in
      answered.add(1)
      if answered.all.count == 2 { connection.close() } else { connection.answer("ok") }
    }) { server, transport in
      let request = HTTPRequest(method: "POST", url: server.url, resendable: resendable)
      _ = try await transport.perform(request)
      let found = await failure(transport, request)
      #expect((found == nil) == resendable)
      #expect(found?.mayHaveBeenSent != false)
      #expect(server.requests.count == count)
    }
  }

  @Test func cancellingAbortsTheTransfer() async throws {
    let arrived = Signal()
    let ended = Signal()
    try await with({ connection, _ in
      arrived.happen()
      connection.waitForEnd()
      ended.happen()
    }) { server, transport in
      let task = Task { try await transport.perform(HTTPRequest(url: server.url)) }
      await arrived.wait()
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
      await ended.wait()
    }
  }

  @Test func hostsAreNotOverrun() async throws {
    var options = CurlTransport.Options()
    options.connectionsPerHost = 2
    let go = Signal()
    try await with(
      options: options,
      { connection, _ in
        go.block()
        connection.answer("ok")
      }
    ) { server, transport in
      let tasks = (0..<6).map { _ in
        Task { try await transport.perform(HTTPRequest(url: server.url)) }
      }
      while server.requests.count < 2 { await Task.yield() }
      // One that waits for its turn can be cancelled, too.
      let waiting = Task { try await transport.perform(HTTPRequest(url: server.url)) }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { _ = try await waiting.value }
      go.happen()
      for task in tasks {
        let response = try await task.value
        #expect(response.status == 200)
      }
      #expect(server.mostOpen == 2 && server.requests.count == 6)
    }
  }

  @Test func shutdownEndsWhatIsUnderWay() async throws {
    let arrived = Signal()
    try await with({ connection, _ in
      arrived.happen()
      connection.waitForEnd()
    }) { server, transport in
      async let under = failure(transport, HTTPRequest(url: server.url))
      await arrived.wait()
      transport.shutdown()
      #expect(await under?.canPass == false)
      #expect(await failure(transport, HTTPRequest(url: server.url))?.canPass == false)
    }
  }

  @Test func proxiesAreUsedAndPassedBy() async throws {
    let proxy = try LocalServer { connection, _ in connection.answer("proxy") }
    defer { proxy.stop() }
    var options = CurlTransport.Options()
    options.proxies = ["http": proxy.url]
    options.noProxy = "127.0.0.1"
    try await with(options: options, { connection, _ in connection.answer("server") }) {
      server, transport in
      let outside = try await transport.perform(HTTPRequest(url: "http://glue.test/x"))
      #expect(outside.body == Array("proxy".utf8))
      #expect(proxy.requests[0].target == "http://glue.test/x")
      let own = try await transport.perform(HTTPRequest(url: server.url))
      #expect(own.body == Array("server".utf8))
    }
  }

  @Test func largeBodiesComeWhole() async throws {
    let line = String(repeating: "0123456789abcdef", count: 1 << 12)
    try await with({ connection, request in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<64 {
        connection.send("10000\r\n\(line)\r\n")
      }
      connection.send("0\r\n\r\n")
    }) { server, transport in
      let body = [UInt8](repeating: 7, count: 3 << 20)
      let request = HTTPRequest(method: "PUT", url: server.url, body: body)
      let responses = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
        for _ in 0..<8 { group.addTask { try await transport.perform(request) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(responses.allSatisfy { $0.body.count == 4 << 20 })
      #expect(server.requests.allSatisfy { $0.body == body })
    }
  }
}
