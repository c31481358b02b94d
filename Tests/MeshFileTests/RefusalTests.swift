import Foundation
import MeshFile
import Testing

@Suite struct RefusalTests {
  func refusal(_ text: String) -> String {
    do {
      _ = try read(text)
      return "accepted"
    } catch { return error.description.replacing("meshdr.yaml:", with: "") }
  }

  @Test(arguments: [
    ("retentoin: {}", "4:1: unknown key \"retentoin\"; did you mean \"retention\"?"),
    (
      "colour: red",
      "4:1: unknown key \"colour\"; known here: mesh, primary, secondary, store, accounts, "
        + "objectives, retention, priority, mapping, capture, signing, drill, accepted_gaps"
    ),
    (
      "objectives: {rop: 1h}",
      "4:14: unknown key \"rop\" in \"objectives\"; did you mean \"rpo\"?"
    ),
    ("mesh: other", "4:1: key \"mesh\" stands twice, first in line 1"),
    ("objectives: {rpo: 1h, rpo: 1h}", "4:23: key \"rpo\" stands twice, first in line 4"),
    ("objectives: [1h]", "4:13: \"objectives\" must be a mapping (rpo: …), not a list"),
    ("secondary:", "4:11: \"secondary\" has no value"),
    ("secondary: [eu-west-1]", "4:12: \"secondary\" must be a text, not a list"),
    (
      "secondary: us-east-1",
      "4:12: \"secondary\" is the primary region; it must be another one"
    ),
    (
      "secondary: eu-west",
      "4:12: \"secondary\" must be the name of a region, such as us-east-1, not \"eu-west\""
    ),
    (
      "secondary: eu-west-1a",
      "4:12: \"secondary\" must be the name of a region; \"eu-west-1a\" names a zone of "
        + "\"eu-west-1\", not \"eu-west-1a\""
    ),
    ("priority: finance", "4:11: \"priority\" must be a list ([…]), not \"finance\""),
    ("priority: [a, a]", "4:15: \"a\" stands twice in \"priority\""),
    (
      "priority: [kind:grant]",
      "4:12: \"priority\" takes databases and database.table, not \"kind:grant\""
    ),
    (
      "capture: {partition_statistics: [kind:grant]}",
      "4:34: \"partition_statistics\" takes databases and database.table, not \"kind:grant\""
    ),
    (
      "capture: {table_version: 1}",
      "4:11: unknown key \"table_version\" in \"capture\"; did you mean \"table_versions\"?"
    ),
    (
      "capture: {table_versions: -1}",
      "4:27: \"table_versions\" must be a number such as 7, not \"-1\""
    ),
    (
      "accepted_gaps: [{location: scratch, reason: r}]",
      "4:28: \"location\" must be one as meshdr rpo names it, such as s3://bucket/prefix/, not "
        + "\"scratch\""
    ),
    (
      "accepted_gaps: [{location: s3://b/}]",
      "4:17: key \"reason\" is missing in \"accepted_gaps\""
    ),
    ("retention: {last: -1}", "4:19: \"last\" must be a number such as 7, not \"-1\""),
    ("retention: {last: 07}", "4:19: \"last\" must be a number such as 7, not \"07\""),
    ("retention: {last: \"7\"}", "4:19: \"last\" must be a number such as 7, not \"7\""),
    ("retention: {last: [7]}", "4:19: \"last\" must be a number such as 7, not a list"),
    (
      "retention: {last: 0}",
      "4:12: \"retention\" would keep no snapshot; leave it out to keep every one"
    ),
    ("mapping: {buckets: [a]}", "4:20: \"buckets\" must be a mapping (from: to), not a list"),
    ("mapping: {buckets: {abc: [d]}}", "4:26: \"abc\" must be a text, not a list"),
    (
      "mapping: {buckets: {abc: s3://def}}",
      "4:26: \"buckets\" maps names of buckets, not \"s3://def\""
    ),
    (
      "mapping: {principals: {bob: x}}",
      "4:24: \"principals\" maps ARNs and account ids, not \"bob\""
    ),
    (
      "mapping: {accounts: {\"111111111111\": 12}}",
      "4:38: \"accounts\" maps account ids of twelve digits, not \"12\""
    ),
    (
      "drill: {acounts: {}}",
      "4:9: unknown key \"acounts\" in \"drill\"; did you mean \"accounts\"?"
    ),
    (
      "drill: {accounts: {\"111111111111\": 12}}",
      "4:36: \"accounts\" maps account ids of twelve digits, in quotes, not \"12\""
    ),
    (
      "drill: {accounts: {\"111111111111\": \"111111111111\"}}",
      "4:36: 111111111111 is an account of the mesh: a drill in it would meet what lives there"
    ),
    (
      "drill: {accounts: {\"222222222222\": \"922222222222\"}}",
      "4:36: \"accounts\" of \"drill\" names 222222222222, which is no account of the mesh"
    ),
    (
      "mapping: {accounts: {\"111111111111\": \"911111111111\"}}\n"
        + "drill: {accounts: {\"111111111111\": \"911111111111\"}}",
      "5:36: 911111111111 is an account of the mesh: a drill in it would meet what lives there"
    ),
    (
      "drill: {restorer_role: \"a b\"}",
      "4:24: \"restorer_role\" must be a role's name, not \"a b\""
    ),
  ])
  func keysAndTypes(line: String, expected: String) {
    #expect(refusal(shortest + line) == expected)
  }

