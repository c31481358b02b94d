import Foundation

@testable import AWSAccess

/// A TCP server on this machine that does with each request what the test says, the wrong things
/// included.
final class LocalServer: Sendable {
  typealias Handler = @Sendable (Connection, Request) -> Void

  struct Request: Sendable {
    let head: String
    let body: [UInt8]

    var target: String { head.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
  }

  private struct State {
    var connections = 0
    var open = 0
    var mostOpen = 0
    var requests: [Request] = []
  }

  private let socket: Int32
  let port: UInt16
  private let state = Locked(State())

  init(_ handler: @escaping Handler) throws {
    let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRINUSE) }
    socket = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while case let peer = accept(listener, nil, nil), peer >= 0 {
        Thread.detachNewThread { self.serve(peer, handler) }
      }
    }
  }

  /// Ends the listening; the server is kept alive by its thread until then.
  func stop() {
    Glibc.shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  var url: String { "http://127.0.0.1:\(port)" }
  var connections: Int { state.withLock { $0.connections } }
  var mostOpen: Int { state.withLock { $0.mostOpen } }
  var requests: [Request] { state.withLock { $0.requests } }

  private func serve(_ peer: Int32, _ handler: Handler) {
    let connection = Connection(peer: peer)
    state.withLock { state in
      state.connections += 1
      state.open += 1
      state.mostOpen = max(state.mostOpen, state.open)
    }
    while let request = connection.readRequest() {
      state.withLock { $0.requests.append(request) }
      handler(connection, request)
    }
    connection.close()
    state.withLock { $0.open -= 1 }
  }

  /// One accepted connection. Used by its own thread only.
  final class Connection {
    private let peer: Int32
    private var open = true
    private var pending: [UInt8] = []

    init(peer: Int32) {
      self.peer = peer
    }

    func send(_ text: String) {
      let bytes = Array(text.utf8)
      _ = Glibc.send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// A whole answer, keeping the connection.
    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
      send("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func close() {
      if open { Glibc.close(peer) }
      open = false
    }

    /// Closes so that the other side sees a reset.
    func reset() {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(peer, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      close()
    }

    /// Waits until the other side closes.
    func waitForEnd() {
      var buffer = [UInt8](repeating: 0, count: 1024)
      while open, recv(peer, &buffer, buffer.count, 0) > 0 {}
    }

    fileprivate func readRequest() -> Request? {
      let mark = Array("\r\n\r\n".utf8)
      while open {
        if let end = pending.indices.first(where: { pending[$0...].starts(with: mark) }) {
          let head = String(decoding: pending[..<end], as: UTF8.self)
          let length = Self.length(in: head)
          if pending.count >= end + 4 + length {
            let body = Array(pending[(end + 4)..<(end + 4 + length)])
            pending.removeFirst(end + 4 + length)
            return Request(head: head, body: body)
          }
        }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(peer, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        pending += buffer[..<count]
      }
      return nil
    }

    private static func length(in head: String) -> Int {
      let mark = "content-length: "
      let field = head.lowercased().components(separatedBy: "\r\n").first { $0.hasPrefix(mark) }
      return field.flatMap { Int($0.dropFirst(mark.count)) } ?? 0
    }
  }
}

/// Something that a thread waits for and a test lets happen, and the other way round.
final class Signal: Sendable {
  private let happened = Locked(false)

  func happen() {
    happened.withLock { $0 = true }
  }

  /// For threads.
  func block() {
    while !happened.withLock({ $0 }) { usleep(1000) }
  }

  /// For tasks.
  func wait() async {
    while !happened.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
  }
}
