import AWSAccess

private let both: Set<AccountRole> = [.reader, .restorer]

extension PermissionTable {
  static let catalogReads: [Permission] = [
    .init(.glueGetDatabases, both),
    .init(.glueGetDatabase, both, onlyWhere: "a database vanishes from a listing"),
    .init(.glueGetTables, both),
    .init(.glueGetTable, both, onlyWhere: "a table vanishes from a listing"),
    .init(
      .glueGetTableVersions, [.reader],
      onlyWhere: "the mesh file asks for former versions of tables"),
    .init(.glueGetPartitions, both),
    .init(.glueGetPartitionIndexes, both),
    .init(.glueGetUserDefinedFunctions, both),
    .init(.glueGetColumnStatisticsForTable, as: "glue:GetTable", both),
    .init(
      .glueGetColumnStatisticsForPartition, as: "glue:GetPartition", both,
      onlyWhere: "the mesh file asks for statistics of partitions"),
    .init(.glueBatchGetTableOptimizer, both),
    .init(.glueGetTags, both),
    .init(.glueGetCatalogs, both),
    .init(.glueGetDataCatalogEncryptionSettings, both),
    .init(.glueGetResourcePolicies, [.reader]),
    .init(.glueGetResourcePolicy, both),
  ]

  static let lakeReads: [Permission] = [
    .init(.lakeFormationGetDataLakeSettings, both),
    .init(.lakeFormationListResources, both),
    .init(.lakeFormationListLFTags, both),
    .init(.lakeFormationListLFTagExpressions, both),
    .init(.lakeFormationGetResourceLFTags, both),
    .init(.lakeFormationSearchDatabasesByLFTags, both),
    .init(.lakeFormationSearchTablesByLFTags, both),
    .init(.lakeFormationListDataCellsFilter, both),
    .init(.lakeFormationListPermissions, both),
    .init(.lakeFormationListLakeFormationOptIns, both),
    .init(.lakeFormationDescribeLakeFormationIdentityCenterConfiguration, both),
    .init(
      .lakeFormationGetLFTag, [.restorer],
      onlyWhere: "the answer to the creation of a tag is lost"),
    .init(
      .lakeFormationGetLFTagExpression, [.restorer],
      onlyWhere: "the answer to the creation of an expression is lost"),
  ]

  static let shareReads: [Permission] = [
    .init(.ramGetResourceShares, both),
    .init(.ramListResources, both),
    .init(.ramListPrincipals, both),
    .init(.ramGetResourceShareAssociations, both),
    .init(.ramListResourceSharePermissions, both),
    .init(.ramGetResourceShareInvitations, [.reader]),
    .init(
      .ramGetResourceShareInvitations, [.restorer],
      onlyWhere: "something is shared with an account outside of the organization"),
    .init(
      .ramAcceptResourceShareInvitation, [.restorer],
      onlyWhere: "something is shared with an account outside of the organization"),
  ]

  static let serviceReads: [Permission] = [
    .init(.glueGetConnections, both),
    .init(.glueGetCrawlers, both),
    .init(.glueGetClassifiers, both),
    .init(.glueListRegistries, both),
    .init(.glueListSchemas, both),
    .init(.glueGetSchema, both),
    .init(.glueListSchemaVersions, both),
    .init(.glueGetSchemaVersion, both),
    .init(.glueQuerySchemaVersionMetadata, both),
    .init(.athenaListWorkGroups, both),
    .init(.athenaGetWorkGroup, both),
    .init(.athenaListDataCatalogs, both),
    .init(.athenaGetDataCatalog, both),
    .init(.athenaListNamedQueries, both),
    .init(.athenaBatchGetNamedQuery, both),
    .init(.athenaListPreparedStatements, both),
    .init(.athenaBatchGetPreparedStatement, both),
  ]

  static let bucketReads: [Permission] = [
    .init(.s3ListBuckets, as: "s3:ListAllMyBuckets", [.reader]),
    .init(
      .s3GetBucketLocation, [.reader, .restorer],
      onlyWhere: "the listing of buckets does not tell their regions, and in audits"),
    .init(.s3GetBucketReplication, as: "s3:GetReplicationConfiguration", [.reader]),
  ]

  /// What `meshdr rpo` asks. The status of an object's replication is told to whoever may read it.
  static let replicationReads: [Permission] = [
    .init(.s3GetBucketVersioning, [.reader], onlyWhere: measured),
    .init(
      .s3GetBucketEncryption, as: "s3:GetEncryptionConfiguration", [.reader], onlyWhere: measured),
    .init(.s3ListObjectsV2, as: "s3:ListBucket", [.reader], onlyWhere: measured),
    .init(.s3HeadObject, as: "s3:GetObject", [.reader], onlyWhere: measured),
    .init(
      .s3ListBucketInventoryConfigurations, as: "s3:GetInventoryConfiguration", [.reader],
      onlyWhere: "meshdr rpo compares a sample of a large bucket"),
    .init(.cloudWatchGetMetricData, [.reader], onlyWhere: measured),
  ]

  /// What a measurement reads of tables that name their files, and a restore of those it has put back.
  static let tableReads: [Permission] = [
    .init(.s3GetObject, [.reader], onlyWhere: measured),
    .init(.s3GetObject, [.restorer]),
    .init(.s3HeadObject, as: "s3:GetObject", [.restorer]),
    .init(
      .s3ListObjectsV2, as: "s3:ListBucket", [.restorer],
      onlyWhere: "an Iceberg table names many files, or a table is one of Delta or Hudi"),
  ]

  private static let measured = "meshdr rpo measures how far replicas are behind"

  /// What `meshdr audit` and the check before a restore ask.
  static let auditReads: [Permission] = [
    .init(.iamSimulatePrincipalPolicy, both),
    .init(.iamGetRole, [.restorer]),
    .init(.iamGetUser, [.restorer], onlyWhere: "grants name users"),
    .init(.kmsDescribeKey, [.restorer], onlyWhere: "a catalog is encrypted with a key of its own"),
    .init(.kmsGetKeyPolicy, [.restorer], onlyWhere: "a catalog is encrypted with a key of its own"),
    .init(.serviceQuotasListServiceQuotas, [.restorer]),
  ]
}
