// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let lakeFormationAddLFTagsToResource = AWSOperation(
    .lakeFormation, "AddLFTagsToResource", path: "/AddLFTagsToResource", effect: .idempotentWrite,
    batch: Batch(
      entries: "LFTags",
      limit: 50,
      failures: "Failures",
      entryKey: ["TagKey"],
      failureKey: ["LFTag", "TagKey"],
      error: "Error"))
  public static let lakeFormationBatchGrantPermissions = AWSOperation(
    .lakeFormation, "BatchGrantPermissions",
    path: "/BatchGrantPermissions", effect: .idempotentWrite,
    batch: Batch(
      entries: "Entries",
      limit: 20,
      failures: "Failures",
      entryKey: ["Id"],
      failureKey: ["RequestEntry", "Id"],
      error: "Error"))
  public static let lakeFormationBatchRevokePermissions = AWSOperation(
    .lakeFormation, "BatchRevokePermissions",
    path: "/BatchRevokePermissions", effect: .idempotentWrite,
    batch: Batch(
      entries: "Entries",
      limit: 20,
      failures: "Failures",
      entryKey: ["Id"],
      failureKey: ["RequestEntry", "Id"],
      error: "Error"))
  public static let lakeFormationCreateDataCellsFilter = AWSOperation(
    .lakeFormation, "CreateDataCellsFilter",
    path: "/CreateDataCellsFilter", effect: .write, refusesTwins: true)
  public static let lakeFormationCreateLFTag = AWSOperation(
    .lakeFormation, "CreateLFTag", path: "/CreateLFTag", effect: .write)
  public static let lakeFormationCreateLFTagExpression = AWSOperation(
    .lakeFormation, "CreateLFTagExpression", path: "/CreateLFTagExpression", effect: .write)
  public static let lakeFormationCreateLakeFormationOptIn = AWSOperation(
    .lakeFormation, "CreateLakeFormationOptIn", path: "/CreateLakeFormationOptIn", effect: .write)
  public static let lakeFormationDeleteDataCellsFilter = AWSOperation(
    .lakeFormation, "DeleteDataCellsFilter",
    path: "/DeleteDataCellsFilter", effect: .idempotentWrite)
  public static let lakeFormationDeleteLFTag = AWSOperation(
    .lakeFormation, "DeleteLFTag", path: "/DeleteLFTag", effect: .idempotentWrite)
  public static let lakeFormationDeleteLFTagExpression = AWSOperation(
    .lakeFormation, "DeleteLFTagExpression",
    path: "/DeleteLFTagExpression", effect: .idempotentWrite)
  public static let lakeFormationDeleteLakeFormationOptIn = AWSOperation(
    .lakeFormation, "DeleteLakeFormationOptIn",
    path: "/DeleteLakeFormationOptIn", effect: .idempotentWrite)
  public static let lakeFormationDeregisterResource = AWSOperation(
    .lakeFormation, "DeregisterResource", path: "/DeregisterResource", effect: .idempotentWrite)
  public static let lakeFormationGrantPermissions = AWSOperation(
    .lakeFormation, "GrantPermissions", path: "/GrantPermissions", effect: .idempotentWrite)
  public static let lakeFormationPutDataLakeSettings = AWSOperation(
    .lakeFormation, "PutDataLakeSettings", path: "/PutDataLakeSettings", effect: .idempotentWrite)
  public static let lakeFormationRegisterResource = AWSOperation(
    .lakeFormation, "RegisterResource",
    path: "/RegisterResource", effect: .write, refusesTwins: true)
  public static let lakeFormationRemoveLFTagsFromResource = AWSOperation(
    .lakeFormation, "RemoveLFTagsFromResource",
    path: "/RemoveLFTagsFromResource", effect: .idempotentWrite,
    batch: Batch(
      entries: "LFTags",
      limit: 50,
      failures: "Failures",
      entryKey: ["TagKey"],
      failureKey: ["LFTag", "TagKey"],
      error: "Error"))
  public static let lakeFormationRevokePermissions = AWSOperation(
    .lakeFormation, "RevokePermissions", path: "/RevokePermissions", effect: .idempotentWrite)
  public static let lakeFormationUpdateDataCellsFilter = AWSOperation(
    .lakeFormation, "UpdateDataCellsFilter",
    path: "/UpdateDataCellsFilter", effect: .idempotentWrite)
  public static let lakeFormationUpdateLFTag = AWSOperation(
    .lakeFormation, "UpdateLFTag", path: "/UpdateLFTag", effect: .idempotentWrite)
  public static let lakeFormationUpdateLFTagExpression = AWSOperation(
    .lakeFormation, "UpdateLFTagExpression",
    path: "/UpdateLFTagExpression", effect: .idempotentWrite)
  public static let lakeFormationUpdateResource = AWSOperation(
    .lakeFormation, "UpdateResource", path: "/UpdateResource", effect: .idempotentWrite)
}
