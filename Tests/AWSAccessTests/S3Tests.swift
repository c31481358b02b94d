import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct S3Tests {
  private func s3(_ steps: [ScriptedSender.Step]) -> (S3, ScriptedSender) {
    let sender = ScriptedSender(steps)
    return (S3(AWSClient.over(sender)), sender)
  }

  private func object(_ text: String, size: Int? = nil) -> AWSReply {
    AWSReply(
      headers: [("Content-Length", "\(size ?? text.utf8.count)"), ("ETag", "\"e\"")],
      body: Array(text.utf8))
  }

  private func failure(_ code: String, _ status: Int, lost: Bool = false) -> AWSFailure {
    AWSFailure(code: code, message: "", status: status, mayHaveHappened: lost)
  }

  @Test func objectsInPieces() async throws {
    let head = AWSReply(headers: [("Content-Length", "5"), ("ETag", "\"e\"")])
    let (s3, sender) = s3([
      { _ in head }, { _ in object("ab") }, { _ in object("cd") }, { _ in object("e") },
    ])
    var read: [UInt8] = []
    for try await piece in s3.read("b", "k", pieces: 2) { read += piece }
    #expect(String(decoding: read, as: UTF8.self) == "abcde")
    #expect(
      sender.calls.dropFirst().map { $0.input["Range"] } == ["bytes=0-1", "bytes=2-3", "bytes=4-4"])
    #expect(sender.calls.dropFirst().allSatisfy { $0.input["IfMatch"] == "\"e\"" })
  }

  @Test func shortPiecesAreFailures() async {
    let head = AWSReply(headers: [("Content-Length", "5"), ("ETag", "\"e\"")])
    let (s3, _) = s3([{ _ in head }, { _ in object("a") }])
    let code = await failureCode { for try await _ in s3.read("b", "k", pieces: 2) {} }
    #expect(code == AWSFailure.Code.damagedAnswer)
    let (other, _) = self.s3([{ _ in object("abc", size: 5) }])
    #expect(
      await failureCode { _ = try await other.get("b", "k") } == AWSFailure.Code.damagedAnswer)
  }

  @Test func writesWhereNothingIs() async throws {
    let taken = failure("PreconditionFailed", 412)
    let (first, sender) = s3([{ _ in AWSReply() }, { _ in throw taken }])
    #expect(try await first.put("b", "k", [1], ifAbsent: true))
    #expect(try await !first.put("b", "k", [1], ifAbsent: true))
    #expect(sender.calls.allSatisfy { $0.input["IfNoneMatch"] == "*" })
  }

  @Test(arguments: [("ours", true), ("theirs", false)])
  func aLostAnswerIsCheckedAgainstTheObject(there: String, written: Bool) async throws {
    let lost = failure("PreconditionFailed", 412, lost: true)
    let (s3, _) = s3([{ _ in throw lost }, { _ in object(there) }])
    #expect(try await s3.put("b", "k", Array("ours".utf8), ifAbsent: true) == written)
  }

  @Test func missingThings() async throws {
    let none = failure("NotFound", 404)
    let unreplicated = failure("ReplicationConfigurationNotFoundError", 404)
    let (s3, _) = s3([{ _ in throw none }, { _ in throw unreplicated }])
    #expect(try await s3.head("b", "k") == nil)
    #expect(try await s3.replication("b") == nil)
  }

  @Test(arguments: [
    ("<LocationConstraint/>", "us-east-1"),
    ("<LocationConstraint>EU</LocationConstraint>", "eu-west-1"),
    ("<LocationConstraint>eu-north-1</LocationConstraint>", "eu-north-1"),
  ])
  func locations(body: String, region: String) async throws {
    let (s3, _) = s3([{ _ in .json(body) }])
    #expect(try await s3.location("b").name == region)
  }

  @Test func uploadsInParts() async throws {
    let begun =
      "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
    let lost = failure("NoSuchUpload", 404, lost: true)
    let whole = AWSReply(headers: [("Content-Length", "3"), ("ETag", "\"e-2\"")])
    let (s3, sender) = s3([
      { _ in .json(begun) }, { _ in object("") }, { _ in object("") }, { _ in throw lost },
      { _ in whole },
    ])
    let upload = try await s3.upload("b", "k")
    try await upload.add([1, 2])
    try await upload.add([3])
    try await upload.finish()
    #expect(sender.calls.map(\.operation.name).last == "HeadObject")
    #expect(
      sender.calls[3].input["MultipartUpload"]
        == [
          "Parts": [
            [
              "PartNumber": 1, "ETag": "\"e\"",
              "ChecksumSHA256": "oShx/uIQ+4YZKR6uoZRYHL0lMeSyN1nSJfaAaSP2MiI=",
            ],
            [
              "PartNumber": 2, "ETag": "\"e\"",
              "ChecksumSHA256": "CE/tCLl4r019GWp0RqhrWACeY2thHbFiEbZamq3/KcU=",
            ],
          ]
        ])
  }
}
