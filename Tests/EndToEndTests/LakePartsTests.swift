import CanonicalJSON
import Foundation
import Testing

/// Expressions, opt-ins and what else Lake Formation holds beside grants, on the NimbusCart mesh.
@Suite struct LakePartsTests {
  /// Widens the expression that a policy stands on, and takes the opt-in away.
  private static let drift = """
    lake = client("lakeformation", "111111111111", "eu-west-1", "meshdr-restorer")
    lake.update_lf_tag_expression(Name="open_products", Expression=[
        {"TagKey": "layer", "TagValues": ["curated", "product", "raw"]}])
    for account in ("111111111111", "222222222222", "333333333333", "444444444444",
                    "555555555555", "666666666666", "777777777777"):
        lake = client("lakeformation", account, "eu-west-1", "meshdr-restorer")
        for found in lake.list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"]:
            lake.delete_lake_formation_opt_in(
                Principal=found["Principal"], Resource=found["Resource"])
    """

  @Test func anExpressionThatDriftedIsMendedWhileNoPolicyStandsOnIt() throws {
    let mesh = try StandIn()
    let snapshot = try mesh.meshdr("snapshot", "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    let counts = try snapshot.json()["counts"] ?? [:]
    #expect(counts["lf-tag-expression"] == 1 && counts["opt-in"] == 1)
    #expect(counts["identity-center"] == 1)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1").exitCode == 0)
    #expect(try mesh.check().exitCode == 0)
    _ = try mesh.boto(Self.drift)
    #expect(try mesh.check().exitCode == 1)

    try mesh.control("DELETE", "calls")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(try mesh.check().exitCode == 0)
    let changed = try restore.json()["changedByKind"]?.object ?? [:]
    #expect(changed["lf-tag-expression"] == 1 && changed["opt-in"] == 1)
    let calls = try mesh.calls().filter { $0["account"] == "111111111111" }
      .compactMap { $0["operation"]?.string }
    let mended = try #require(calls.firstIndex(of: "UpdateLFTagExpression"))
    #expect(try #require(calls.firstIndex(of: "BatchRevokePermissions")) < mended)
    #expect(try #require(calls.lastIndex(of: "BatchGrantPermissions")) > mended)
  }
}
