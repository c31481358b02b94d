import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct BatchTests {
  private func entries(_ count: Int) -> [JSON] {
    (0..<count).map { ["Values": [.string("\($0)")]] }
  }

  private func failure(_ value: String, _ code: String) -> String {
    "{\"PartitionValues\":[\"\(value)\"],\"ErrorDetail\":{\"ErrorCode\":\"\(code)\"}}"
  }

  @Test func chunksAreAsLargeAsAllowed() async throws {
    let sender = ScriptedSender((0..<3).map { _ in { _ in .json("{}") } })
    let failures = try await AWSClient.over(sender).batch(
      .glueBatchCreatePartition, ["TableName": "t"], entries: entries(250))
    #expect(failures.isEmpty)
    #expect(sender.calls.map { $0.input["PartitionInputList"]?.array?.count } == [100, 100, 50])
    #expect(sender.calls.allSatisfy { $0.input["TableName"] == "t" })
  }

  @Test func onlyFailedEntriesAreTriedAgain() async throws {
    let first =
      "{\"Errors\":[\(failure("1", "InternalServiceException")),"
      + "\(failure("2", "InvalidInputException"))]}"
    let sender = ScriptedSender([{ _ in .json(first) }, { _ in .json(#"{"Errors":[]}"#) }])
    let failures = try await AWSClient.over(sender).batch(
      .glueBatchCreatePartition, [:], entries: entries(3))
    #expect(failures.map(\.index) == [2])
    #expect(failures.map(\.code) == ["InvalidInputException"])
    #expect(sender.calls[1].input["PartitionInputList"] == [["Values": ["1"]]])
  }

  @Test func entriesThatNeverPassAreGivenUp() async throws {
    let text = "{\"Errors\":[\(failure("0", "ThrottlingException"))]}"
    let sender = ScriptedSender((0..<20).map { _ in { _ in .json(text) } })
    let failures = try await AWSClient.over(sender).batch(
      .glueBatchCreatePartition, [:], entries: entries(1))
    #expect(failures.map(\.code) == ["ThrottlingException"])
    #expect(sender.calls.count == 10)
  }

  @Test func whatOurLostTryMadeIsDone() async throws {
    let text = "{\"Errors\":[\(failure("0", "AlreadyExistsException"))]}"
    var reply = AWSReply.json(text)
    reply.followsLostAnswer = true
    let lost = reply
    let sender = ScriptedSender([{ _ in lost }, { _ in .json(text) }])
    let client = AWSClient.over(sender)
    #expect(
      try await client.batch(.glueBatchCreatePartition, [:], entries: entries(1)).isEmpty)
    #expect(
      try await client.batch(.glueBatchCreatePartition, [:], entries: entries(1)).count == 1)
  }

  @Test func grantsAreMatchedByTheirIds() async throws {
    let text =
      #"{"Failures":[{"RequestEntry":{"Id":"b"},"Error":"#
      + #"{"ErrorCode":"EntityNotFoundException","ErrorMessage":"no such role"}}]}"#
    let sender = ScriptedSender([{ _ in .json(text) }])
    let failures = try await AWSClient.over(sender).batch(
      .lakeFormationBatchGrantPermissions, [:], entries: [["Id": "a"], ["Id": "b"]])
    #expect(failures.map(\.index) == [1])
    #expect(failures.map(\.message) == ["no such role"])
  }

  @Test func aFailureOfNoEntryIsLoud() async {
    let text = "{\"Errors\":[\(failure("9", "InternalServiceException"))]}"
    let sender = ScriptedSender([{ _ in .json(text) }])
    let code = await failureCode {
      _ = try await AWSClient.over(sender).batch(
        .glueBatchCreatePartition, [:], entries: entries(2))
    }
    #expect(code == AWSFailure.Code.strayBatchFailure)
  }

  @Test func writesOnOneKeyDoNotMeet() async throws {
    let client = AWSClient.over(ScriptedSender([]))
    let running = Collected<Int>()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<50 {
        group.addTask {
          try await client.serialised(on: "database/sales") {
            running.add(index)
            await Task.yield()
            running.add(index)
          }
        }
      }
      try await group.waitForAll()
    }
    let all = running.all
    #expect(all.count == 100)
    #expect(stride(from: 0, to: 100, by: 2).allSatisfy { all[$0] == all[$0 + 1] })
  }
}
