import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Which databases and tables of an account bear LF-Tags, found by searching for them instead of
/// asking each.
///
/// SearchDatabasesByLFTags and SearchTablesByLFTags go by effective tags: what inherits a tag is
/// found. Whatever was assigned a tag bears it effectively, so no assignment to a database or a table
/// is missed. A tag that was deleted leaves no assignment behind; a tag of another account can't be
/// assigned here, and is not searched for.
///
/// Whether a table is also found by a tag that only its columns bear is not documented. The API
/// reference says of SearchTablesByLFTags that it finds "all resources where the given LF-tags are
/// valid", and of its answer that an entry lists the tags of columns, too; users show entries that
/// do (boto/boto3#3425). So it is not taken for granted: an entry that could only be found by a
/// column's tag shows it. Where there is none, every table is asked that the search did not find.
struct TagBearers: Sendable {
  /// Values that one condition takes: `TagValueList` in the service's model.
  private static let valuesPerCall = 50

  let databases: Set<String>
  /// The names of tables by their database.
  let tables: [String: Set<String>]
  /// Whether a table may bear tags on columns and not be found: the account has tags, and no table
  /// was seen to be found by a tag that only a column of it bears.
  let mayMissColumns: Bool
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
    var findsByColumns = false
    let expressions = try await Self.expressions(at: site)
    for expression in expressions {
      var bearing: Set<String> = []
      for found in try await site.client.all(.lakeFormationSearchDatabasesByLFTags, expression) {
        let database = found["Database"] ?? [:]
        guard Self.isOwn(database, at: site) else { continue }
        bearing.insert(try kind.required("Name", of: database))
      }
      databases.formUnion(bearing)
      for found in try await site.client.all(.lakeFormationSearchTablesByLFTags, expression) {
        let table = found["Table"] ?? [:]
        guard Self.isOwn(table, at: site) else { continue }
        let database = try kind.required("DatabaseName", of: table)
        tables[database, default: []].insert(try kind.required("Name", of: table))
        if !bearing.contains(database), Self.isFoundByColumn(found, expression) {
          findsByColumns = true
        }
      }
    }
    mayMissColumns = !expressions.isEmpty && !findsByColumns
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

  /// Whether what was searched for is borne by a column of the table, and neither by the table nor,
  /// as far as its entry tells, by its database.
  private static func isFoundByColumn(_ found: JSON, _ expression: JSON) -> Bool {
    let term = expression["Expression"]?.array?.first ?? [:]
    let values = Set(term["TagValues"]?.strings ?? [])
    func bears(_ tags: JSON?) -> Bool {
      (tags?.array ?? []).contains { tag in
        tag["TagKey"] == term["TagKey"] && !values.isDisjoint(with: tag["TagValues"]?.strings ?? [])
      }
    }
    return !bears(found["LFTagOnDatabase"]) && !bears(found["LFTagsOnTable"])
      && (found["LFTagsOnColumns"]?.array ?? []).contains { bears($0["LFTags"]) }
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
