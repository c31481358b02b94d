// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let athenaBatchGetNamedQuery = AWSOperation(
    .athena, "BatchGetNamedQuery", effect: .read)
  public static let athenaBatchGetPreparedStatement = AWSOperation(
    .athena, "BatchGetPreparedStatement", effect: .read)
  public static let athenaGetDataCatalog = AWSOperation(.athena, "GetDataCatalog", effect: .read)
  public static let athenaGetNamedQuery = AWSOperation(.athena, "GetNamedQuery", effect: .read)
  public static let athenaGetQueryExecution = AWSOperation(
    .athena, "GetQueryExecution", effect: .read)
  public static let athenaGetQueryResults = AWSOperation(
    .athena, "GetQueryResults", effect: .read,
    paging: Paging(
      list: "ResultSet.Rows",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let athenaGetWorkGroup = AWSOperation(.athena, "GetWorkGroup", effect: .read)
  public static let athenaListDataCatalogs = AWSOperation(
    .athena, "ListDataCatalogs", effect: .read,
    paging: Paging(
      list: "DataCatalogsSummary",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 50))
  public static let athenaListNamedQueries = AWSOperation(
    .athena, "ListNamedQueries", effect: .read,
    paging: Paging(
      list: "NamedQueryIds",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 50))
  public static let athenaListPreparedStatements = AWSOperation(
    .athena, "ListPreparedStatements", effect: .read,
    paging: Paging(
      list: "PreparedStatements",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 50))
  public static let athenaListTagsForResource = AWSOperation(
    .athena, "ListTagsForResource", effect: .read,
    paging: Paging(
      list: "Tags",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: nil))
  public static let athenaListWorkGroups = AWSOperation(
    .athena, "ListWorkGroups", effect: .read,
    paging: Paging(
      list: "WorkGroups",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 50))
}
