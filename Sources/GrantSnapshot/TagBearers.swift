import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Which databases and tables of an account bear LF-Tags, found by searching for them instead of
/// asking each.
///
/// SearchDatabasesByLFTags and SearchTablesByLFTags go by effective tags: what inherits a tag is
/// found, and a table also by its columns' tags, which its entry names. Whatever was assigned a tag
/// bears it effectively, so nothing assigned is missed. A tag that was deleted leaves no assignment
/// behind; a tag of another account can't be assigned here, and is not searched for.
struct TagBearers: Sendable {
  /// Values that one condition takes: `TagValueList` in the service's model.
  private static let valuesPerCall = 50

  let databases: Set<String>
  /// The names of tables by their database.
  let tables: [String: Set<String>]
  /// When the search began, in seconds since 1970 by this machine's clock.
  private let began: Double

  /// ListLFTags, and both searches for every tag, with 50 values a call.
  /// - Parameter now: the time by this machine's clock, in seconds since 1970.
  /// - Throws: `AWSFailure` of any call, `MalformedRecord` for a bearer without a name. Nothing
  ///   is known then.
  init(at site: Site, now: Double) async throws {
    let kind = TagAssignmentKind()
    var databases: Set<String> = []
    var tables: [String: Set<String>] = [:]
    for expression in try await Self.expressions(at: site) {
      for found in try await site.client.all(.lakeFormationSearchDatabasesByLFTags, expression) {
        let database = found["Database"] ?? [:]
        guard Self.isOwn(database, at: site) else { continue }
        databases.insert(try kind.required("Name", of: database))
      }
      for found in try await site.client.all(.lakeFormationSearchTablesByLFTags, expression) {
        let table = found["Table"] ?? [:]
        guard Self.isOwn(table, at: site) else { continue }
        let database = try kind.required("DatabaseName", of: table)
        tables[database, default: []].insert(try kind.required("Name", of: table))
      }
    }
    self.databases = databases
    self.tables = tables
    began = now
  }

  /// One condition a request: conditions of one request must all be met.
  private static func expressions(at site: Site) async throws -> [JSON] {
    var expressions: [JSON] = []
    for tag in try await site.client.all(.lakeFormationListLFTags, [:]) {
      guard isOwn(tag, at: site), let key = tag["TagKey"] else { continue }
      let values = tag["TagValues"]?.strings ?? []
      let calls: [JSON] = stride(from: 0, to: values.count, by: valuesPerCall).map { start in
        let some = Array(values[start..<min(start + valuesPerCall, values.count)])
        return ["Expression": [["TagKey": key, "TagValues": JSON(some)]]]
      }
      // What changes from a later call's value to an earlier one's in between would be in neither.
      expressions += calls.count > 1 ? calls + calls : calls
    }
    return expressions
  }

  private static func isOwn(_ body: JSON, at site: Site) -> Bool {
    (body["CatalogId"]?.string ?? site.account) == site.account
  }

  /// How far the clock of AWS and that of this machine may be apart, in seconds.
  private static let skew = 900.0

  /// Whether a database or table may have been made after the search, and bear tags all the same.
  func mayBeNewer(_ record: Record) throws -> Bool {
    guard let created = try record.value()["CreateTime"]?.double else { return true }
    return created > began - Self.skew
  }
}
