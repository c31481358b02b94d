#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum FileStatus {
  case file(size: Int)
  case folder
  case missing
  /// A link, a device: nothing that a store would hold.
  case other
}

/// By `lstat`: links are not followed.
func statusOf(_ path: String) throws -> FileStatus {
  var status = stat()
  guard lstat(path, &status) == 0 else {
    if errno == ENOENT || errno == ENOTDIR { return .missing }
    throw ArchiveError.system("look at \(path)")
  }
  switch status.st_mode & S_IFMT {
  case S_IFREG: return .file(size: Int(status.st_size))
  case S_IFDIR: return .folder
  default: return .other
  }
}

/// - Returns: nil where there is nothing.
/// - Throws: `ArchiveError` (`.damaged`) for anything but a regular file.
func sizeOfFile(_ path: String) throws -> Int? {
  switch try statusOf(path) {
  case .file(let size): return size
  case .missing: return nil
  case .folder, .other: throw ArchiveError.damaged("\(path) is no regular file")
  }
}

/// Reads a whole file by `read`.
/// - Throws: `ArchiveError` (`.notFound`, `.io`).
func readFile(_ path: String, _ name: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
  guard descriptor >= 0 else {
    if errno == ENOENT { throw ArchiveError(.notFound, "\(name) is not in the store") }
    throw ArchiveError.system("open \(path)")
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw ArchiveError.system("look at \(path)") }
  let size = Int(status.st_size)
  return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
    while filled < size, let base = buffer.baseAddress {
      let count = read(descriptor, base + filled, size - filled)
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw ArchiveError.system("read \(path)")
      }
    }
  }
}

/// What `readdir` tells; nothing for a folder that isn't there. Hidden names are among them.
func namesIn(_ folder: String) throws -> [String] {
  guard let handle = opendir(folder) else {
    if errno == ENOENT || errno == ENOTDIR { return [] }
    throw ArchiveError.system("list \(folder)")
  }
  defer { closedir(handle) }
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = readdir(handle) else { break }
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    names.append(name)
  }
  if errno != 0 { throw ArchiveError.system("list \(folder)") }
  return names
}

/// Makes a folder and those above it, each with mode 0700 and durably. One that is there is left
/// as it is.
func makeFolder(_ path: String) throws {
  if mkdir(path, 0o700) == 0 { return try syncFolder(parent(of: path)) }
  if errno == EEXIST { return }
  guard errno == ENOENT, parent(of: path) != path else {
    throw ArchiveError.system("make \(path)")
  }
  try makeFolder(parent(of: path))
  if mkdir(path, 0o700) != 0, errno != EEXIST { throw ArchiveError.system("make \(path)") }
  try syncFolder(parent(of: path))
}

/// Makes the names in a folder durable, by `fsync`.
func syncFolder(_ path: String) throws {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw ArchiveError.system("open \(path)") }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw ArchiveError.system("sync \(path)") }
}

func parent(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a file of mode 0600 with a name of its own, by `mkstemp`. No child process inherits it.
func makeTemporaryFile(in folder: String) throws -> (descriptor: Int32, path: String) {
  var template = Array("\(folder)/meshdr-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
    throw ArchiveError.system("make a file in \(folder)")
  }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return (descriptor, path)
}