  @Test func eachAccountNeedsADrillAccountOfItsOwn() {
    let text = """
      mesh: m
      primary: us-east-1
      accounts: {from: organization}
      drill:
        accounts:
          "111111111111": "911111111111"
          "222222222222": "911111111111"
      """
    #expect(
      refusal(text)
        == "7:21: 911111111111 stands for 111111111111 already; each account needs its own")
  }

  @Test(arguments: [
    "90", "1", "0s", "-5m", "1.5h", "5M", "1w", "m", "1h 30m", "30m1h", "1h1h", "1h30", "", "~",
    "[1h]", "99999999999999999999s", "36501d", "１h",
  ])
  func durations(text: String) {
    let refused = refusal(shortest + "objectives: {rpo: \(text)}")
    #expect(refused.hasPrefix("4:19: \"rpo\" must be a duration above zero such as 90s,"))
  }

  @Test(arguments: [
    "http://bucket/x", "s3:/bucket", "s3://", "s3:///x", "s3a://bucket/x", "S3://bucket/x",
    "s3://b", "s3://bucket//x", "arn:aws:s3:::bucket", "file:///tmp", "gs://bucket/x",
  ])
  func stores(text: String) {
    let refused = refusal(shortest + "store: \(text)")
    #expect(refused.hasPrefix("4:8: \"store\" must be a folder or s3://bucket/prefix"))
    #expect(refused.hasSuffix("not \"\(text)\""))
  }

  @Test(arguments: [
    ("\"\"", "4:8: \"store\" is blank"), ("~", "4:8: \"store\" has no value"),
    ("[]", "4:8: \"store\" lists no store"),
    ("{a: b}", "4:9: unknown key \"a\" in \"store\"; known here: url, region, kms_key, lock"),
    ("{region: eu-west-1}", "4:8: key \"url\" is missing in \"store\""),
    (
      "{url: /a, kms_key: k}",
      "4:27: \"kms_key\" is for stores in S3, and \"/a\" is none"
    ),
    (
      "{url: s3://abc, lock: {mode: strict, for: 30d}}",
      "4:37: \"mode\" must be governance or compliance, not \"strict\""
    ),
    (
      "{url: s3://abc, lock: {mode: compliance}}",
      "4:30: key \"for\" is missing in \"lock\""
    ),
    ("[a, a]", "4:12: \"a\" stands twice in \"store\""),
    ("\"a\\nb\"", "4:8: \"store\" must be one line of text"),
  ])
  func oddStores(text: String, expected: String) {
    #expect(refusal(shortest + "store: \(text)") == expected)
  }

  @Test(arguments: [
    ("primary: us-east-1\naccounts: {}", "1:1: key \"mesh\" is missing"),
    ("mesh: m\naccounts: {}", "1:1: key \"primary\" is missing"),
    ("# note\nmesh: m\nprimary: us-east-1", "2:1: key \"accounts\" is missing"),
    ("mesh: m\nprimary: us-east-1\naccounts:", "3:10: \"accounts\" has no value"),
    ("mesh: ' '\nprimary: us-east-1\naccounts: {}", "1:7: \"mesh\" is blank"),
    ("", "1:1: the file is empty"), ("# nothing\n", "1:1: the file is empty"),
    ("~", "1:1: key \"mesh\" is missing"),
    ("hello", "1:1: a mesh file must be a mapping (mesh: …), not \"hello\""),
    ("- a", "1:1: a mesh file must be a mapping (mesh: …), not a list"),
  ])
  func missing(text: String, expected: String) {
    #expect(refusal(text) == expected)
  }

  @Test(arguments: [
    (
      "list: [{id: 11111111111}]",
      "4:15: account id \"11111111111\" is not twelve digits; if it lost its leading zeros, "
        + "write it in quotes: \"011111111111\""
    ),
    ("list: [{id: \"1111\"}]", "4:15: account id \"1111\" is not twelve digits"),
    (
      "list: [{id: 1111-1111-1111}]",
      "4:15: account id \"1111-1111-1111\" is not twelve digits; write it as \"111111111111\""
    ),
    ("list: [{id: 1111111111111}]", "4:15: account id \"1111111111111\" is not twelve digits"),
    ("list: [{id: １１１１１１１１１１１１}]", "4:15: account id \"１１１１１１１１１１１１\" is not twelve digits"),
    ("list: [{name: a}]", "4:10: key \"id\" is missing in \"accounts.list\""),
    (
      "list: [\"111111111111\"]",
      "4:10: \"accounts.list\" must be a mapping (id: …), not \"111111111111\""
    ),
    (
      "list: [{id: 111111111111}, {id: 111111111111}]",
      "4:35: account id \"111111111111\" stands twice, first in line 4"
    ),
    (
      "list: [{id: 111111111111, name: a}, {id: 222222222222, name: a}]",
      "4:64: account name \"a\" stands twice, first in line 4"
    ),
    (
      "list: [{id: 111111111111, name: 222222222222}]",
      "4:35: name \"222222222222\" is the id of another account"
    ),
    ("from: lsit", "4:9: \"from\" must be organization or list, not \"lsit\""),
    ("from: list", "4:9: \"accounts\" comes from a list, but the list holds none"),
    ("list: []", "4:9: \"accounts\" comes from a list, but the list holds none"),
    (
      "{from: list, list: [{id: 111111111111}], exclude: [111111111111]}",
      "4:22: \"accounts\" comes from a list, but \"exclude\" leaves none of the list"
    ),
    (
      "exclude: [11]",
      "4:13: account id \"11\" is not twelve digits; if it lost its leading zeros, "
        + "write it in quotes: \"000000000011\""
    ),
    (
      "exclude: ['111111111111', 111111111111]",
      "4:29: \"111111111111\" stands twice in \"exclude\""
    ),
    (
      "readerRole: x",
      "4:3: unknown key \"readerRole\" in \"accounts\"; did you mean \"reader_role\"?"
    ),
    (
      "reader_role: arn:aws:iam::111111111111:role/x",
      "4:16: \"reader_role\" must be a role's name, not \"arn:aws:iam::111111111111:role/x\"; "
        + "it is assumed in each account, so no ARN can do"
    ),
  ])
  func accounts(line: String, expected: String) {
    #expect(refusal("mesh: m\nprimary: us-east-1\naccounts:\n  \(line)\n") == expected)
  }
}

