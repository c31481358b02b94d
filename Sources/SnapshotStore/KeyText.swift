import MeshModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether `key` is `prefix` or lies below it.
func isWithin(_ key: String, _ prefix: String) -> Bool {
  withBytes(key) { key in
    withBytes(prefix) { prefix in
      guard key.count >= prefix.count, compare(key, prefix, prefix.count) == 0 else {
        return false
      }
      return key.count == prefix.count || key[prefix.count] == UInt8(ascii: "/")
    }
  }
}

/// Whether `left` is the lesser key. As `<`, by `memcmp`.
func precedes(_ left: RecordKey, _ right: RecordKey) -> Bool {
  withBytes(left.text) { left in
    withBytes(right.text) { right in
      let order = compare(left, right, min(left.count, right.count))
      return order == 0 ? left.count < right.count : order < 0
    }
  }
}

/// The bytes of a text. Texts made in Swift have them in one piece; others are copied.
private func withBytes<Result>(
  _ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  text.utf8.withContiguousStorageIfAvailable(body) ?? Array(text.utf8).withUnsafeBufferPointer(body)
}

private func compare(
  _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, _ count: Int
) -> Int32 {
  guard count > 0, let left = left.baseAddress, let right = right.baseAddress else { return 0 }
  return memcmp(left, right, count)
}
