// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSShape {
  static let stsXML: [String: XMLShape] = [
    "AssumeRoleResponse": .object([
      .init("Credentials"), .init("AssumedRoleUser"),
      .init("PackedPolicySize", "PackedPolicySize", "number"),
      .init("SourceIdentity", "SourceIdentity", "text"),
    ]),
    "AssumeRoleWithWebIdentityResponse": .object([
      .init("Credentials"),
      .init("SubjectFromWebIdentityToken", "SubjectFromWebIdentityToken", "text"),
      .init("AssumedRoleUser"), .init("PackedPolicySize", "PackedPolicySize", "number"),
      .init("Provider", "Provider", "text"), .init("Audience", "Audience", "text"),
      .init("SourceIdentity", "SourceIdentity", "text"),
    ]),
    "AssumedRoleUser": .object([
      .init("AssumedRoleId", "AssumedRoleId", "text"), .init("Arn", "Arn", "text"),
    ]),
    "Credentials": .object([
      .init("AccessKeyId", "AccessKeyId", "text"),
      .init("SecretAccessKey", "SecretAccessKey", "text"),
      .init("SessionToken", "SessionToken", "text"), .init("Expiration", "Expiration", "text"),
    ]),
    "GetCallerIdentityResponse": .object([
      .init("UserId", "UserId", "text"), .init("Account", "Account", "text"),
      .init("Arn", "Arn", "text"),
    ]),
  ]
}
