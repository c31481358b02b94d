import CSimdJSON

/// One page of a listing, cut into its elements without building any of them.
public struct JSONPage: Sendable {
  /// The canonical bytes of each element of the list, in the order in which they came.
  public var elements: [[UInt8]]
  /// Whether the answer has the list member at all: AWS leaves some empty lists out.
  public var listFound: Bool
  /// The answer without its list: tokens and the like.
  public var rest: JSON

  public init(elements: [[UInt8]], listFound: Bool, rest: JSON) {
    self.elements = elements
    self.listFound = listFound
    self.rest = rest
  }
}

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
    try check(text.withBytes { csj_canonicalize(handle, $0.baseAddress, $0.count, &slice) })
    return slice.copied
  }

  /// Cuts an object into the elements of its member `list` and the rest.
  /// - Throws: `JSONError`, as `canonical` does, and where the member is no list.
  public func page(_ text: some ContiguousBytesOwner, list: String) throws(JSONError) -> JSONPage {
    var page = csj_page()
    try check(text.withBytes { csj_read_page(handle, $0.baseAddress, $0.count, list, &page) })
    let slices = UnsafeBufferPointer(start: page.elements, count: page.element_count)
    // Copied before the reader is used again, which ends the slices.
    let elements = slices.map(\.copied)
    let rest = page.rest.copied
    return JSONPage(elements: elements, listFound: page.list_found, rest: try value(rest))
  }

  /// The value as a tree.
  /// - Throws: `JSONError`, as `canonical` does, and for a member whose name has an unpaired
  ///   surrogate.
  public func value(_ text: some ContiguousBytesOwner) throws(JSONError) -> JSON {
    let builder = JSONBuilder()
    try check(
      text.withBytes { bytes in
        builder.withVisitor { csj_visit(handle, bytes.baseAddress, bytes.count, $0) }
      })
    if let error = builder.error { throw error }
    guard let root = builder.root else { throw JSONError("no value") }
    return root
  }

  private func check(_ message: UnsafePointer<CChar>?) throws(JSONError) {
    if let message { throw JSONError(String(cString: message)) }
  }
}

extension JSON {
  /// Reads one object or array.
  /// - Throws: `JSONError`.
  public init(parsing text: some ContiguousBytesOwner) throws(JSONError) {
    self = try JSONReader().value(text)
  }

  public init(parsing text: String) throws(JSONError) {
    self = try JSONReader().value(Array(text.utf8))
  }
}

/// Bytes in one piece. The standard library's collections have no common protocol for that.
public protocol ContiguousBytesOwner {
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result
}

extension Array: ContiguousBytesOwner where Element == UInt8 {
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
  fileprivate var copied: [UInt8] { [UInt8](UnsafeBufferPointer(start: bytes, count: count)) }
}
