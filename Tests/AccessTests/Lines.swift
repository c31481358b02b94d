import Access
import LakeSamples
import MeshModel

extension AccessSet {
  /// The access that records give.
  init(of records: [Record]) throws {
    var builder = AccessBuilder()
    for record in records { try builder.add(record) }
    self = builder.finished()
  }

  /// What a principal may do with a table, in short: `DESCRIBE; id, salary; id if region='W'`.
  func line(
    _ principal: String, _ database: String, _ table: String? = nil,
    of account: String = Sample.owner
  ) -> String {
    let resource: AccessResource =
      table.map { .table(account: account, database: database, $0) }
      ?? .database(account: account, database)
    return access(of: principal, to: resource).line
  }
}

extension Access {
  var line: String {
    (permissions.names.isEmpty ? [] : [permissions.names.joined(separator: " ")])
      .appending(reading.short).appending(grantableReading.short.map { "\($0) to give" })
      .joined(separator: "; ")
  }
}

extension Reading {
  var short: [String] {
    lines.map {
      $0.replacing("all columns", with: "all").replacing(" where ", with: " if ")
    }.sorted()
  }
}

extension [String] {
  fileprivate func appending(_ more: [String]) -> [String] { self + more }
}
