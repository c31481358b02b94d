import CommandLineTable
import TestSupport
import Testing

@Suite struct HelpTests {
  @Test func programHelp() throws {
    try expectGolden(mesh.help(for: nil), "help.txt")
  }

  @Test(arguments: ["show", "restore", "completions"])
  func commandHelp(command: String) throws {
    try expectGolden(mesh.help(for: command), "help-\(command).txt")
  }

  @Test func narrowHelp() throws {
    try expectGolden(mesh.help(for: "restore", width: 50), "help-restore-narrow.txt")
  }

  @Test(arguments: [nil, "snapshot", "show", "restore", "completions"], [50, 80, 120])
  func linesKeepTheWidth(command: String?, width: Int) {
    let lines = mesh.help(for: command, width: width).split(separator: "\n")
    // Examples stay as they are written.
    #expect(lines.allSatisfy { $0.count <= width || $0.contains("meshdr restore --region") })
    #expect(lines.allSatisfy { $0.last != " " })
  }

  @Test func widthHasALeast() {
    #expect(mesh.help(for: "restore", width: 1) == mesh.help(for: "restore", width: 40))
  }

  @Test func manualPage() throws {
    try expectGolden(mesh.manPage(date: "2026-11-23"), "meshdr.1")
  }

  @Test(.enabled(if: installed("groff") != nil))
  func manualPageIsGoodRoff() throws {
    let groff = try #require(installed("groff"))
    let arguments = ["-man", "-Tutf8", "-ww", "-z"]
    let result = try run(groff, arguments, input: mesh.manPage(date: "2026-11-23"))
    #expect(result.status == 0)
    #expect(result.output == "")
    let shown = try run(groff, ["-man", "-Tascii", "-P-cbou"], input: mesh.manPage()).output
    #expect(shown.contains("--on-conflict overwrite|skip|fail"))
    #expect(shown.contains("meshdr restore --region eu-west-1 --on-conflict fail   # it's strict"))
  }
}
