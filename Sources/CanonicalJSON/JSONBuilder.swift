import CSimdJSON

/// Builds a `JSON` tree from the reader's events.
final class JSONBuilder {
  private enum Container {
    case array([JSON])
    case object([String: JSON], name: String)
  }

  private var open: [Container] = []
  private(set) var root: JSON?
  private(set) var error: JSONError?

  /// Runs `body` with a visitor whose events come here.
  func withVisitor<Result>(_ body: (UnsafePointer<csj_visitor>) -> Result) -> Result {
    var visitor = csj_visitor()
    visitor.context = Unmanaged.passUnretained(self).toOpaque()
    visitor.null_value = { JSONBuilder.from($0).add(.null) }
    visitor.bool_value = { JSONBuilder.from($0).add(.bool($1)) }
    visitor.number = { JSONBuilder.from($0).add(.number(text($1, $2))) }
    visitor.string = { context, bytes, count, unpaired in
      let text = text(bytes, count)
      JSONBuilder.from(context).add(unpaired ? .unpaired(text) : .string(text))
    }
    visitor.key = { JSONBuilder.from($0).name(text($1, $2), unpaired: $3) }
    visitor.begin_object = { JSONBuilder.from($0).open.append(.object([:], name: "")) }
    visitor.end_object = { JSONBuilder.from($0).close() }
    visitor.begin_array = { JSONBuilder.from($0).open.append(.array([])) }
    visitor.end_array = { JSONBuilder.from($0).close() }
    return withUnsafePointer(to: &visitor, body)
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> JSONBuilder {
    guard let context else { preconditionFailure("a visitor without its builder") }
    return Unmanaged<JSONBuilder>.fromOpaque(context).takeUnretainedValue()
  }

  private func add(_ value: JSON) {
    guard let container = open.popLast() else {
      root = value
      return
    }
    switch container {
    case .array(var elements):
      elements.append(value)
      open.append(.array(elements))
    case .object(var members, let name):
      if members.updateValue(value, forKey: name) != nil {
        error = error ?? JSONError("an object with a name twice")
      }
      open.append(.object(members, name: ""))
    }
  }

  private func name(_ name: String, unpaired: Bool) {
    if unpaired { error = error ?? JSONError("a name with an unpaired surrogate") }
    if case .object(let members, _)? = open.popLast() { open.append(.object(members, name: name)) }
  }

  private func close() {
    switch open.popLast() {
    case .array(let elements)?: add(.array(elements))
    case .object(let members, _)?: add(.object(members))
    case nil: preconditionFailure("an end without a beginning")
    }
  }
}

private func text(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> String {
  String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
}