@Suite struct SyntaxTests {
  func refusal(_ bytes: [UInt8]) -> MeshFileError? {
    do {
      _ = try MeshFile(bytes: bytes, path: "f")
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    ("a: [1, 2", 1, 9), ("a: 'x", 1, 6), ("a: b: c", 1, 5), ("a: 1\n\tb: 2", 2, 1),
    ("a: 1\n b: 2", 2, 3), ("a: }", 1, 4), ("a: @x", 1, 4), ("mesh: \"\\q\"", 1, 8),
    ("é: [\u{7}]", 1, 5), ("a: &x 1", 1, 4), ("a: *x", 1, 4), ("a: !!str 1", 1, 4),
    ("&a b: 1", 1, 1), ("<<: {a: b}", 1, 1), ("? [a]\n: b", 1, 3), ("a: 1\n---\nb: 2", 2, 1),
    ("a: 1\n...\n---\nb: 2\n", 3, 1), ("%TAG ! x\n", 2, 1),
  ])
  func placeIsTold(text: String, line: Int, column: Int) {
    let error = refusal(Array(text.utf8))
    #expect(error?.line == line, "\(String(describing: error))")
    #expect(error?.column == column, "\(String(describing: error))")
  }

  @Test func tabsAreNamed() {
    #expect(refusal(Array("a: 1\n\tb: 2".utf8))?.message.contains("not tabs") == true)
  }

  @Test func otherEncodingsAreRefused() {
    let error = refusal([UInt8]("mesh: x\nprimary: \u{E9}".utf8.dropLast()))
    #expect(error?.description == "f:2:10: not UTF-8 text")
    #expect(refusal([0xFF, 0xFE, 0x6D, 0x00])?.description == "f:1:1: not UTF-8 text")
    #expect(refusal([0x61, 0x00, 0x62])?.line == 1)
  }

  @Test func sizeAndDepthHaveLimits() {
    let huge = [UInt8](repeating: UInt8(ascii: "#"), count: MeshFile.largestSize + 1)
    #expect(refusal(huge)?.description == "f: larger than 1 MiB; is it a mesh file?")
    #expect(refusal(Array(huge.dropLast()))?.message == "the file is empty")
    for opening in ["[", "{a: ", "- ", "? "] {
      let deep = String(repeating: opening, count: 100_000)
      #expect(refusal(Array(deep.utf8)) != nil)
    }
  }

  @Test func everyTruncationEndsInAnAnswer() {
    let bytes = Array(MeshFileTests.full.utf8)
    for length in 0..<bytes.count { _ = refusal(Array(bytes[..<length])) }
    for index in bytes.indices {
      var broken = bytes
      broken[index] = UInt8(truncatingIfNeeded: index &* 37)
      _ = refusal(broken)
    }
  }

  @Test func filesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("\(UUID().uuidString).yaml")
    #expect(
      throws: MeshFileError(path: file.path, message: "can't be opened: there is no such file")
    ) {
      try MeshFile(readingFrom: file.path)
    }
    #expect(throws: MeshFileError(path: folder.path, message: "can't be read: Is a directory")) {
      try MeshFile(readingFrom: folder.path)
    }
    try shortest.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try MeshFile(readingFrom: file.path).accounts == read(shortest).accounts)
    #expect(throws: MeshFileError.self) { try MeshFile(readingFrom: "/dev/zero") }
  }
}
