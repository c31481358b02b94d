import CanonicalJSON
import FileFormats
import Foundation

/// A file in memory.
struct BytesSource: ParquetSource {
  var bytes: [UInt8]
  /// What it says of its size at the second call; nil for the truth.
  var laterSize: Int?

  init(_ bytes: [UInt8], laterSize: Int? = nil) {
    self.bytes = bytes
    self.laterSize = laterSize
  }

  /// One of `Fixtures`.
  init(_ name: String) throws {
    self.init([UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).parquet"))))
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures")

  func read(from offset: Int, count: Int) async throws -> (bytes: [UInt8], size: Int) {
    let size = offset > 0 ? laterSize ?? bytes.count : bytes.count
    return (Array(bytes.dropFirst(offset).prefix(count)), size)
  }
}

/// Reads whole columns.
func columns(
  _ source: some ParquetSource, _ names: [String]? = nil
) async throws -> [String: [ParquetValue]] {
  let file = try await ParquetFile(source)
  let wanted = file.columns.filter { names?.contains($0.path.joined(separator: ".")) ?? true }
  var found: [String: [ParquetValue]] = [:]
  for column in wanted { found[column.path.joined(separator: ".")] = [] }
  guard !wanted.isEmpty else { return found }
  try await file.forEachBatch(of: wanted) { batch in
    for (place, column) in wanted.enumerated() {
      found[column.path.joined(separator: "."), default: []] +=
        (0..<batch.rows).map { batch[place, $0] }
    }
  }
  return found
}

/// The value that a row of `rows.json` stands for.
func expected(_ row: JSON, _ path: [String]) -> ParquetValue {
  var value = row
  for (depth, name) in path.enumerated() {
    guard let next = value[name], next != .null else { return .null(defined: depth) }
    value = next
    if let items = value.array {
      return .list(items.map { $0 == .null ? .null(defined: 2) : .bytes(text($0)) })
    }
  }
  if let truth = value.bool { return .truth(truth) }
  if let number = value.integer { return .integer(Int64(number)) }
  return .bytes(text(value))
}

private func text(_ value: JSON) -> ArraySlice<UInt8> { Array((value.string ?? "").utf8)[...] }
