// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let kmsDescribeKey = AWSOperation(.kms, "DescribeKey", effect: .read)
  public static let kmsGetKeyPolicy = AWSOperation(.kms, "GetKeyPolicy", effect: .read)
  public static let kmsGetPublicKey = AWSOperation(.kms, "GetPublicKey", effect: .read)
  public static let kmsListAliases = AWSOperation(
    .kms, "ListAliases", effect: .read,
    paging: Paging(
      list: "Aliases",
      inputToken: "Marker",
      outputToken: "NextMarker",
      limit: "Limit",
      largest: 1000))
  public static let kmsSign = AWSOperation(.kms, "Sign", effect: .read)
}
