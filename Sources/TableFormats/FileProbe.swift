/// Asks for the presence of files a thousand at a time.
struct FileProbe {
  static let batch = 1000

  private let objects: any TableObjects
  private var waiting: [FileReference] = []
  private(set) var closure = Closure()

  init(objects: any TableObjects) {
    self.objects = objects
  }

  mutating func add(_ file: FileReference) async throws {
    waiting.append(file)
    if waiting.count == Self.batch { try await flush() }
  }

  /// What was found, of all files that were added.
  mutating func finish() async throws -> Closure {
    try await flush()
    return closure
  }

  private mutating func flush() async throws {
    guard !waiting.isEmpty else { return }
    for (file, presence) in zip(waiting, try await presences(of: waiting, in: objects)) {
      closure.add(presence, of: file.location)
    }
    waiting.removeAll(keepingCapacity: true)
  }
}

/// The presence of each file, in their order; what can't be asked is unknown.
func presences(
  of files: [FileReference], in objects: any TableObjects
) async throws -> [FilePresence] {
  switch try await told({ try await objects.presence(of: files) }) {
  case .success(let found) where found.count == files.count: return found
  case .success: return files.map { _ in .unknown("the answer is about other files") }
  case .failure(let error): return files.map { _ in .unknown(error.description) }
  }
}
