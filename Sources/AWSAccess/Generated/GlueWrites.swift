// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let glueBatchCreatePartition = AWSOperation(
    .glue, "BatchCreatePartition", effect: .write,
    batch: Batch(
      entries: "PartitionInputList",
      limit: 100,
      failures: "Errors",
      entryKey: ["Values"],
      failureKey: ["PartitionValues"],
      error: "ErrorDetail"),
    refusesTwins: true)
  public static let glueBatchDeletePartition = AWSOperation(
    .glue, "BatchDeletePartition", effect: .idempotentWrite,
    batch: Batch(
      entries: "PartitionsToDelete",
      limit: 25,
      failures: "Errors",
      entryKey: ["Values"],
      failureKey: ["PartitionValues"],
      error: "ErrorDetail"))
  public static let glueBatchDeleteTable = AWSOperation(
    .glue, "BatchDeleteTable", effect: .idempotentWrite,
    batch: Batch(
      entries: "TablesToDelete",
      limit: 100,
      failures: "Errors",
      entryKey: [],
      failureKey: ["TableName"],
      error: "ErrorDetail"))
  public static let glueBatchDeleteTableVersion = AWSOperation(
    .glue, "BatchDeleteTableVersion", effect: .idempotentWrite,
    batch: Batch(
      entries: "VersionIds",
      limit: 100,
      failures: "Errors",
      entryKey: [],
      failureKey: ["VersionId"],
      error: "ErrorDetail"))
  public static let glueBatchUpdatePartition = AWSOperation(
    .glue, "BatchUpdatePartition", effect: .idempotentWrite,
    batch: Batch(
      entries: "Entries",
      limit: 100,
      failures: "Errors",
      entryKey: ["PartitionValueList"],
      failureKey: ["PartitionValueList"],
      error: "ErrorDetail"))
  public static let glueCreateClassifier = AWSOperation(
    .glue, "CreateClassifier", effect: .write, refusesTwins: true)
  public static let glueCreateConnection = AWSOperation(
    .glue, "CreateConnection", effect: .write, refusesTwins: true)
  public static let glueCreateCrawler = AWSOperation(
    .glue, "CreateCrawler", effect: .write, refusesTwins: true)
  public static let glueCreateDatabase = AWSOperation(
    .glue, "CreateDatabase", effect: .write, refusesTwins: true)
  public static let glueCreatePartition = AWSOperation(
    .glue, "CreatePartition", effect: .write, refusesTwins: true)
  public static let glueCreatePartitionIndex = AWSOperation(
    .glue, "CreatePartitionIndex", effect: .write, refusesTwins: true)
  public static let glueCreateRegistry = AWSOperation(
    .glue, "CreateRegistry", effect: .write, refusesTwins: true)
  public static let glueCreateSchema = AWSOperation(
    .glue, "CreateSchema", effect: .write, refusesTwins: true)
  public static let glueCreateTable = AWSOperation(
    .glue, "CreateTable", effect: .write, refusesTwins: true)
  public static let glueCreateTableOptimizer = AWSOperation(
    .glue, "CreateTableOptimizer", effect: .write, refusesTwins: true)
  public static let glueCreateUserDefinedFunction = AWSOperation(
    .glue, "CreateUserDefinedFunction", effect: .write, refusesTwins: true)
  public static let glueDeleteClassifier = AWSOperation(
    .glue, "DeleteClassifier", effect: .idempotentWrite)
  public static let glueDeleteColumnStatisticsForPartition = AWSOperation(
    .glue, "DeleteColumnStatisticsForPartition", effect: .idempotentWrite)
  public static let glueDeleteColumnStatisticsForTable = AWSOperation(
    .glue, "DeleteColumnStatisticsForTable", effect: .idempotentWrite)
  public static let glueDeleteConnection = AWSOperation(
    .glue, "DeleteConnection", effect: .idempotentWrite)
  public static let glueDeleteCrawler = AWSOperation(
    .glue, "DeleteCrawler", effect: .idempotentWrite)
  public static let glueDeleteDatabase = AWSOperation(
    .glue, "DeleteDatabase", effect: .idempotentWrite)
  public static let glueDeletePartition = AWSOperation(
    .glue, "DeletePartition", effect: .idempotentWrite)
  public static let glueDeletePartitionIndex = AWSOperation(
    .glue, "DeletePartitionIndex", effect: .idempotentWrite)
  public static let glueDeleteRegistry = AWSOperation(
    .glue, "DeleteRegistry", effect: .idempotentWrite)
  public static let glueDeleteResourcePolicy = AWSOperation(
    .glue, "DeleteResourcePolicy", effect: .idempotentWrite)
  public static let glueDeleteSchema = AWSOperation(
    .glue, "DeleteSchema", effect: .idempotentWrite)
  public static let glueDeleteSchemaVersions = AWSOperation(
    .glue, "DeleteSchemaVersions", effect: .idempotentWrite)
  public static let glueDeleteTable = AWSOperation(.glue, "DeleteTable", effect: .idempotentWrite)
  public static let glueDeleteTableOptimizer = AWSOperation(
    .glue, "DeleteTableOptimizer", effect: .idempotentWrite)
  public static let glueDeleteUserDefinedFunction = AWSOperation(
    .glue, "DeleteUserDefinedFunction", effect: .idempotentWrite)
  public static let gluePutDataCatalogEncryptionSettings = AWSOperation(
    .glue, "PutDataCatalogEncryptionSettings", effect: .idempotentWrite)
  public static let gluePutResourcePolicy = AWSOperation(
    .glue, "PutResourcePolicy", effect: .idempotentWrite)
  public static let gluePutSchemaVersionMetadata = AWSOperation(
    .glue, "PutSchemaVersionMetadata", effect: .idempotentWrite, refusesTwins: true)
  public static let glueRegisterSchemaVersion = AWSOperation(
    .glue, "RegisterSchemaVersion", effect: .idempotentWrite)
  public static let glueRemoveSchemaVersionMetadata = AWSOperation(
    .glue, "RemoveSchemaVersionMetadata", effect: .idempotentWrite)
  public static let glueTagResource = AWSOperation(.glue, "TagResource", effect: .idempotentWrite)
  public static let glueUntagResource = AWSOperation(
    .glue, "UntagResource", effect: .idempotentWrite)
  public static let glueUpdateClassifier = AWSOperation(
    .glue, "UpdateClassifier", effect: .idempotentWrite)
  public static let glueUpdateColumnStatisticsForPartition = AWSOperation(
    .glue, "UpdateColumnStatisticsForPartition", effect: .idempotentWrite,
    batch: Batch(
      entries: "ColumnStatisticsList",
      limit: 25,
      failures: "Errors",
      entryKey: ["ColumnName"],
      failureKey: ["ColumnStatistics", "ColumnName"],
      error: "Error"))
  public static let glueUpdateColumnStatisticsForTable = AWSOperation(
    .glue, "UpdateColumnStatisticsForTable", effect: .idempotentWrite,
    batch: Batch(
      entries: "ColumnStatisticsList",
      limit: 25,
      failures: "Errors",
      entryKey: ["ColumnName"],
      failureKey: ["ColumnStatistics", "ColumnName"],
      error: "Error"))
  public static let glueUpdateConnection = AWSOperation(
    .glue, "UpdateConnection", effect: .idempotentWrite)
  public static let glueUpdateCrawler = AWSOperation(
    .glue, "UpdateCrawler", effect: .idempotentWrite)
  public static let glueUpdateDatabase = AWSOperation(
    .glue, "UpdateDatabase", effect: .idempotentWrite, refusesTwins: true)
  public static let glueUpdatePartition = AWSOperation(
    .glue, "UpdatePartition", effect: .idempotentWrite)
  public static let glueUpdateRegistry = AWSOperation(
    .glue, "UpdateRegistry", effect: .idempotentWrite)
  public static let glueUpdateSchema = AWSOperation(
    .glue, "UpdateSchema", effect: .idempotentWrite)
  public static let glueUpdateTable = AWSOperation(
    .glue, "UpdateTable", effect: .idempotentWrite, refusesTwins: true)
  public static let glueUpdateTableOptimizer = AWSOperation(
    .glue, "UpdateTableOptimizer", effect: .idempotentWrite)
  public static let glueUpdateUserDefinedFunction = AWSOperation(
    .glue, "UpdateUserDefinedFunction", effect: .idempotentWrite)
}
