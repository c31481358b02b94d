import CanonicalJSON
import Foundation
import Testing

@testable import TableFormats

/// A table of `Fixtures` as it lies in a replica, of which a test takes objects away or spoils them.
struct FixtureObjects: TableObjects {
  let root: String
  /// The metadata file that the catalog names.
  let metadata: String?
  private(set) var sizes: [String: Int64]
  private(set) var contents: [String: [UInt8]] = [:]
  /// What can't be asked.
  var refused: Set<String> = []
  private let folder: URL

  init(_ name: String) throws {
    folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/\(name)")
    let about = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "objects.json"))))
    root = try #require(about["root"]?.string)
    metadata = about["metadata"]?.string
    sizes = (about["sizes"]?.object ?? [:]).compactMapValues { $0.integer.map(Int64.init) }
  }

  /// A table that a test writes itself.
  init(root: String, files: [String: String]) {
    folder = URL(filePath: "/nowhere")
    self.root = root
    metadata = nil
    sizes = [:]
    for (name, text) in files { put(name, Array(text.utf8)) }
  }

  /// The names of objects whose name contains a text, sorted.
  func names(_ text: String) -> [String] { sizes.keys.filter { $0.contains(text) }.sorted() }

  func at(_ name: String) -> String { "\(root)/\(name)" }

  mutating func lose(_ name: String) { sizes[name] = nil }

  mutating func put(_ name: String, _ bytes: [UInt8]) {
    contents[name] = bytes
    sizes[name] = Int64(bytes.count)
  }

  mutating func put(_ name: String, size: Int64) { sizes[name] = size }

  func bytes(_ name: String) throws -> [UInt8] {
    if let changed = contents[name] { return changed }
    return try [UInt8](Data(contentsOf: folder.appending(path: name)))
  }

  private func name(_ location: String) -> String? {
    location.hasPrefix(root + "/") ? String(location.dropFirst(root.count + 1)) : nil
  }

  func read(_ location: String, from offset: Int64, count: Int) async throws -> ObjectPart? {
    guard let name = name(location), sizes[name] != nil else { return nil }
    if refused.contains(name) { throw Refusal() }
    let bytes = try bytes(name)
    return ObjectPart(
      bytes: Array(bytes.dropFirst(Int(offset)).prefix(count)), size: Int64(bytes.count))
  }

  func presence(of files: [FileReference]) async throws -> [FilePresence] {
    files.map { file in
      guard let name = name(file.location) else { return .unknown("no replica is known") }
      if refused.contains(name) { return .unknown("access denied") }
      guard let size = sizes[name] else { return .missing }
      return file.size == nil || file.size == size ? .present : .differs(size: size)
    }
  }

  func list(_ prefix: String) async throws -> [ListedObject] {
    if refused.contains(prefix) { throw Refusal() }
    return sizes.keys.map { at($0) }.filter { $0.hasPrefix(prefix) }.map {
      ListedObject(location: $0, size: 0, modified: 1_700_000_000_000)
    }
  }

  struct Refusal: Error, CustomStringConvertible {
    let description = "access denied"
  }
}
