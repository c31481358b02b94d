// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let cloudWatchPutMetricData = AWSOperation(
    .cloudWatch, "PutMetricData", effect: .write)
}
