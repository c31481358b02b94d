import CCurl

/// One request on its way and what has come back of the answer. Used on the transfer thread only.
final class CurlTransfer {
  let job: CurlInbox.Job
  let host: String
  let easy: UnsafeMutableRawPointer

  private var status = 0
  private var headersEnded = false
  /// Whether the answer says where it ends, other than by the end of its connection.
  private var isBounded = false
  private var headers = HTTPHeaders()
  private var body: [UInt8] = []
  private var sendings = 0
  private let room: AnswerRoom
  /// What of the room the answer has taken, in bytes.
  private var roomTaken = 0
  /// Told when the answer has to wait for room.
  var onPause: () -> Void = {}
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init(job: CurlInbox.Job, host: String, easy: UnsafeMutableRawPointer, room: AnswerRoom) {
    self.room = room
    self.job = job
    self.host = host
    self.easy = easy
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_slist_free_all(headerList)
    message.deallocate()
  }

  /// Frees what libcurl no longer points at, once the handle is reset.
  /// - Returns: whether others wait for the room that this one gives back.
  func release() -> Bool {
    curl_slist_free_all(headerList)
    headerList = nil
    defer { roomTaken = 0 }
    return roomTaken > 0 && room.giveBack(roomTaken)
  }

  /// `curl_easy_pause`: goes on with an answer that had to wait.
  func resume() {
    // A failure ends the transfer, which libcurl tells of as of any other.
    _ = curl_easy_pause(easy, CURLPAUSE_RECV_CONT)
  }

