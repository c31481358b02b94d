import CanonicalJSON
import Testing

@testable import MeshModel

@Suite struct CLICommandTests {
  @Test(arguments: [
    ("plain-name_1.2/x:y=z@a,b", "plain-name_1.2/x:y=z@a,b"), ("", "''"),
    ("two words", "'two words'"),
    ("it's", "'it'\\''s'"), ("$(rm -rf /)", "'$(rm -rf /)'"), ("é", "'é'"), ("a\nb", "'a\nb'"),
  ])
  func aShellTakesEachValueForOneWord(value: String, quoted: String) {
    #expect(CLICommand.quoted(value) == quoted)
  }

  @Test func jsonStandsOverSeveralLines() {
    let command = CLICommand("glue create-connection", region: "eu-west-1")
      .option("connection-input", ["Name": "it's"])
    #expect(
      command.text
        == "aws glue create-connection --region eu-west-1 --connection-input '{\n"
        + "  \"Name\": \"it'\\''s\"\n}'")
  }

  @Test func theResultKeepsWhatIsLeft() throws {
    var result = RestoreResult(
      command: "restore", mesh: "m", snapshot: "s", region: "r",
      rto: .init(objectiveSeconds: 1, seconds: 0, phases: []))
    let key = RecordKey(account: "111111111111", kind: Kind("glue", "connection"), path: ["erp"])
    result.manual = [ManualStep(.finish, key, reason: "why", commands: ["aws x", "aws y"])]
    #expect(try RestoreResult(json: result.json).manual == result.manual)
  }
}
