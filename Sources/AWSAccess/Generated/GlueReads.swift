// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let glueBatchGetPartition = AWSOperation(
    .glue, "BatchGetPartition", effect: .read)
  public static let glueBatchGetTableOptimizer = AWSOperation(
    .glue, "BatchGetTableOptimizer", effect: .read)
  public static let glueGetCatalog = AWSOperation(.glue, "GetCatalog", effect: .read)
  public static let glueGetCatalogImportStatus = AWSOperation(
    .glue, "GetCatalogImportStatus", effect: .read)
  public static let glueGetCatalogs = AWSOperation(
    .glue, "GetCatalogs", effect: .read,
    paging: Paging(
      list: "CatalogList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetClassifiers = AWSOperation(
    .glue, "GetClassifiers", effect: .read,
    paging: Paging(
      list: "Classifiers",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetColumnStatisticsForPartition = AWSOperation(
    .glue, "GetColumnStatisticsForPartition", effect: .read)
  public static let glueGetColumnStatisticsForTable = AWSOperation(
    .glue, "GetColumnStatisticsForTable", effect: .read)
  public static let glueGetConnection = AWSOperation(.glue, "GetConnection", effect: .read)
  public static let glueGetConnections = AWSOperation(
    .glue, "GetConnections", effect: .read,
    paging: Paging(
      list: "ConnectionList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetCrawler = AWSOperation(.glue, "GetCrawler", effect: .read)
  public static let glueGetCrawlers = AWSOperation(
    .glue, "GetCrawlers", effect: .read,
    paging: Paging(
      list: "Crawlers",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetDataCatalogEncryptionSettings = AWSOperation(
    .glue, "GetDataCatalogEncryptionSettings", effect: .read)
  public static let glueGetDatabase = AWSOperation(.glue, "GetDatabase", effect: .read)
  public static let glueGetDatabases = AWSOperation(
    .glue, "GetDatabases", effect: .read,
    paging: Paging(
      list: "DatabaseList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueGetJobs = AWSOperation(
    .glue, "GetJobs", effect: .read,
    paging: Paging(
      list: "Jobs",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetPartition = AWSOperation(.glue, "GetPartition", effect: .read)
  public static let glueGetPartitionIndexes = AWSOperation(
    .glue, "GetPartitionIndexes", effect: .read,
    paging: Paging(
      list: "PartitionIndexDescriptorList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: nil,
      largest: nil))
  public static let glueGetPartitions = AWSOperation(
    .glue, "GetPartitions", effect: .read,
    paging: Paging(
      list: "Partitions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetRegistry = AWSOperation(.glue, "GetRegistry", effect: .read)
  public static let glueGetResourcePolicies = AWSOperation(
    .glue, "GetResourcePolicies", effect: .read,
    paging: Paging(
      list: "GetResourcePoliciesResponseList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetResourcePolicy = AWSOperation(
    .glue, "GetResourcePolicy", effect: .read)
  public static let glueGetSchema = AWSOperation(.glue, "GetSchema", effect: .read)
  public static let glueGetSchemaVersion = AWSOperation(.glue, "GetSchemaVersion", effect: .read)
  public static let glueGetSecurityConfigurations = AWSOperation(
    .glue, "GetSecurityConfigurations", effect: .read,
    paging: Paging(
      list: "SecurityConfigurations",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueGetTable = AWSOperation(.glue, "GetTable", effect: .read)
  public static let glueGetTableOptimizer = AWSOperation(
    .glue, "GetTableOptimizer", effect: .read)
  public static let glueGetTableVersions = AWSOperation(
    .glue, "GetTableVersions", effect: .read,
    paging: Paging(
      list: "TableVersions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueGetTables = AWSOperation(
    .glue, "GetTables", effect: .read,
    paging: Paging(
      list: "TableList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueGetTags = AWSOperation(.glue, "GetTags", effect: .read)
  public static let glueGetTriggers = AWSOperation(
    .glue, "GetTriggers", effect: .read,
    paging: Paging(
      list: "Triggers",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 200))
  public static let glueGetUserDefinedFunction = AWSOperation(
    .glue, "GetUserDefinedFunction", effect: .read)
  public static let glueGetUserDefinedFunctions = AWSOperation(
    .glue, "GetUserDefinedFunctions", effect: .read,
    paging: Paging(
      list: "UserDefinedFunctions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueGetWorkflow = AWSOperation(.glue, "GetWorkflow", effect: .read)
  public static let glueListCrawlers = AWSOperation(
    .glue, "ListCrawlers", effect: .read,
    paging: Paging(
      list: "CrawlerNames",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let glueListRegistries = AWSOperation(
    .glue, "ListRegistries", effect: .read,
    paging: Paging(
      list: "Registries",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueListSchemaVersions = AWSOperation(
    .glue, "ListSchemaVersions", effect: .read,
    paging: Paging(
      list: "Schemas",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueListSchemas = AWSOperation(
    .glue, "ListSchemas", effect: .read,
    paging: Paging(
      list: "Schemas",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let glueListWorkflows = AWSOperation(
    .glue, "ListWorkflows", effect: .read,
    paging: Paging(
      list: "Workflows",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 25))
  public static let glueQuerySchemaVersionMetadata = AWSOperation(
    .glue, "QuerySchemaVersionMetadata", effect: .read)
}
