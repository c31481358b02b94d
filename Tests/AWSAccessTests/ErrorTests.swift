import Testing

@testable import AWSAccess

@Suite struct ErrorTests {
  private func failure(
    _ operation: AWSOperation, _ status: Int, _ headers: HTTPHeaders = [], _ body: String = ""
  ) -> AWSFailure {
    ErrorDecoder.failure(
      .text(body, status: status, headers: headers),
      to: AWSCall(operation, account: "111111111111", region: AWSRegion("eu-west-1")))
  }

  @Test(arguments: [
    ("EntityNotFoundException", "EntityNotFoundException"),
    ("com.amazonaws.glue#EntityNotFoundException", "EntityNotFoundException"),
    (
      "AccessDeniedException:http://internal.amazon.com/coral/com.amazon.x/",
      "AccessDeniedException"
    ),
    ("a.b#ThrottlingException:", "ThrottlingException"),
  ])
  func codesAreBareShapeNames(raw: String, code: String) {
    #expect(ErrorDecoder.normalised(raw) == code)
  }

  @Test func codesComeFromEveryPlaceAWSPutsThemIn() {
    let header = failure(
      .lakeFormationListResources, 403, [("x-amzn-ErrorType", "AccessDeniedException:http://x/")],
      #"{"Message":"no"}"#)
    #expect(header.code == "AccessDeniedException" && header.message == "no")
    #expect(header.isAccessDenied)
    let body = failure(
      .glueGetTable, 400, [("x-amzn-RequestId", "r1")],
      #"{"__type":"EntityNotFoundException","message":"gone"}"#)
    #expect(body.isNotFound && body.requestID == "r1" && body.message == "gone")
    let compatible = failure(
      .cloudWatchGetMetricData, 400, [("x-amzn-query-error", "InvalidParameterValue;Sender")],
      #"{"__type":"com.x#InvalidParameterValueException"}"#)
    #expect(compatible.code == "InvalidParameterValue")
    let query = failure(
      .stsAssumeRole, 403, [],
      "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message>"
        + "</Error><RequestId>r2</RequestId></ErrorResponse>")
    #expect(query.code == "AccessDenied" && query.requestID == "r2" && query.message == "not you")
    let s3 = failure(
      .s3GetObject, 404, [],
      "<Error><Code>NoSuchKey</Code><Message>none</Message><RequestId>r3</RequestId></Error>")
    #expect(s3.isNotFound && s3.requestID == "r3")
  }

  @Test(arguments: [
    (500, "InternalServerError"), (502, "BadGateway"), (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"), (404, "NotFound"), (403, "AccessDenied"), (418, "HTTPStatus418"),
  ])
  func pagesOfProxiesAreNamedByTheirStatus(status: Int, code: String) {
    for operation in [AWSOperation.glueGetTables, .s3GetObject, .stsAssumeRole] {
      let found = failure(operation, status, [], "<html><body>Bad <b>day</body></html>")
      #expect(found.code == code)
      #expect(found.category == (status >= 500 ? .transient : .final))
    }
  }

  @Test(arguments: [
    ("ThrottlingException", 400, AWSFailure.Category.throttled), ("SlowDown", 503, .throttled),
    ("TooManyRequestsException", 429, .throttled), ("Whatever", 429, .throttled),
    ("ConcurrentModificationException", 400, .transient), ("InternalFailure", 500, .transient),
    ("InternalServiceException", 400, .transient), ("OperationTimeoutException", 400, .transient),
    ("RequestTimeout", 400, .transient), ("NewKindOfError", 503, .transient),
    ("ExpiredTokenException", 400, .expiredCredentials), ("ExpiredToken", 403, .expiredCredentials),
    ("RequestTimeTooSkewed", 403, .clockSkew), ("RequestExpired", 400, .clockSkew),
    ("AccessDeniedException", 400, .final), ("ValidationException", 400, .final),
    ("ResourceNumberLimitExceededException", 400, .final), ("NotImplemented", 501, .final),
    ("InvalidSignatureException", 400, .final), ("LimitExceededException", 400, .final),
  ])
  func categories(code: String, status: Int, category: AWSFailure.Category) {
    let found = failure(.glueGetTables, status, [], "{\"__type\":\"\(code)\"}")
    #expect(found.code == code)
    #expect(found.category == category)
  }

  @Test func aWrongClockIsSeenInTheTextOfAWrongSignature() {
    let text = "Signature expired: 20261123T010000Z is now earlier than 20261123T015500Z"
    let found = failure(
      .glueGetTables, 400, [("Date", "Mon, 23 Nov 2026 02:00:00 GMT")],
      "{\"__type\":\"InvalidSignatureException\",\"message\":\"\(text)\"}")
    #expect(found.category == .clockSkew)
    #expect(found.serverTime == 1_795_399_200)
  }

  @Test func servicesMayAskToWait() {
    #expect(failure(.glueGetTables, 503, [("Retry-After", "7")]).retryAfter == 7)
    #expect(failure(.glueGetTables, 503, [("x-amz-retry-after", "1500")]).retryAfter == 1.5)
  }

  @Test func aBucketElsewhereIsNamed() {
    let found = failure(.s3ListObjectsV2, 301, [("x-amz-bucket-region", "us-east-1")])
    #expect(found.code == "PermanentRedirect" && found.message.contains("us-east-1"))
  }
}
