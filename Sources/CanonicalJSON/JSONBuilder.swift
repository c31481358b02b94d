import CSimdJSON

/// Builds a `JSON` tree from the reader's events.
struct JSONBuilder {
  private struct Container {
    /// How many values and names there were before its own.
    let values: Int
    let names: Int
  }

  private var open: [Container] = []
  /// Those of all open containers, the innermost last.
  private var values: [JSON] = []
  private var names: [String] = []
  private var error: JSONError?

  /// The value whose events `body` brings about.
  /// - Throws: `JSONError` where `body` does, for a name that comes twice, and for one that Swift
  ///   can't hold.
  static func value(
    _ body: (UnsafePointer<csj_visitor>) throws(JSONError) -> Void
  ) throws(JSONError) -> JSON {
    var builder = JSONBuilder()
    var failure: JSONError?
    withUnsafeMutablePointer(to: &builder) { builder in
      var visitor = visitor(builder)
      do throws(JSONError) { try body(&visitor) } catch { failure = error }
    }
    if let error = failure ?? builder.error { throw error }
    guard let root = builder.values.first else { throw JSONError("no value") }
    return root
  }

  private static func visitor(_ builder: UnsafeMutablePointer<JSONBuilder>) -> csj_visitor {
    var visitor = csj_visitor()
    visitor.context = UnsafeMutableRawPointer(builder)
    visitor.null_value = { JSONBuilder.at($0).pointee.values.append(.null) }
    visitor.bool_value = { JSONBuilder.at($0).pointee.values.append(.bool($1)) }
    visitor.number = { JSONBuilder.at($0).pointee.values.append(.number(text($1, $2))) }
    visitor.string = { context, bytes, count, unpaired in
      let text = text(bytes, count)
      JSONBuilder.at(context).pointee.values.append(unpaired ? .unpaired(text) : .string(text))
    }
    visitor.key = { JSONBuilder.at($0).pointee.name(text($1, $2), unpaired: $3) }
    visitor.begin_object = { JSONBuilder.at($0).pointee.begin() }
    visitor.end_object = { JSONBuilder.at($0).pointee.endObject() }
    visitor.begin_array = { JSONBuilder.at($0).pointee.begin() }
    visitor.end_array = { JSONBuilder.at($0).pointee.endArray() }
    return visitor
  }

  private static func at(
    _ context: UnsafeMutableRawPointer?
  ) -> UnsafeMutablePointer<JSONBuilder> {
    guard let context else { preconditionFailure("a visitor without its builder") }
    return context.assumingMemoryBound(to: JSONBuilder.self)
  }

  private mutating func name(_ name: String, unpaired: Bool) {
    if unpaired { error = error ?? JSONError("a name with an unpaired surrogate") }
    names.append(name)
  }

  private mutating func begin() {
    open.append(Container(values: values.count, names: names.count))
  }

  private mutating func endArray() {
    let begin = open.removeLast().values
    let elements = Array(values[begin...])
    values.removeLast(elements.count)
    values.append(.array(elements))
  }

  private mutating func endObject() {
    let container = open.removeLast()
    let count = values.count - container.values
    var members = [String: JSON](minimumCapacity: count)
    for index in 0..<count {
      let name = names[container.names + index]
      if members.updateValue(values[container.values + index], forKey: name) != nil {
        error = error ?? JSONError("an object with a name twice")
      }
    }
    values.removeLast(count)
    names.removeLast(count)
    values.append(.object(members))
  }
}

private func text(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> String {
  String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
}
