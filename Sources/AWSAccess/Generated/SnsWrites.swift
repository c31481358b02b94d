// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let snsPublish = AWSOperation(
    .sns, "Publish", effect: .write,
    xmlOutput: "PublishResponse")
}
