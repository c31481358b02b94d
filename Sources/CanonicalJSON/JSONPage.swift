import CSimdJSON

/// One page of a listing, cut into its elements without building any of them.
public struct JSONPage: Sendable {
  /// The elements of the list, in the order in which they came.
  public var elements: JSONElements
  /// Whether the answer has the list member at all: AWS leaves some empty lists out.
  public var listFound: Bool
  /// The answer without its list: tokens and the like.
  public var rest: JSON
  /// Whether the listing begins again with this page, from its first element on: what earlier pages
  /// held is to be forgotten.
  public var isRestart = false

  public init(elements: JSONElements, listFound: Bool, rest: JSON) {
    self.elements = elements
    self.listFound = listFound
    self.rest = rest
  }
}

/// Canonical values that lie behind one another in one piece of memory.
public struct JSONElements: Sendable, RandomAccessCollection {
  /// The elements, one behind the other, and what was read with them.
  public let buffer: ByteBuffer
  private let spans: [Span]

  private struct Span: Sendable {
    var end: Int
    /// Where the member that names the element stands; empty where it has none.
    var name: Range<Int>
  }

  /// - Parameter values: canonical JSON, each.
  public init(_ values: [[UInt8]]) {
    var end = 0
    spans = values.map { value in
      end += value.count
      return Span(end: end, name: end..<end)
    }
    buffer = ByteBuffer(Array(values.joined()))
  }

  /// - Parameter buffer: what the page's slices point into.
  init(_ page: csj_page, named: Bool, buffer: ByteBuffer) {
    self.buffer = buffer
    let slices = UnsafeBufferPointer(start: page.elements, count: page.element_count)
    let names = UnsafeBufferPointer(start: page.names, count: named ? page.element_count : 0)
    let base = page.list.bytes
    var end = 0
    spans = slices.indices.map { index in
      end += slices[index].count
      guard named, let name = names[index].bytes, let base else {
        return Span(end: end, name: end..<end)
      }
      let begin = name - base
      return Span(end: end, name: begin..<(begin + names[index].count))
    }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { spans.count }

  /// The canonical bytes of an element.
  public subscript(index: Int) -> ByteSlice { ByteSlice(buffer, range(of: index)) }

  /// Where in `buffer` an element stands.
  public func range(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : spans[index - 1].end)..<spans[index].end
  }

  /// Where in `buffer` the value of the member stands that the page was asked to give apart; nil where
  /// the element has no such member.
  public func nameRange(of index: Int) -> Range<Int>? {
    let range = spans[index].name
    return range.isEmpty ? nil : range
  }
}

/// Calls `body` with every text of a canonical list of strings without escapes.
/// - Returns: false where `list` is something else; some calls may have been made then.
public func forEachPlainString(
  in list: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
) -> Bool {
  guard list.count >= 2, list[0] == UInt8(ascii: "["), !list.contains(UInt8(ascii: "\\")) else {
    return false
  }
  var at = 1
  while list[at] == UInt8(ascii: "\"") {
    guard let end = list[(at + 1)...].firstIndex(of: UInt8(ascii: "\"")) else { return false }
    body(UnsafeBufferPointer(rebasing: list[(at + 1)..<end]))
    at = end + 1
    if list[at] == UInt8(ascii: ",") { at += 1 }
  }
  return list[at] == UInt8(ascii: "]")
}
