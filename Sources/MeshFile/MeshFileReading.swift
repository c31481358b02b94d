#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension MeshFile {
  /// Reads and checks a mesh file.
  ///
  /// - Parameter path: opened as it is by `fopen`; pipes work too. At most one byte more than
  ///   ``largestSize`` is read.
  public init(readingFrom path: String) throws(MeshFileError) {
    try self.init(bytes: try Self.read(path), path: path)
  }

  /// Checks a mesh file's content.
  ///
  /// - Parameters:
  ///   - bytes: the content, which may turn out not to be UTF-8.
  ///   - path: what errors call the file; nothing is read from it.
  public init(bytes: [UInt8], path: String) throws(MeshFileError) {
    guard bytes.count <= Self.largestSize else {
      let limit = Self.largestSize >> 20
      throw MeshFileError(path: path, message: "larger than \(limit) MiB; is it a mesh file?")
    }
    do throws(Complaint) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Complaint(Mark(of: offsetOfInvalidUTF8(bytes), in: bytes), "not UTF-8 text")
      }
      var parser = try YAMLParser(bytes)
      self.init(try Parts(parser.document()), text: text, path: path)
    } catch {
      throw MeshFileError(
        path: path, line: error.mark.line, column: error.mark.column, message: error.message)
    }
  }

  /// Checks a mesh file's content.
  ///
  /// - Parameters:
  ///   - text: the content, kept verbatim.
  ///   - path: what errors call the file; nothing is read from it.
  public init(text: String, path: String) throws(MeshFileError) {
    try self.init(bytes: Array(text.utf8), path: path)
  }

  private static func read(_ path: String) throws(MeshFileError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw MeshFileError(path: path, message: "can't be opened: \(lastError())")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= largestSize {
      let wanted = min(chunk.count, largestSize + 1 - bytes.count)
      let count = fread(&chunk, 1, wanted, file)
      bytes += chunk.prefix(count)
      guard count < wanted else { continue }
      guard ferror(file) == 0 else {
        throw MeshFileError(path: path, message: "can't be read: \(lastError())")
      }
      break
    }
    return bytes
  }

  private static func lastError() -> String {
    errno == ENOENT ? "there is no such file" : String(cString: strerror(errno))
  }
}

/// Where the first byte stands that does not continue well-formed UTF-8.
private func offsetOfInvalidUTF8(_ bytes: [UInt8]) -> Int {
  var parser = Unicode.UTF8.ForwardParser()
  var iterator = bytes.makeIterator()
  var offset = 0
  while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
  return offset
}
