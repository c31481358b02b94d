import CSimdJSON

/// Reads JSON with simdjson, reusing its buffers. Not for two threads at once.
public final class JSONReader {
  private let handle: OpaquePointer

  public init() {
    guard let handle = csj_reader_create() else {
      preconditionFailure("out of memory")
    }
    self.handle = handle
  }

  deinit {
    csj_reader_destroy(handle)
  }

  /// The canonical form of an object or array.
  /// - Throws: `JSONError` for anything that is not exactly one of those, an object with a name
  ///   twice, or one nested more than 512 deep.
  public func canonical(_ text: some ContiguousBytesOwner) throws(JSONError) -> [UInt8] {
    var slice = csj_slice()
    try check(
      text.withBytes {
        csj_canonicalize(handle, $0.baseAddress, $0.count, text.readableBehind, &slice)
      })
    return slice.copied
  }

  /// Cuts an object into the elements of its member `list` and the rest.
  /// - Parameter naming: a member of each element whose value the page gives apart.
  /// - Throws: `JSONError`, as `canonical` does, and where the member is no list.
  public func page(
    _ text: some ContiguousBytesOwner, list: String, naming: String? = nil
  ) throws(JSONError) -> JSONPage {
    var page = csj_page()
    try check(
      text.withBytes {
        csj_read_page(
          handle, $0.baseAddress, $0.count, text.readableBehind, list, naming, &page)
      })
    // The buffer is taken before the reader is used again, which would write over it.
    guard let bytes = csj_take_output(handle) else { preconditionFailure("nothing was written") }
    let buffer = ByteBuffer(adopting: bytes, count: page.list.count + page.rest.count)
    let elements = JSONElements(page, named: naming != nil, buffer: buffer)
    let rest = ByteSlice(buffer, page.list.count..<buffer.count)
    return JSONPage(elements: elements, listFound: page.list_found, rest: try value(rest))
  }

  /// The value as a tree.
  /// - Throws: `JSONError`, as `canonical` does, and for a member whose name has an unpaired
  ///   surrogate.
  public func value(_ text: some ContiguousBytesOwner) throws(JSONError) -> JSON {
    try JSONBuilder.value { (visitor) throws(JSONError) in
      try check(
        text.withBytes { bytes in
          csj_visit(handle, bytes.baseAddress, bytes.count, text.readableBehind, visitor)
        })
    }
  }

  private func check(_ message: UnsafePointer<CChar>?) throws(JSONError) {
    if let message { throw JSONError(String(cString: message)) }
  }
}

extension JSON {
  /// Reads one object or array.
  /// - Throws: `JSONError`.
  public init(parsing text: some ContiguousBytesOwner) throws(JSONError) {
    self = try JSONReader.pooled { (reader) throws(JSONError) in try reader.value(text) }
  }

  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

/// Bytes in one piece. The standard library's collections have no common protocol for that.
public protocol ContiguousBytesOwner {
  /// How many bytes behind the last one may be read, whatever they are.
  var readableBehind: Int { get }

  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result
}

extension ContiguousBytesOwner {
  public var readableBehind: Int { 0 }
}

extension Array: ContiguousBytesOwner where Element == UInt8 {
  public var readableBehind: Int { capacity - count }

  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeBufferPointer(body)
  }
}

extension ArraySlice: ContiguousBytesOwner where Element == UInt8 {
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withUnsafeBufferPointer(body)
  }
}

extension UnsafeBufferPointer: ContiguousBytesOwner where Element == UInt8 {
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(self)
  }
}

extension csj_slice {
  var copied: [UInt8] { [UInt8](UnsafeBufferPointer(start: bytes, count: count)) }
}
