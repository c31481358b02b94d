import AWSAccess
import CanonicalJSON

private let drift = "the secondary holds something in another state"
private let extra = "the secondary holds what the snapshot does not"

extension PermissionTable {
  private static func write(
    _ operation: AWSOperation, as action: String? = nil, onlyWhere: String? = nil
  ) -> Permission {
    Permission(operation, as: action, [.restorer], onlyWhere: onlyWhere)
  }

  static let catalogWrites: [Permission] = [
    write(.gluePutDataCatalogEncryptionSettings),
    write(.gluePutResourcePolicy),
    write(.glueDeleteResourcePolicy, onlyWhere: extra),
    write(.glueCreateDatabase),
    write(.glueUpdateDatabase, onlyWhere: drift),
    write(.glueDeleteDatabase, onlyWhere: extra),
    write(.glueTagResource, onlyWhere: drift),
    write(.glueUntagResource, onlyWhere: drift),
    write(.glueCreateTable),
    write(.glueUpdateTable, onlyWhere: drift),
    write(.glueDeleteTable, onlyWhere: extra),
    write(.glueCreatePartitionIndex, onlyWhere: drift),
    write(.glueDeletePartitionIndex, onlyWhere: extra),
    write(.glueBatchCreatePartition),
    write(.glueBatchUpdatePartition, onlyWhere: drift),
    write(.glueBatchDeletePartition, onlyWhere: extra),
    write(.glueUpdateColumnStatisticsForTable, as: "glue:UpdateTable"),
    write(.glueDeleteColumnStatisticsForTable, as: "glue:DeleteTable", onlyWhere: extra),
    write(
      .glueUpdateColumnStatisticsForPartition, as: "glue:UpdatePartition",
      onlyWhere: "the mesh file asks for statistics of partitions"),
    write(
      .glueDeleteColumnStatisticsForPartition, as: "glue:DeletePartition", onlyWhere: extra),
    write(.glueCreateUserDefinedFunction),
    write(.glueUpdateUserDefinedFunction, onlyWhere: drift),
    write(.glueDeleteUserDefinedFunction, onlyWhere: extra),
    write(.glueCreateTableOptimizer),
    write(.glueUpdateTableOptimizer, onlyWhere: drift),
    write(.glueDeleteTableOptimizer, onlyWhere: extra),
  ]

  static let lakeWrites: [Permission] = [
    write(.lakeFormationPutDataLakeSettings),
    write(.lakeFormationRegisterResource),
    write(.lakeFormationUpdateResource, onlyWhere: drift),
    write(.lakeFormationDeregisterResource, onlyWhere: extra),
    write(.lakeFormationCreateLFTag),
    write(.lakeFormationUpdateLFTag, onlyWhere: "a tag has more than 50 values, or drifted"),
    write(.lakeFormationDeleteLFTag, onlyWhere: extra),
    write(.lakeFormationCreateLFTagExpression),
    write(.lakeFormationUpdateLFTagExpression, onlyWhere: drift),
    write(.lakeFormationDeleteLFTagExpression, onlyWhere: extra),
    write(.lakeFormationAddLFTagsToResource),
    write(.lakeFormationRemoveLFTagsFromResource, onlyWhere: extra),
    write(.lakeFormationCreateDataCellsFilter),
    write(.lakeFormationUpdateDataCellsFilter, onlyWhere: drift),
    write(.lakeFormationDeleteDataCellsFilter, onlyWhere: extra),
    write(.lakeFormationBatchGrantPermissions),
    write(.lakeFormationBatchRevokePermissions),
    write(.lakeFormationCreateLakeFormationOptIn),
    write(.lakeFormationDeleteLakeFormationOptIn, onlyWhere: extra),
  ]

