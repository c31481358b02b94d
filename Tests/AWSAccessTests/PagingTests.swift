import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct PagingTests {
  private func names(_ sender: ScriptedSender) async throws -> [[String]] {
    let client = AWSClient.over(sender)
    var pages: [[String]] = []
    for try await page in client.pages(.glueGetDatabases) {
      pages.append(page.elements.map { String(decoding: $0, as: UTF8.self) })
    }
    return pages
  }

  @Test func allPagesInTheirOrder() async throws {
    let sender = ScriptedSender([
      { _ in .json(#"{"DatabaseList":[{"Name":"a"}],"NextToken":"1"}"#) },
      { _ in .json(#"{"DatabaseList":[{"Name":"b"}]}"#) },
    ])
    #expect(try await names(sender) == [[#"{"Name":"a"}"#], [#"{"Name":"b"}"#]])
    #expect(sender.calls.map { $0.input["NextToken"] } == [nil, "1"])
    #expect(sender.calls.map { $0.input["MaxResults"] } == [100, 100])
  }

  @Test func emptyPagesGoOnAndMissingListsAreEmpty() async throws {
    let sender = ScriptedSender([
      { _ in .json(#"{"DatabaseList":[],"NextToken":"1"}"#) },
      { _ in .json(#"{"NextToken":"2"}"#) },
      { _ in .json(#"{"DatabaseList":[{}],"NextToken":""}"#) },
    ])
    #expect(try await names(sender) == [[], [], ["{}"]])
  }

  @Test func aTokenInTwoPartsGoesBackWhole() async throws {
    @Sendable func page(_ key: String, _ more: Bool) -> AWSReply {
      .json(
        "<R><IsTruncated>\(more)</IsTruncated><NextKeyMarker>\(key)</NextKeyMarker>"
          + "<NextUploadIdMarker>id-\(key)</NextUploadIdMarker>"
          + "<Upload><Key>\(key)</Key><UploadId>u</UploadId></Upload></R>")
    }
    // Until S3 says that there is no more, also where the last page still has markers.
    let sender = ScriptedSender([{ _ in page("a", true) }, { _ in page("b", false) }])
    let found = try await S3(.over(sender)).uploads("b", prefix: "p/")
    #expect(found.map(\.key) == ["a", "b"])
    #expect(sender.calls.map { $0.input["KeyMarker"] } == [nil, "a"])
    #expect(sender.calls.map { $0.input["UploadIdMarker"] } == [nil, "id-a"])
  }

  @Test func aPageSizeThatWasAskedForStays() async throws {
    let sender = ScriptedSender([{ _ in .json("{}") }])
    _ = try await AWSClient.over(sender).all(.glueGetDatabases, ["MaxResults": 7])
    #expect(sender.calls[0].input["MaxResults"] == 7)
  }

  @Test(arguments: [["1", "1"], ["1", "2", "1"]])
  func aTokenThatComesAgainIsAnError(tokens: [String]) async {
    let sender = ScriptedSender(
      tokens.map { token in
        { _ in .json("{\"DatabaseList\":[],\"NextToken\":\"\(token)\"}") }
      })
    #expect(
      await failureCode { _ = try await names(sender) } == AWSFailure.Code.repeatedToken)
  }

  @Test(arguments: [
    #"{"DatabaseList":[{"Name":"a"}"#, #"{"DatabaseList":{}}"#, "", "<html>", "[]", #"{"a":1}}"#,
  ])
  func aPageThatIsNotWholeIsAnError(body: String) async {
    let sender = ScriptedSender([{ _ in .json(body) }])
    #expect(
      await failureCode { _ = try await names(sender) } == AWSFailure.Code.damagedAnswer)
  }

  @Test func damagedPagesAreAskedForAgain() async throws {
    let script = ScriptedSender([
      { _ in .json(#"{"DatabaseList":[{"Na"#) },
      { _ in .json(#"{"DatabaseList":[{"Name":"a"}]}"#) },
    ])
    let sender = RetryingSender(
      next: DecodingSender(next: script), policy: RetryPolicy(), clock: FakeClock(),
      random: { 0 })
    let found = try await AWSClient.over(sender).all(.glueGetDatabases)
    #expect(found == [["Name": "a"]])
  }

  @Test func anExpiredTokenBeginsTheListingAgain() async throws {
    let expired = AWSFailure(
      code: "InvalidInputException", message: "The NextToken has expired", status: 400)
    let sender = ScriptedSender([
      { _ in .json(#"{"DatabaseList":[{"Name":"a"},{"Name":"b"}],"NextToken":"1"}"#) },
      { _ in throw expired },
      { _ in .json(#"{"DatabaseList":[{"Name":"a"}],"NextToken":"1"}"#) },
      { _ in .json(#"{"DatabaseList":[{"Name":"b"},{"Name":"c"}]}"#) },
    ])
    let found = try await AWSClient.over(sender).all(.glueGetDatabases)
    #expect(found == [["Name": "a"], ["Name": "b"], ["Name": "c"]])
    #expect(sender.calls[2].input["NextToken"] == nil)
  }

  @Test func aListingThatAlwaysExpiresEnds() async {
    let expired = AWSFailure(code: "ExpiredNextTokenException", message: "", status: 400)
    let sender = ScriptedSender(
      (0..<20).map { index in
        { call in
          if call.input["NextToken"] != nil { throw expired }
          return .json("{\"DatabaseList\":[],\"NextToken\":\"\(index)\"}")
        }
      })
    #expect(
      await failureCode { _ = try await names(sender) } == "ExpiredNextTokenException")
    #expect(sender.calls.count == 8)
  }

  @Test func aRefusalOfTheFirstPageIsNotAnExpiredToken() async {
    let refused = AWSFailure(code: "InvalidInputException", message: "bad token", status: 400)
    let sender = ScriptedSender([{ _ in throw refused }])
    #expect(await failureCode { _ = try await names(sender) } == "InvalidInputException")
    #expect(sender.calls.count == 1)
  }

  @Test func theNextPageIsFetchedAhead() async throws {
    let sender = ScriptedSender([
      { _ in .json(#"{"DatabaseList":[{"Name":"a"}],"NextToken":"1"}"#) },
      { _ in .json(#"{"DatabaseList":[{"Name":"b"}]}"#) },
    ])
    let pages = AWSClient.over(sender).pages(.glueGetDatabases).makeAsyncIterator()
    _ = try await pages.next()
    // Nobody has asked for the second page yet.
    while sender.calls.count < 2 { await Task.yield() }
    #expect(try await pages.next()?.elements.count == 1)
    #expect(try await pages.next() == nil)
    #expect(try await pages.next() == nil)
  }

  @Test func pagesOfXMLComeAsJSON() async throws {
    let body =
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
      + "<Contents><Key>a&amp;b</Key><Size>3</Size></Contents><Contents><Key>c</Key></Contents>"
      + "<IsTruncated>false</IsTruncated></ListBucketResult>"
    let sender = ScriptedSender([{ _ in .json(body) }])
    let found = try await AWSClient.over(sender).all(.s3ListObjectsV2, ["Bucket": "b"])
    #expect(found == [["Key": "a&b", "Size": 3], ["Key": "c"]])
  }
}
