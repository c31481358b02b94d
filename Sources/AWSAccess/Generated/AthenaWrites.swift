// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let athenaCreateDataCatalog = AWSOperation(
    .athena, "CreateDataCatalog", effect: .write)
  public static let athenaCreateNamedQuery = AWSOperation(
    .athena, "CreateNamedQuery", effect: .idempotentWrite)
  public static let athenaCreatePreparedStatement = AWSOperation(
    .athena, "CreatePreparedStatement", effect: .write)
  public static let athenaCreateWorkGroup = AWSOperation(
    .athena, "CreateWorkGroup", effect: .write)
  public static let athenaDeleteDataCatalog = AWSOperation(
    .athena, "DeleteDataCatalog", effect: .idempotentWrite)
  public static let athenaDeleteNamedQuery = AWSOperation(
    .athena, "DeleteNamedQuery", effect: .idempotentWrite)
  public static let athenaDeletePreparedStatement = AWSOperation(
    .athena, "DeletePreparedStatement", effect: .idempotentWrite)
  public static let athenaDeleteWorkGroup = AWSOperation(
    .athena, "DeleteWorkGroup", effect: .idempotentWrite)
  public static let athenaStartQueryExecution = AWSOperation(
    .athena, "StartQueryExecution", effect: .write)
  public static let athenaStopQueryExecution = AWSOperation(
    .athena, "StopQueryExecution", effect: .idempotentWrite)
  public static let athenaTagResource = AWSOperation(
    .athena, "TagResource", effect: .idempotentWrite)
  public static let athenaUntagResource = AWSOperation(
    .athena, "UntagResource", effect: .idempotentWrite)
  public static let athenaUpdateDataCatalog = AWSOperation(
    .athena, "UpdateDataCatalog", effect: .idempotentWrite)
  public static let athenaUpdateNamedQuery = AWSOperation(
    .athena, "UpdateNamedQuery", effect: .idempotentWrite)
  public static let athenaUpdatePreparedStatement = AWSOperation(
    .athena, "UpdatePreparedStatement", effect: .idempotentWrite)
  public static let athenaUpdateWorkGroup = AWSOperation(
    .athena, "UpdateWorkGroup", effect: .idempotentWrite)
}
