import Access
import CanonicalJSON
import LakeSamples
import MeshModel
import Testing

/// A big mesh stays within seconds: nothing may go through every principal with every table.
@Suite struct SizeTests {
  static let tables = 5000
  static let principals = 2500

  /// 5,000 tables in 50 databases, 2,500 roles with a policy on LF-Tags and a grant each.
  static func mesh(without dropped: Int? = nil) -> [Record] {
    var records = [Sample.settings()]
    for database in 0..<50 {
      records.append(Sample.database("d\(database)"))
      records.append(Sample.tags(["d\(database)"], ["domain": "d\(database % 10)"]))
      for table in 0..<tables / 50 {
        records.append(Sample.table("d\(database)", "t\(table)"))
        guard table % 4 == 0, database * 100 + table != dropped else { continue }
        records.append(
          Sample.tags(["d\(database)", "t\(table)", "salary"], ["domain": "secret"]))
      }
    }
    for number in 0..<principals {
      let role = "arn:aws:iam::111111111111:role/r\(number)"
      records.append(
        Sample.grant(role, On.policy(["domain": ["d\(number % 10)"]]), ["SELECT", "DESCRIBE"]))
      records.append(
        Sample.grant(role, On.columns("d\(number % 50)", "t\(number % 100)", ["id"]), ["SELECT"]))
    }
    return records
  }

  @Test func aBigMeshIsComparedInSeconds() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let old = try AccessSet(of: Self.mesh())
    // One column lost the tag that kept it from those who may see its table.
    let new = try AccessSet(of: Self.mesh(without: 104))
    let built = clock.now
    let found = new.beyond(old)
    #expect(found.count == Self.principals / 10)
    #expect(Set(found.map(\.resource.name)) == ["d1.t4"])
    #expect(Set(found.map { $0.access.line }) == ["salary"])
    #expect(old.beyond(new).isEmpty)
    let extents = old.principals.map(old.extent)
    #expect(extents.allSatisfy { $0.readable >= 500 })
    print("effective access: built in \(built - start), compared in \(clock.now - built)")
    #expect(clock.now - start < .seconds(90))
  }
}
