// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let athenaStartQueryExecution = AWSOperation(
    .athena, "StartQueryExecution", effect: .write)
  public static let athenaStopQueryExecution = AWSOperation(
    .athena, "StopQueryExecution", effect: .idempotentWrite)
}
