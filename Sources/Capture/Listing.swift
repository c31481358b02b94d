import AWSAccess
import CanonicalJSON
import MeshModel

extension Site {
  /// Pages through a listing and hands each element to the sink.
  /// - Parameter path: the path of the element's record; nil where it is to be left out.
  /// - Throws: `AWSFailure`, and what `path` and the sink throw.
  public func list(
    _ kind: Kind, _ operation: AWSOperation, _ input: JSON, into sink: any RecordSink,
    path: (JSON) throws -> [String]?
  ) async throws {
    for try await page in client.pages(operation, input) {
      if page.isRestart { sink.restart() }
      for element in page.elements {
        let tree = try JSON(parsing: element)
        guard let path = try path(tree) else { continue }
        try sink.add(Record(key: key(kind, path), body: Array(element), tree: tree))
      }
    }
  }

  /// Pages through a listing of which there may be very many elements: none is taken apart.
  /// - Parameters:
  ///   - naming: the member of each element whose texts name it: the last parts of its path.
  ///   - path: the parts before them.
  ///   - onPage: how many elements there were so far, and whether more follow. False ends the
  ///     listing before its end.
  /// - Returns: whether it came to its end.
  /// - Throws: `AWSFailure`, `MalformedRecord` for an element without that member, and what the
  ///   sink throws.
  @discardableResult
  public func list(
    _ kind: Kind, _ operation: AWSOperation, _ input: JSON, naming: String, below path: [String],
    into sink: any RecordSink, onPage: (_ count: Int, _ more: Bool) -> Bool = { _, _ in true }
  ) async throws -> Bool {
    let prefix = Array(key(kind, path).text.utf8)
    var count = 0
    for try await page in client.pages(operation, input, naming: naming) {
      if page.isRestart {
        sink.restart()
        count = 0
      }
      try sink.add(batch(page.elements, kind, prefix, naming))
      count += page.elements.count
      let token = operation.paging.flatMap { page.rest[$0.outputToken] }
      if !onPage(count, token != nil && token != .null) { return false }
    }
    return true
  }

  private func batch(
    _ elements: JSONElements, _ kind: Kind, _ prefix: [UInt8], _ naming: String
  ) throws -> RecordBatch {
    var batch = RecordBatch(
      bodies: elements.buffer, records: elements.count,
      keyBytes: elements.count * (prefix.count + 32))
    for index in elements.indices {
      guard let name = elements.nameRange(of: index) else {
        throw MalformedRecord(kind: kind, member: naming)
      }
      try batch.append(body: elements.range(of: index)) { key in
        key += prefix
        try append(elements.buffer[name], kind, naming, to: &key)
      }
    }
    return batch
  }

  /// Appends the texts of a canonical list to a key, each behind a `/`.
  private func append(
    _ list: UnsafeBufferPointer<UInt8>, _ kind: Kind, _ naming: String, to key: inout [UInt8]
  ) throws {
    let begin = key.count
    let isPlain = forEachPlainString(in: list) { text in
      key.append(UInt8(ascii: "/"))
      RecordKey.append(text, to: &key)
    }
    if isPlain { return }
    key.removeSubrange(begin...)
    guard let texts = try JSON(parsing: list).array else {
      throw MalformedRecord(kind: kind, member: naming)
    }
    for text in texts {
      guard let text = text.string else { throw MalformedRecord(kind: kind, member: naming) }
      key.append(UInt8(ascii: "/"))
      Array(text.utf8).withUnsafeBufferPointer { RecordKey.append($0, to: &key) }
    }
  }
}
