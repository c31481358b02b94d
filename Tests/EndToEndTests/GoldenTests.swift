import CanonicalJSON
import Foundation
import TestSupport
import Testing

@Suite struct HelpGoldenTests {
  func help(_ arguments: String...) throws -> String {
    let outcome = try Running(
      meshdrPath, arguments, in: "/", environment: ["COLUMNS": "80"]
    ).finish()
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.isEmpty)
    return outcome.output
  }

  @Test func theProgram() throws {
    try expectGolden(help("--help"), "help.txt")
  }

  @Test(arguments: [
    "init", "snapshot", "list", "show", "diff", "verify", "prune", "hold", "release", "export",
    "import", "plan", "restore", "report", "runs", "active", "status", "repoint", "failback",
    "drill",
    "audit", "iam-policy", "rpo",
    "completions", "man", "version",
  ])
  func eachCommand(name: String) throws {
    let text = try help("help", name)
    try expectGolden(text, "help-\(name).txt")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}

/// The members of the documents that scripts rely on: their names and types, not their values.
@Suite struct DocumentGoldenTests {
  @Test func everyDocument() throws {
    let mesh = try StandIn()
    try expectShape(mesh.meshdr("snapshot", "--output", "json"), "snapshot")
    try expectShape(mesh.meshdr("list", "--output", "json"), "list")
    try expectShape(mesh.meshdr("show", "latest", "--output", "json"), "show")
    try expectShape(mesh.meshdr("verify", "--output", "json"), "verify")
    try expectShape(mesh.meshdr("hold", "latest", "--reason", "x", "--output", "json"), "hold")
    let file = "\(mesh.folder)/carried.tar.zst"
    try expectShape(
      mesh.meshdr("export", "latest", "--to", file, "--output", "json"), "export")
    try expectShape(mesh.meshdr("import", file, "--output", "json"), "import")
    try mesh.retain("last: 1")
    try expectShape(mesh.meshdr("prune", "--dry-run", "--output", "json"), "prune")
    try expectShape(mesh.meshdr("release", "latest", "--output", "json"), "release")
    try expectShape(mesh.meshdr("plan", "--region", "eu-west-1", "--output", "json"), "plan")
    let differences = try mesh.meshdr(
      "verify", "--region", "eu-west-1", "--output", "json", "--only", "kind:lf-tag")
    try expectShape(differences, "verify-region")
    try expectShape(mesh.meshdr("audit", "--output", "json"), "audit")
    try expectShape(mesh.meshdr("restore", "--output", "json"), "restore")
    try expectShape(mesh.meshdr("runs", "--output", "json"), "runs")
    try expectShape(mesh.meshdr("active", "eu-west-1", "--output", "json"), "active")
    try expectShape(mesh.meshdr("status", "--output", "json"), "status")
    try expectShape(mesh.meshdr("rpo", "--output", "json"), "rpo")
    try expectShape(mesh.meshdr("diff", "latest", "live", "--output", "json"), "diff")
  }

  private func expectShape(_ outcome: Outcome, _ name: String) throws {
    // One document and its line feed: anything else on stdout would not parse.
    let document = try outcome.json()
    try expectGolden(Self.shape(of: document).prettyText + "\n", "document-\(name).json")
  }

  /// The same document with types for values. Lists show their first element; objects whose names
  /// are data show one.
  static func shape(of value: JSON) -> JSON {
    switch value {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string, .unpaired: "text"
    case .array(let elements): .array(elements.prefix(1).map(shape))
    case .object(let members):
      .object(
        members.mapValues(shape).reduce(into: [:]) { result, member in
          let isData = Int(member.key) != nil || dataNames.contains(member.key)
          result[isData ? "…" : member.key] = member.value
        })
    }
  }

  private static let dataNames: Set<String> = [
    "bucket", "catalog", "catalog-column-statistics", "catalog-database", "catalog-function",
    "catalog-table", "classifier", "column-statistics", "connection", "crawler", "data-catalog",
    "data-cells-filter", "database", "database-tags", "encryption-settings", "grant",
    "identity-center", "invitation", "lf-tag", "lf-tag-expression", "location", "named-query",
    "opt-in", "partition", "partition-index", "partition-statistics", "prepared-statement",
    "registry", "resource-policy", "resource-share", "schema", "schema-version", "settings",
    "share-policy", "table", "table-optimizer", "table-version", "tag-assignment",
    "user-defined-function", "work-group",
  ]
}
