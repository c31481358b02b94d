import MeshModel

/// Whether `key` is `prefix` or lies below it.
func isWithin(_ key: String, _ prefix: String) -> Bool {
  withBytes(key) { key in
    withBytes(prefix) { prefix in
      guard key.count >= prefix.count,
        compareBytes(UnsafeBufferPointer(rebasing: key[..<prefix.count]), prefix) == 0
      else { return false }
      return key.count == prefix.count || key[prefix.count] == UInt8(ascii: "/")
    }
  }
}

/// Whether `left` is the lesser key. As `<`, by `memcmp`.
func precedes(_ left: RecordKey, _ right: RecordKey) -> Bool {
  withBytes(left.text) { left in
    withBytes(right.text) { right in
      compareBytes(left, right) < 0
    }
  }
}

/// The bytes of a text. Texts made in Swift have them in one piece; others are copied.
private func withBytes<Result>(
  _ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  text.utf8.withContiguousStorageIfAvailable(body) ?? Array(text.utf8).withUnsafeBufferPointer(body)
}
