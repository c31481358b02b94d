import Testing

@testable import AWSAccess

@Suite struct AnswerRoomTests {
  private let body = String(repeating: "x", count: 60_000)

  private func perform(
    _ count: Int, options: CurlTransport.Options, _ handler: @escaping LocalServer.Handler
  ) async throws -> (lengths: [Int], mostTaken: Int) {
    let server = try LocalServer(handler)
    let transport = CurlTransport(options: options)
    defer {
      transport.shutdown()
      server.stop()
    }
    let url = server.url
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<count {
        group.addTask { try await transport.perform(HTTPRequest(url: url)).body.count }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return (lengths, transport.room.most)
  }

  @Test func answersWaitOnTheWireUntilThereIsRoom() async throws {
    var options = CurlTransport.Options()
    options.answerBytes = 150_000
    let (lengths, most) = try await perform(20, options: options) { [body] connection, _ in
      connection.answer(body)
    }
    #expect(lengths == Array(repeating: 60_000, count: 20))
    // Two fit, three do not.
    #expect(most <= 120_000)
  }

  @Test func oneThatIsLargerThanAllRoomComesAlone() async throws {
    var options = CurlTransport.Options()
    options.answerBytes = 1_000
    let (lengths, most) = try await perform(6, options: options) { [body] connection, _ in
      connection.answer(body)
    }
    #expect(lengths == Array(repeating: 60_000, count: 6))
    #expect(most == 60_000)
  }

  /// Nobody knows how long they will become: none may wait for another in the middle.
  @Test func thoseOfUnknownLengthDoNotWaitForEachOther() async throws {
    var options = CurlTransport.Options()
    options.answerBytes = 100_000
    let piece = String(repeating: "x", count: 16_384)
    let (lengths, _) = try await perform(12, options: options) { connection, _ in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<6 { connection.send("4000\r\n\(piece)\r\n") }
      connection.send("0\r\n\r\n")
    }
    #expect(lengths == Array(repeating: 6 * 16_384, count: 12))
  }

  @Test func roomIsGivenBackByAnswersThatFail() async throws {
    let room = AnswerRoom(limit: 10)
    #expect(room.take(8) && !room.take(3))
    #expect(room.take(3, isUnderWay: true))
    #expect(room.giveBack(8), "somebody was refused")
    #expect(!room.giveBack(3), "and nobody since")
    #expect(room.take(100) && !room.take(1))
  }

  @Test func aCancelledTransferLetsTheOthersGoOn() async throws {
    var options = CurlTransport.Options()
    options.answerBytes = 60_000
    let server = try LocalServer { [body] connection, request in
      if request.target == "/slow" {
        // Its room is taken, and the rest never comes.
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\nx")
        connection.waitForEnd()
      } else {
        connection.answer(body)
      }
    }
    let transport = CurlTransport(options: options)
    defer {
      transport.shutdown()
      server.stop()
    }
    let url = server.url
    let slow = Task { try await transport.perform(HTTPRequest(url: url + "/slow")) }
    while transport.room.most == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let other = Task { try await transport.perform(HTTPRequest(url: url)).body.count }
    slow.cancel()
    await #expect(throws: CancellationError.self) { _ = try await slow.value }
    #expect(try await other.value == 60_000)
  }
}
