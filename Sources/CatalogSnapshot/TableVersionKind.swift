import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A former version of a table. AWS numbers versions itself and takes none from outside: kept for
/// reading.
public struct TableVersionKind: CapturedKind {
  public let kind = Kind.tableVersion
  public let restorability = Restorability.descriptive
  public let parents = [Kind.table]
  private let limit: Int

  /// - Parameter limit: how many versions of each table are kept, the newest first; the current one
  ///   is the table itself, and not counted.
  public init(newest limit: Int) {
    self.limit = limit
  }

  public func phase(of body: JSON) -> Phase { .settle }
  public func comparable(_ body: JSON) -> JSON { body }

  /// A link has versions too, but they are those of a link.
  public func isListed(below parent: Record) throws -> Bool {
    !TableKind.isLink(try parent.value())
  }

  /// GetTableVersions. The answer's order is not documented: all are looked at, and the newest kept,
  /// unless a page shows that the newest come first.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    guard let parent else { return }
    let current = try parent.value()["VersionId"]?.string.flatMap { Int($0) }
    let none = NewestVersions(limit: limit, current: current)
    var newest = none
    let request = ColumnStatistics.request(parent.key.path)
    for try await page in site.client.pages(.glueGetTableVersions, request) {
      if page.isRestart { newest = none }
      for element in page.elements {
        let version = try required("VersionId", of: JSON(parsing: element))
        guard let number = Int(version) else {
          throw MalformedRecord(kind: kind, member: "VersionId: \(version) is no number")
        }
        newest.add(
          number, Record(key: site.key(kind, parent.key.path + [version]), body: Array(element)))
      }
      if newest.isComplete { break }
    }
    for record in newest.records { try sink.add(record) }
  }
}

/// The newest versions among those seen so far.
private struct NewestVersions {
  private let limit: Int
  private let current: Int?
  private var kept: [(number: Int, record: Record)] = []
  private var last = Int.max
  private var descending = true
  private var sawCurrent = false

  init(limit: Int, current: Int?) {
    self.limit = limit
    self.current = current
  }

  mutating func add(_ number: Int, _ record: Record) {
    if last == Int.max { sawCurrent = number == current }
    descending = descending && number < last
    last = number
    guard number != current else { return }
    kept.append((number, record))
    guard kept.count > limit else { return }
    kept.sort { $0.number > $1.number }
    kept.removeLast()
  }

  /// Whether what follows can only be older: the listing began with the current version and has
  /// come down ever since.
  var isComplete: Bool { sawCurrent && descending && kept.count == limit }

  var records: [Record] { kept.map(\.record) }
}
