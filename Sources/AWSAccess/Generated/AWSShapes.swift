// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSShape {
  /// The members of `TableInput` (Glue) that can be sent.
  public static let tableInput: Set<String> = [
    "Name", "Description", "Owner", "LastAccessTime", "LastAnalyzedTime", "Retention",
    "StorageDescriptor", "PartitionKeys", "ViewOriginalText", "ViewExpandedText", "TableType",
    "Parameters", "TargetTable", "ViewDefinition",
  ]
  /// The members of `DatabaseInput` (Glue) that can be sent.
  public static let databaseInput: Set<String> = [
    "Name", "Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions",
    "TargetDatabase", "FederatedDatabase",
  ]
  /// The members of `PartitionInput` (Glue) that can be sent.
  public static let partitionInput: Set<String> = [
    "Values", "LastAccessTime", "StorageDescriptor", "Parameters", "LastAnalyzedTime",
  ]
  /// The members of `UserDefinedFunctionInput` (Glue) that can be sent.
  public static let userDefinedFunctionInput: Set<String> = [
    "FunctionName", "ClassName", "OwnerName", "FunctionType", "OwnerType", "ResourceUris",
  ]
  /// The members of `ConnectionInput` (Glue) that can be sent.
  public static let connectionInput: Set<String> = [
    "Name", "Description", "ConnectionType", "MatchCriteria", "ConnectionProperties",
    "SparkProperties", "AthenaProperties", "PythonProperties", "PhysicalConnectionRequirements",
    "AuthenticationConfiguration", "ValidateCredentials", "ValidateForComputeEnvironments",
  ]
  /// The members of `StorageDescriptor` (Glue) that can be sent.
  public static let storageDescriptor: Set<String> = [
    "Columns", "Location", "AdditionalLocations", "InputFormat", "OutputFormat", "Compressed",
    "NumberOfBuckets", "SerdeInfo", "BucketColumns", "SortColumns", "Parameters", "SkewedInfo",
    "StoredAsSubDirectories", "SchemaReference",
  ]
  /// The members of `Column` (Glue) that can be sent.
  public static let column: Set<String> = [
    "Name", "Type", "Comment", "Parameters",
  ]
  /// The members of `PartitionIndex` (Glue) that can be sent.
  public static let partitionIndex: Set<String> = [
    "Keys", "IndexName",
  ]
  /// The members of `ColumnStatistics` (Glue) that can be sent.
  public static let columnStatistics: Set<String> = [
    "ColumnName", "ColumnType", "AnalyzedTime", "StatisticsData",
  ]
  /// The members of `CreateCrawlerRequest` (Glue) that can be sent.
  public static let createCrawlerRequest: Set<String> = [
    "Name", "Role", "DatabaseName", "Description", "Targets", "Schedule", "Classifiers",
    "TablePrefix", "SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration",
    "LakeFormationConfiguration", "Configuration", "CrawlerSecurityConfiguration", "Tags",
  ]
  /// The members of `UpdateCrawlerRequest` (Glue) that can be sent.
  public static let updateCrawlerRequest: Set<String> = [
    "Name", "Role", "DatabaseName", "Description", "Targets", "Schedule", "Classifiers",
    "TablePrefix", "SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration",
    "LakeFormationConfiguration", "Configuration", "CrawlerSecurityConfiguration",
  ]
  /// The members of `CreateTableRequest` (Glue) that can be sent.
  public static let createTableRequest: Set<String> = [
    "CatalogId", "DatabaseName", "Name", "TableInput", "PartitionIndexes", "TransactionId",
    "OpenTableFormatInput",
  ]
  /// The members of `TableOptimizerConfiguration` (Glue) that can be sent.
  public static let tableOptimizerConfiguration: Set<String> = [
    "roleArn", "enabled", "vpcConfiguration", "compactionConfiguration", "retentionConfiguration",
    "orphanFileDeletionConfiguration",
  ]
  /// The members of `DataCatalogEncryptionSettings` (Glue) that can be sent.
  public static let dataCatalogEncryptionSettings: Set<String> = [
    "EncryptionAtRest", "ConnectionPasswordEncryption",
  ]
  /// The members of `CreateRegistryInput` (Glue) that can be sent.
  public static let createRegistryInput: Set<String> = [
    "RegistryName", "Description", "Tags",
  ]
  /// The members of `CreateSchemaInput` (Glue) that can be sent.
  public static let createSchemaInput: Set<String> = [
    "RegistryId", "SchemaName", "DataFormat", "Compatibility", "Description", "Tags",
    "SchemaDefinition",
  ]
  /// The members of `CreateGrokClassifierRequest` (Glue) that can be sent.
  public static let createGrokClassifierRequest: Set<String> = [
    "Classification", "Name", "GrokPattern", "CustomPatterns",
  ]
  /// The members of `CreateXMLClassifierRequest` (Glue) that can be sent.
  public static let createXMLClassifierRequest: Set<String> = [
    "Classification", "Name", "RowTag",
  ]
  /// The members of `CreateJsonClassifierRequest` (Glue) that can be sent.
  public static let createJsonClassifierRequest: Set<String> = [
    "Name", "JsonPath",
  ]
  /// The members of `CreateCsvClassifierRequest` (Glue) that can be sent.
  public static let createCsvClassifierRequest: Set<String> = [
    "Name", "Delimiter", "QuoteSymbol", "ContainsHeader", "Header", "DisableValueTrimming",
    "AllowSingleColumn", "CustomDatatypeConfigured", "CustomDatatypes", "Serde",
  ]
  /// The members of `WorkGroupConfiguration` (Athena) that can be sent.
  public static let workGroupConfiguration: Set<String> = [
    "ResultConfiguration", "ManagedQueryResultsConfiguration", "EnforceWorkGroupConfiguration",
    "PublishCloudWatchMetricsEnabled", "BytesScannedCutoffPerQuery", "RequesterPaysEnabled",
    "EngineVersion", "AdditionalConfiguration", "ExecutionRole", "MonitoringConfiguration",
    "EngineConfiguration", "CustomerContentEncryptionConfiguration",
    "EnableMinimumEncryptionConfiguration", "IdentityCenterConfiguration",
    "QueryResultsS3AccessGrantsConfiguration",
  ]
  /// The members of `WorkGroupConfigurationUpdates` (Athena) that can be sent.
  public static let workGroupConfigurationUpdates: Set<String> = [
    "EnforceWorkGroupConfiguration", "ResultConfigurationUpdates",
    "ManagedQueryResultsConfigurationUpdates", "PublishCloudWatchMetricsEnabled",
    "BytesScannedCutoffPerQuery", "RemoveBytesScannedCutoffPerQuery", "RequesterPaysEnabled",
    "EngineVersion", "RemoveCustomerContentEncryptionConfiguration", "AdditionalConfiguration",
    "ExecutionRole", "CustomerContentEncryptionConfiguration",
    "EnableMinimumEncryptionConfiguration", "QueryResultsS3AccessGrantsConfiguration",
    "MonitoringConfiguration", "EngineConfiguration",
  ]
  /// The members of `CreateDataCatalogInput` (Athena) that can be sent.
  public static let createDataCatalogInput: Set<String> = [
    "Name", "Type", "Description", "Parameters", "Tags",
  ]
  /// The members of `CreateNamedQueryInput` (Athena) that can be sent.
  public static let createNamedQueryInput: Set<String> = [
    "Name", "Description", "Database", "QueryString", "ClientRequestToken", "WorkGroup",
  ]
  /// The members of `CreatePreparedStatementInput` (Athena) that can be sent.
  public static let createPreparedStatementInput: Set<String> = [
    "StatementName", "WorkGroup", "QueryStatement", "Description",
  ]
  /// The members of `DataCellsFilter` (LakeFormation) that can be sent.
  /// AWS sets VersionId in the same shape: left out.
  public static let dataCellsFilter: Set<String> = [
    "TableCatalogId", "DatabaseName", "TableName", "Name", "RowFilter", "ColumnNames",
    "ColumnWildcard",
  ]
  /// The members of `DataLakeSettings` (LakeFormation) that can be sent.
  public static let dataLakeSettings: Set<String> = [
    "DataLakeAdmins", "ReadOnlyAdmins", "CreateDatabaseDefaultPermissions",
    "CreateTableDefaultPermissions", "Parameters", "TrustedResourceOwners",
    "AllowExternalDataFiltering", "AllowFullTableExternalDataAccess",
    "ExternalDataFilteringAllowList", "AuthorizedSessionTagValueList",
  ]
  /// The members of `LFTagPair` (LakeFormation) that can be sent.
  public static let lFTagPair: Set<String> = [
    "CatalogId", "TagKey", "TagValues",
  ]
  /// The members of `CreateLFTagExpressionRequest` (LakeFormation) that can be sent.
  public static let createLFTagExpressionRequest: Set<String> = [
    "Name", "Description", "CatalogId", "Expression",
  ]
  /// The members of `RegisterResourceRequest` (LakeFormation) that can be sent.
  public static let registerResourceRequest: Set<String> = [
    "ResourceArn", "UseServiceLinkedRole", "RoleArn", "WithFederation", "HybridAccessEnabled",
    "WithPrivilegedAccess", "ExpectedResourceOwnerAccount",
  ]
  /// The members of `UpdateResourceRequest` (LakeFormation) that can be sent.
  public static let updateResourceRequest: Set<String> = [
    "RoleArn", "ResourceArn", "WithFederation", "HybridAccessEnabled",
    "ExpectedResourceOwnerAccount",
  ]
  /// The members of `BatchPermissionsRequestEntry` (LakeFormation) that can be sent.
  public static let batchPermissionsRequestEntry: Set<String> = [
    "Id", "Principal", "Resource", "Permissions", "Condition", "PermissionsWithGrantOption",
  ]
  /// The members of `CreateLakeFormationOptInRequest` (LakeFormation) that can be sent.
  public static let createLakeFormationOptInRequest: Set<String> = [
    "Principal", "Resource", "Condition",
  ]
  /// The members of `Resource` (LakeFormation) that can be sent.
  public static let resource: Set<String> = [
    "Catalog", "Database", "Table", "TableWithColumns", "DataLocation", "DataCellsFilter", "LFTag",
    "LFTagPolicy", "LFTagExpression",
  ]
  /// The members of `CreateResourceShareRequest` (RAM) that can be sent.
  public static let createResourceShareRequest: Set<String> = [
    "name", "resourceArns", "principals", "tags", "allowExternalPrincipals", "clientToken",
    "permissionArns", "sources", "resourceShareConfiguration",
  ]
}