  /// Sets every option of the handle. Gives libcurl's message when it refuses one.
  func prepare(_ options: CurlTransport.Options) -> String? {
    let request = job.request
    var codes = [
      ccurl_set_string(easy, CURLOPT_URL, request.url),
      ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
      ccurl_set_string(easy, CURLOPT_USERAGENT, options.userAgent),
      ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1),
      ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
      ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
      ccurl_set_long(easy, CURLOPT_BUFFERSIZE, 128 << 10),
      ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS),
      ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1),
      ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, message),
    ]
    codes += timeouts(request.timeouts) + method(request) + network(options, request)
    codes += headers(request) + callbacks()
    return codes.first { $0 != CURLE_OK }.map { String(cString: curl_easy_strerror($0)) }
  }

  private func timeouts(_ timeouts: HTTPTimeouts) -> [CURLcode] {
    [
      ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(timeouts.connect * 1000)),
      ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(timeouts.total * 1000)),
      ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1),
      ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, timeouts.idle),
    ]
  }

  private func method(_ request: HTTPRequest) -> [CURLcode] {
    var codes: [CURLcode] = []
    if request.method == "HEAD" {
      codes.append(ccurl_set_long(easy, CURLOPT_NOBODY, 1))
    } else if !request.body.isEmpty || ["POST", "PUT"].contains(request.method) {
      codes.append(ccurl_set_body(easy, request.body, request.body.count))
      codes.append(ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method))
    } else {
      codes.append(ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method))
    }
    return codes
  }

  /// An empty proxy keeps libcurl from reading the environment by itself.
  private func network(_ options: CurlTransport.Options, _ request: HTTPRequest) -> [CURLcode] {
    let scheme = String(request.url.prefix { $0 != ":" })
    let proxy = request.direct ? "" : options.proxies[scheme] ?? ""
    var codes = [
      ccurl_set_string(easy, CURLOPT_PROXY, proxy),
      ccurl_set_string(easy, CURLOPT_NOPROXY, options.noProxy),
    ]
    if let file = options.certificateFile {
      codes.append(ccurl_set_string(easy, CURLOPT_CAINFO, file))
    }
    return codes
  }

  private func headers(_ request: HTTPRequest) -> [CURLcode] {
    // Without a value libcurl leaves the field out: no waiting for "100 Continue".
    let lines = request.headers.fields.map { "\($0.name): \($0.value)" } + ["Expect:"]
    for line in lines { headerList = curl_slist_append(headerList, line) }
    return [ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)]
  }

  private func callbacks() -> [CURLcode] {
    // The loop holds the transfer for as long as libcurl has the handle.
    let context = Unmanaged.passUnretained(self).toOpaque()
    let receivers = ccurl_set_receivers(
      easy,
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        return CurlTransfer.from(context).receive(
          UnsafeRawBufferPointer(start: bytes, count: size * count))
      },
      { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return CurlTransfer.from(context).receiveHeader(line)
      },
      context)
    let sender = ccurl_set_before_request(
      easy, { context, _, _, _, _ in context.map { CurlTransfer.from($0).beforeSending() } ?? 1 },
      context)
    return [receivers, sender]
  }

  private static func from(_ context: UnsafeMutableRawPointer) -> CurlTransfer {
    Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// libcurl sends a request again by itself when a kept connection was closed under it.
  private func beforeSending() -> Int32 {
    sendings += 1
    return sendings == 1 || job.request.resendable ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    let length = body.isEmpty ? headers["Content-Length"].flatMap(Int.init) ?? 0 : 0
    // Where the length is not told, what comes is counted as it comes.
    let missing = max(length, body.count + bytes.count) - roomTaken
    if missing > 0 {
      guard room.take(missing, isUnderWay: roomTaken > 0) else {
        onPause()
        return Int(CURL_WRITEFUNC_PAUSE)
      }
      roomTaken += missing
    }
    // With some bytes behind it the JSON reader needs no copy.
    if length > 0 { body.reserveCapacity(min(length, 256 << 20) + 64) }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    let line = Self.trimmed(bytes[...])
    if line.starts(with: Self.statusLine) {
      // Each answer begins anew, after "100 Continue" for one.
      headers = HTTPHeaders()
      headersEnded = false
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      isBounded = parts[0].starts(with: Self.secondVersion)
      status = parts.dropFirst().first.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    } else if line.isEmpty {
      headersEnded = true
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      let value = Self.trimmed(line[(colon + 1)...])
      headers.append(
        String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
    return bytes.count
  }

  private static let statusLine = Array("HTTP/".utf8)
  private static let secondVersion = Array("HTTP/2".utf8)

  /// Without the white space around it.
  private static func trimmed(
    _ text: Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer> {
    func isSpace(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  /// Ends the request with what libcurl says of it.
  func finish(_ code: CURLcode) {
    guard code == CURLE_OK else { return fail(code, nil) }
    guard isWhole else { return fail(CURLE_PARTIAL_FILE, "the connection ended in an answer") }
    // Whoever takes the answer gives back the room of its body.
    roomTaken -= body.count
    job.continuation.resume(
      returning: HTTPResponse(status: status, headers: headers, body: body))
  }

  /// libcurl takes a connection that ends within the headers for an answer without a body.
  private var isWhole: Bool {
    let needsNoBody = job.request.method == "HEAD" || status == 204 || status == 304
    let bounded =
      isBounded || headers["Content-Length"] != nil || headers["Transfer-Encoding"] != nil
    return headersEnded && (needsNoBody || bounded || !body.isEmpty)
  }

  func fail(_ code: CURLcode, _ text: String?) {
    let detail = String(cString: message)
    let general = String(cString: curl_easy_strerror(code))
    job.continuation.resume(
      throwing: HTTPFailure(
        code: Int(code.rawValue), message: text ?? (detail.isEmpty ? general : detail),
        mayHaveBeenSent: sendings > 0, canPass: !Self.lasting.contains(code.rawValue)))
  }

  /// What another try will not mend: URLs, certificates, missing files, short memory.
  private static let lasting = Set(
    [
      CURLE_UNSUPPORTED_PROTOCOL, CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN,
      CURLE_OUT_OF_MEMORY, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_UNKNOWN_OPTION,
    ].map(\.rawValue))
}
