import CanonicalJSON

/// Reads what failing answers say and sorts them.
enum ErrorDecoder {
  /// The failure in an answer whose status is not a success.
  static func failure(_ response: HTTPResponse, to call: AWSCall) -> AWSFailure {
    let found = details(response, call.operation.service)
    var failure = AWSFailure(
      call, code: normalised(found.code) ?? code(of: response.status), message: found.message)
    failure.status = response.status
    failure.bucketRegion = response.headers["x-amz-bucket-region"]
    if let region = failure.bucketRegion, region != call.region.name {
      failure.message += " (the bucket is in \(region))"
    }
    failure.requestID = found.requestID ?? requestID(in: response.headers)
    failure.retryAfter = retryAfter(response.headers)
    failure.serverTime = response.headers["Date"].flatMap(Timestamps.http)
    failure.category = category(failure)
    failure.mayHaveHappened = failure.category == .transient && response.status >= 500
    return failure
  }

  /// AWS's id of a request, from the headers that carry it.
  static func requestID(in headers: HTTPHeaders) -> String? {
    headers["x-amzn-RequestId"] ?? headers["x-amz-request-id"] ?? headers["x-amzn-request-id"]
  }

  private struct Details {
    var code: String?
    var message = ""
    var requestID: String?
  }

  private static func details(_ response: HTTPResponse, _ service: AWSService) -> Details {
    var details = Details()
    if service.answersInJSON {
      let body = try? JSON(parsing: response.body)
      // The header of services that once spoke the query protocol: `Code;Sender`.
      let query = response.headers["x-amzn-query-error"]?.split(separator: ";").first
      details.code =
        query.map(String.init) ?? response.headers["x-amzn-ErrorType"]
        ?? first(["__type", "code", "Code"], of: body)
      details.message = first(["message", "Message", "errorMessage"], of: body) ?? ""
    } else if let root = try? XMLElement.parse(response.body) {
      let error = root["Error"] ?? root
      details.code = error["Code"]?.text
      details.message = error["Message"]?.text ?? ""
      details.requestID = (root["RequestId"] ?? root["RequestID"] ?? error["RequestId"])?.text
    }
    if details.message.isEmpty { details.message = "HTTP status \(response.status)" }
    return details
  }

  private static func first(_ names: [String], of body: JSON?) -> String? {
    names.lazy.compactMap { body?[$0]?.string }.first
  }

  /// The shape's name alone, of `com.amazon.glue#EntityNotFoundException:http://...`.
  static func normalised(_ code: String?) -> String? {
    guard let code else { return nil }
    let withoutURI = code.prefix { $0 != ":" }
    let name = withoutURI.split(separator: "#").last.map(String.init) ?? ""
    return name.isEmpty ? nil : name
  }

  /// A code for an answer that has none, such as a proxy's page or the answer to a HEAD.
  static func code(of status: Int) -> String {
    let names = [
      301: "PermanentRedirect", 307: "TemporaryRedirect", 400: "BadRequest", 403: "AccessDenied",
      404: "NotFound", 405: "MethodNotAllowed", 408: "RequestTimeout", 409: "Conflict",
      412: "PreconditionFailed", 413: "RequestEntityTooLarge", 416: "InvalidRange",
      429: "TooManyRequests", 500: "InternalServerError", 501: "NotImplemented",
      502: "BadGateway", 503: "ServiceUnavailable", 504: "GatewayTimeout",
    ]
    return names[status] ?? "HTTPStatus\(status)"
  }

  /// Seconds only: AWS sends no dates here.
  private static func retryAfter(_ headers: HTTPHeaders) -> Double? {
    if let milliseconds = headers["x-amz-retry-after"].flatMap(Double.init) {
      return milliseconds / 1000
    }
    return headers["Retry-After"].flatMap(Double.init)
  }

  static func category(_ failure: AWSFailure) -> AWSFailure.Category {
    if skewCodes.contains(failure.code) || isSkewedSignature(failure) { return .clockSkew }
    if expiryCodes.contains(failure.code) { return .expiredCredentials }
    if failure.code == "ConditionalRequestConflict", failure.operation == completion {
      return .final
    }
    if throttleCodes.contains(failure.code) || failure.status == 429 { return .throttled }
    if transientCodes.contains(failure.code) { return .transient }
    if let status = failure.status, [408, 500, 502, 503, 504].contains(status) {
      return .transient
    }
    return .final
  }

  /// Some services tell a wrong clock only in the text of a wrong signature.
  private static func isSkewedSignature(_ failure: AWSFailure) -> Bool {
    guard
      ["InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"]
        .contains(failure.code)
    else { return false }
    return failure.message.contains("Signature expired")
      || failure.message.contains("Signature not yet current")
  }

  /// Its conflict asks for the whole upload anew, other operations' for the call.
  private static let completion = AWSOperation.s3CompleteMultipartUpload.name

  private static let skewCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
  ]
  private static let expiryCodes: Set<String> = [
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
  ]
  private static let throttleCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "TooManyRequests", "TooManyRequestsException",
    "RequestLimitExceeded", "RequestLimitExceededException", "BandwidthLimitExceeded", "SlowDown",
    "ProvisionedThroughputExceededException", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]
  private static let transientCodes: Set<String> = [
    "InternalServiceException", "InternalServerException", "InternalError", "InternalFailure",
    "ServiceUnavailable", "ServiceUnavailableException", "OperationTimeoutException",
    "RequestTimeout", "RequestTimeoutException", "ConcurrentModificationException",
    "FederationSourceRetryableException", "ResourceNotReadyException", "OperationAborted",
    "ConditionalRequestConflict", "IDPCommunicationError", "TransactionInProgressException",
    "KMSInternalException", "DependencyTimeoutException",
  ]
}
