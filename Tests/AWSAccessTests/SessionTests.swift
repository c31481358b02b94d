import CanonicalJSON
import Foundation
import Testing

@testable import AWSAccess

@Suite struct SessionTests {
  private let ireland = AWSRegion("eu-west-1")

  private func key(_ sent: FakeAWS.Sent) -> String? {
    sent.request.headers["Authorization"]?.components(separatedBy: "Credential=").last?
      .split(separator: "/").first.map(String.init)
  }

  @Test func oneRegionIsAskedAndNoOther() async throws {
    let aws = FakeAWS()
    let session = try AWSSession.over(aws, environment: ["AWS_REGION": "us-east-1"])
    let client = try await session.client(account: "111111111111", role: "reader", region: ireland)
    _ = try await client.call(.glueGetTables, ["DatabaseName": "d"])
    _ = try await client.call(.lakeFormationListPermissions)
    _ = try await session.callerIdentity(region: ireland)
    #expect(aws.sent.all.count == 4)
    #expect(aws.sent.all.allSatisfy { $0.host.hasSuffix(".eu-west-1.amazonaws.com") })
    #expect(
      aws.sent.all.allSatisfy {
        $0.request.headers["Authorization"]?.contains("/eu-west-1/") == true
      })
  }

  @Test func rolesAreAssumedOnceAndShared() async throws {
    let aws = FakeAWS()
    let session = try AWSSession.over(aws)
    try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 {
        group.addTask { [ireland] in
          let client = try await session.client(
            account: "111111111111", role: "dr/meshdr-reader", region: ireland)
          _ = try await client.call(.glueGetDatabases)
          return client.roleARN
        }
      }
      for try await role in group {
        #expect(role == "arn:aws:iam::111111111111:role/dr/meshdr-reader")
      }
    }
    let assumed = aws.sent.all.filter { $0.action == "AssumeRole" }
    #expect(assumed.count == 1)
    #expect(key(assumed[0]) == "AKIAOWN")
    let form = String(decoding: assumed[0].request.body, as: UTF8.self)
    #expect(form.contains("RoleSessionName=meshdr-"))
    let calls = aws.sent.all.filter { $0.action == "GetDatabases" }
    #expect(calls.count == 20 && calls.allSatisfy { key($0) == "ASIA1" })
    #expect(calls[0].request.headers["X-Amz-Security-Token"] == "role-session-token-1")
  }

  @Test(arguments: [("900000000000", "reader"), ("111111111111", ""), ("900000000000", nil)])
  func ownCredentialsAreUsedAsTheyAre(account: String, role: String?) async throws {
    let aws = FakeAWS()
    let session = try AWSSession.over(aws)
    let client = try await session.client(account: account, role: role, region: ireland)
    _ = try await client.call(.glueGetDatabases)
    #expect(aws.sent.all.allSatisfy { key($0) == "AKIAOWN" && $0.action != "AssumeRole" })
  }

  @Test func rolesOfOtherPartitions() {
    func arn(_ region: String, _ role: String) -> String {
      AWSSession.arn(of: role, account: "1", region: AWSRegion(region))
    }
    #expect(arn("cn-north-1", "/a/b") == "arn:aws-cn:iam::1:role/a/b")
    #expect(arn("us-gov-west-1", "b") == "arn:aws-us-gov:iam::1:role/b")
    #expect(arn("eu-west-1", "arn:aws:iam::2:role/x") == "arn:aws:iam::2:role/x")
    #expect(
      AWSSession.roleARN(of: "arn:aws:sts::1:assumed-role/n/s") == "arn:aws:iam::1:role/n")
    #expect(AWSSession.roleARN(of: "arn:aws:iam::1:user/u") == "arn:aws:iam::1:user/u")
  }

  @Test func expiredRolesAreAssumedAgain() async throws {
    let aws = FakeAWS { sent in
      guard sent.action == "GetTables",
        sent.request.headers["Authorization"]?.contains("ASIA1") == true
      else { return nil }
      return .text(#"{"__type":"ExpiredTokenException"}"#, status: 400)
    }
    let session = try AWSSession.over(aws)
    let client = try await session.client(account: "111111111111", role: "r", region: ireland)
    _ = try await client.call(.glueGetTables)
    #expect(aws.sent.all.filter { $0.action == "AssumeRole" }.count == 2)
    #expect(key(try #require(aws.sent.all.last)) == "ASIA2")
  }

  @Test func aWrongClockIsCorrectedAndWarnedOf() async throws {
    // The services are an hour ahead of the fake clock, and refuse more than five minutes.
    let serverTime = FakeClock().wallTime() + 3600
    let aws = FakeAWS { sent in
      let right = Timestamps.basic(serverTime).prefix(11)
      guard sent.request.headers["X-Amz-Date"]?.hasPrefix(right) != true else { return nil }
      return .text(
        #"{"__type":"InvalidSignatureException","message":"Signature expired: ..."}"#, status: 400,
        headers: [("Date", "Mon, 21 Sep 2026 15:13:20 GMT")])
    }
    let lines = Collected<String>()
    let session = try AWSSession.over(aws, log: AWSLog { lines.add($0.text) })
    let client = try await session.client(account: "900000000000", role: nil, region: ireland)
    #expect(Timestamps.http("Mon, 21 Sep 2026 15:13:20 GMT") == serverTime)
    _ = try await client.call(.glueGetTables)
    _ = try await client.call(.glueGetTables)
    #expect(aws.sent.all.count == 3)
    #expect(lines.all.count == 1 && lines.all[0].contains("3600 seconds behind"))
  }

  @Test func aWrongSignatureIsNotAWrongClock() async throws {
    let time = FakeClock().wallTime()
    let aws = FakeAWS { _ in
      .text(
        #"{"__type":"InvalidSignatureException","message":"Signature expired: ..."}"#, status: 400,
        headers: [("Date", "Mon, 21 Sep 2026 14:13:20 GMT")])
    }
    #expect(Timestamps.http("Mon, 21 Sep 2026 14:13:20 GMT") == time)
    let session = try AWSSession.over(aws)
    let client = try await session.client(account: "900000000000", role: nil, region: ireland)
    #expect(
      await failureCode { _ = try await client.call(.glueGetTables) }
        == "InvalidSignatureException")
    #expect(aws.sent.all.count == 1)
  }

  @Test func passingFailuresAreCountedAndHidden() async throws {
    let tries = Collected<Int>()
    let aws = FakeAWS { sent in
      tries.add(1)
      return switch tries.all.count {
      case 1: .text("<html>oops</html>", status: 502)
      case 2: throw HTTPFailure(code: 56, message: "reset", mayHaveBeenSent: true, canPass: true)
      case 3: .text(#"{"__type":"ThrottlingException"}"#, status: 400)
      case 4: .text(#"{"TableList":["#)
      default: nil
      }
    }
    let session = try AWSSession.over(aws)
    let client = try await session.client(account: "900000000000", role: nil, region: ireland)
    #expect(try await client.call(.glueGetTables) == [:])
    let usage = try #require(session.statistics.current["glue.GetTables"])
    #expect(usage == AWSUsage(calls: 1, failures: 0, retries: 4, bytes: 2, throttled: 1))
  }

  @Test func secretsAppearNowhere() async throws {
    let quoted = Collected<String>()
    let aws = FakeAWS { sent in
      guard sent.action == "GetTable" else { return nil }
      // AWS quotes the whole request when a signature does not match.
      let headers = sent.request.headers.fields.map { "\($0.name.lowercased()):\($0.value)" }
      let text = headers.joined(separator: " ") + " own-secret-key role-secret-1"
      quoted.add(text)
      let body: JSON = ["__type": "InvalidSignatureException", "message": .string(text)]
      return .text(body.canonicalText, status: 400)
    }
    let output = Collected<String>()
    let log = AWSLog(level: .call) { event in
      output.add(event.text)
      output.add(event.json.canonicalText)
    }
    let session = try AWSSession.over(aws, log: log)
    let client = try await session.client(account: "111111111111", role: "r", region: ireland)
    _ = try await client.call(.glueGetDatabases)
    do {
      _ = try await client.call(.glueGetTable)
      Issue.record("the call went well")
    } catch {
      output.add("\(error) \(String(reflecting: error))")
    }
    let keys = AWSCredentials(accessKeyID: "A", secretAccessKey: "own-secret-key")
    output.add("\(keys) \(String(reflecting: keys))")
    var dumped = ""
    dump(keys, to: &dumped)
    output.add(dumped)

    let all = output.all.joined(separator: "\n")
    #expect(all.contains("GetTable") && quoted.all.count == 1)
    var secrets = ["own-secret-key", "own-session-token", "role-secret-1", "role-session-token-1"]
    for sent in aws.sent.all {
      let header = sent.request.headers["Authorization"] ?? ""
      secrets += header.components(separatedBy: "Signature=").dropFirst()
    }
    #expect(secrets.count > 6)
    for secret in secrets { #expect(!all.contains(secret), "\(secret)") }
  }

  @Test func linesOfTheLogTellTheCall() async throws {
    let output = Collected<AWSLogEvent>()
    let session = try AWSSession.over(
      FakeAWS(), log: AWSLog(level: .call) { output.add($0) })
    let client = try await session.client(account: "111111111111", role: nil, region: ireland)
    _ = try await client.call(.glueGetTables)
    let event = try #require(output.all.last)
    #expect(
      event.text == "service=glue operation=GetTables account=111111111111 region=eu-west-1 "
        + "status=200 bytes=2 attempts=1 request=request-1 milliseconds=0")
    #expect(event.json["attempts"] == 1 && event.json["level"] == "call")
  }
}
