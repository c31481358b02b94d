import CCurl
import Foundation

/// The transfer thread: everything here happens on it.
final class CurlLoop {
  private let inbox: CurlInbox
  private let room: AnswerRoom
  private let options: CurlTransport.Options
  private var active: [UInt64: CurlTransfer] = [:]
  private var byHandle: [UnsafeMutableRawPointer: CurlTransfer] = [:]
  private var hosts: [String: Host] = [:]
  /// Handles between transfers: each keeps its TLS sessions.
  private var idle: [UnsafeMutableRawPointer] = []
  /// Transfers whose answers wait for room, the first one first.
  private var paused: [CurlTransfer] = []

  /// The transfers of one host that run, and those that wait for their turn.
  private struct Host {
    var running = 0
    var waiting: [CurlInbox.Job] = []
    /// How many of `waiting` have had their turn; those places are dropped now and then.
    var taken = 0
  }

  init(inbox: CurlInbox, room: AnswerRoom, options: CurlTransport.Options) {
    self.inbox = inbox
    self.room = room
    self.options = options
  }

  func run() {
    ccurl_multi_set_long(inbox.multi, CURLMOPT_MAXCONNECTS, options.connectionsPerHost * 16)
    while let commands = inbox.take() {
      commands.forEach(obey)
      var running: Int32 = 0
      check(curl_multi_perform(inbox.multi, &running))
      collect()
      // libcurl's own timers shorten the wait, and a command ends it.
      check(curl_multi_poll(inbox.multi, nil, 0, 60_000, nil))
    }
    stop()
  }

  private func obey(_ command: CurlInbox.Command) {
    switch command {
    case .start(let job): enqueue(job)
    case .cancel(let id): cancel(id)
    case .resume: resume()
    }
  }

  /// Lets the answers go on that there is room for by now.
  private func resume() {
    let waiting = paused
    paused = []
    // libcurl hands over what it has at once: those that still find no room are among `paused` again.
    for transfer in waiting where active[transfer.job.id] === transfer { transfer.resume() }
  }

  private func enqueue(_ job: CurlInbox.Job) {
    let name = Self.host(of: job.request.url)
    var host = hosts[name] ?? Host()
    if host.running < options.connectionsPerHost {
      host.running += 1
      hosts[name] = host
      start(job, host: name)
    } else {
      host.waiting.append(job)
      hosts[name] = host
    }
  }

  private func start(_ job: CurlInbox.Job, host: String) {
    guard let easy = idle.popLast() ?? curl_easy_init() else {
      job.refuse()
      return release(host)
    }
    let transfer = CurlTransfer(job: job, host: host, easy: easy, room: room)
    transfer.onPause = { [unowned self, unowned transfer] in paused.append(transfer) }
    guard let failure = transfer.prepare(options) ?? added(easy) else {
      active[job.id] = transfer
      byHandle[easy] = transfer
      return
    }
    transfer.fail(CURLE_FAILED_INIT, failure)
    recycle(transfer)
  }

  private func added(_ easy: UnsafeMutableRawPointer) -> String? {
    let code = curl_multi_add_handle(inbox.multi, easy)
    return code == CURLM_OK ? nil : String(cString: curl_multi_strerror(code))
  }

  private func cancel(_ id: UInt64) {
    if let transfer = active[id] {
      remove(transfer)
      transfer.job.continuation.resume(throwing: CancellationError())
      recycle(transfer)
      return
    }
    for (name, host) in hosts {
      guard let index = host.waiting[host.taken...].firstIndex(where: { $0.id == id }) else {
        continue
      }
      host.waiting[index].continuation.resume(throwing: CancellationError())
      hosts[name]?.waiting.remove(at: index)
      return
    }
  }

  /// `curl_multi_info_read`: what has ended since the last time.
  private func collect() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(inbox.multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = byHandle[easy]
      else { continue }
      // The message is gone as soon as the handle is removed.
      let code = ccurl_message_result(message)
      remove(transfer)
      transfer.finish(code)
      recycle(transfer)
    }
  }

  private func remove(_ transfer: CurlTransfer) {
    check(curl_multi_remove_handle(inbox.multi, transfer.easy))
    active[transfer.job.id] = nil
    byHandle[transfer.easy] = nil
  }

  /// Keeps the handle for the next transfer and lets that begin.
  private func recycle(_ transfer: CurlTransfer) {
    curl_easy_reset(transfer.easy)
    if transfer.release() { inbox.add(.resume) }
    idle.append(transfer.easy)
    release(transfer.host)
  }

  private func release(_ name: String) {
    guard var host = hosts[name] else { return }
    guard host.taken < host.waiting.count else {
      host.running -= 1
      host.waiting.removeAll()
      host.taken = 0
      hosts[name] = host.running == 0 ? nil : host
      return
    }
    let job = host.waiting[host.taken]
    host.taken += 1
    if host.taken > 256 {
      host.waiting.removeFirst(host.taken)
      host.taken = 0
    }
    hosts[name] = host
    start(job, host: name)
  }

  private func stop() {
    for transfer in active.values {
      check(curl_multi_remove_handle(inbox.multi, transfer.easy))
      transfer.job.refuse()
      _ = transfer.release()
      curl_easy_cleanup(transfer.easy)
    }
    for host in hosts.values {
      for job in host.waiting[host.taken...] { job.refuse() }
    }
    for easy in idle { curl_easy_cleanup(easy) }
    active.removeAll()
    hosts.removeAll()
    idle.removeAll()
  }

  /// These calls fail only when they are used wrongly or memory is short.
  private func check(_ code: CURLMcode) {
    precondition(code == CURLM_OK, "libcurl: \(String(cString: curl_multi_strerror(code)))")
  }

  private static func host(of url: String) -> String {
    // The third slash ends it: it is behind the two of the scheme.
    let text = url.utf8
    var slashes = 0
    for index in text.indices where text[index] == UInt8(ascii: "/") {
      slashes += 1
      if slashes == 3 { return String(url[..<index]) }
    }
    return url
  }
}