  static let serviceWrites: [Permission] = [
    write(.glueCreateCrawler),
    write(.glueUpdateCrawler, onlyWhere: drift),
    write(.glueDeleteCrawler, onlyWhere: extra),
    write(.glueCreateClassifier),
    write(.glueUpdateClassifier, onlyWhere: drift),
    write(.glueDeleteClassifier, onlyWhere: extra),
    write(.glueCreateRegistry),
    write(.glueUpdateRegistry, onlyWhere: drift),
    write(.glueDeleteRegistry, onlyWhere: extra),
    write(.glueCreateSchema),
    write(.glueUpdateSchema),
    write(.glueDeleteSchema, onlyWhere: extra),
    write(.glueRegisterSchemaVersion),
    write(.glueDeleteSchemaVersions, onlyWhere: extra),
    write(.gluePutSchemaVersionMetadata),
    write(.glueRemoveSchemaVersionMetadata, onlyWhere: extra),
    write(.athenaCreateWorkGroup),
    write(.athenaUpdateWorkGroup),
    write(.athenaDeleteWorkGroup, onlyWhere: extra),
    write(.athenaCreateDataCatalog),
    write(.athenaUpdateDataCatalog, onlyWhere: drift),
    write(.athenaDeleteDataCatalog, onlyWhere: extra),
    write(.athenaCreateNamedQuery),
    write(.athenaUpdateNamedQuery, onlyWhere: drift),
    write(.athenaDeleteNamedQuery, onlyWhere: extra),
    write(.athenaCreatePreparedStatement),
    write(.athenaUpdatePreparedStatement, onlyWhere: drift),
    write(.athenaDeletePreparedStatement, onlyWhere: extra),
    write(.athenaStartQueryExecution, onlyWhere: "a drill runs queries"),
    write(.athenaGetQueryExecution, onlyWhere: "a drill runs queries"),
    write(.athenaStopQueryExecution, onlyWhere: "a drill runs queries"),
  ]

  /// What AWS does by itself, with the caller's rights, when it is asked for something else. Those of
  /// RAM are as in AWS's managed policy AWSLakeFormationCrossAccountManager.
  static let silent: [Permission] = [
    passing("lakeformation.amazonaws.com", "locations are registered with roles"),
    passing("glue.amazonaws.com", "crawlers and table optimizers have roles"),
    .init(
      "iam:PutRolePolicy", [.restorer],
      onlyWhere: "locations are registered with Lake Formation's own role",
      resource: "arn:aws:iam::*:role/aws-service-role/lakeformation.amazonaws.com/*"),
    .init(
      "iam:CreateServiceLinkedRole", [.restorer],
      onlyWhere: "locations are registered with Lake Formation's own role",
      condition: ["StringLike": ["iam:AWSServiceName": "lakeformation.amazonaws.com"]]),
    sharing("CreateResourceShare", ["StringLikeIfExists": ["ram:RequestedResourceType": shared]]),
    sharing("UpdateResourceShare", own),
    sharing("DeleteResourceShare", own),
    sharing("AssociateResourceShare", own),
    sharing("DisassociateResourceShare", own),
    sharing(
      "AssociateResourceSharePermission",
      ["ArnLike": ["ram:PermissionArn": "arn:aws:ram::aws:permission/AWSRAMLFEnabled*"]]),
    encrypted("kms:Decrypt", [.reader, .restorer]),
    encrypted("kms:GenerateDataKey", [.restorer]),
    encrypted("kms:Encrypt", [.restorer]),
  ]

  private static let shared: JSON = ["glue:Table", "glue:Database", "glue:Catalog"]
  private static let own: JSON = ["StringLike": ["ram:ResourceShareName": "LakeFormation*"]]

  private static func passing(_ service: String, _ reason: String) -> Permission {
    Permission(
      "iam:PassRole", [.restorer], onlyWhere: reason,
      condition: ["StringEquals": ["iam:PassedToService": .string(service)]])
  }

  private static func sharing(_ action: String, _ condition: JSON) -> Permission {
    Permission(
      "ram:\(action)", [.restorer], onlyWhere: "grants reach other accounts",
      condition: condition)
  }

  private static func encrypted(_ action: String, _ roles: Set<AccountRole>) -> Permission {
    Permission(
      action, roles, onlyWhere: "a catalog is encrypted with a key of its own",
      condition: ["StringLike": ["kms:ViaService": "glue.*.amazonaws.com"]])
  }
}
