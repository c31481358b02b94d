// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let stsAssumeRole = AWSOperation(
    .sts, "AssumeRole", effect: .read,
    xmlOutput: "AssumeRoleResponse")
  public static let stsAssumeRoleWithWebIdentity = AWSOperation(
    .sts, "AssumeRoleWithWebIdentity", effect: .read,
    xmlOutput: "AssumeRoleWithWebIdentityResponse")
  public static let stsGetCallerIdentity = AWSOperation(
    .sts, "GetCallerIdentity", effect: .read,
    xmlOutput: "GetCallerIdentityResponse")
}
