// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let lakeFormationDescribeLakeFormationIdentityCenterConfiguration = AWSOperation(
    .lakeFormation, "DescribeLakeFormationIdentityCenterConfiguration",
    path: "/DescribeLakeFormationIdentityCenterConfiguration", effect: .read)
  public static let lakeFormationDescribeResource = AWSOperation(
    .lakeFormation, "DescribeResource", path: "/DescribeResource", effect: .read)
  public static let lakeFormationGetDataCellsFilter = AWSOperation(
    .lakeFormation, "GetDataCellsFilter", path: "/GetDataCellsFilter", effect: .read)
  public static let lakeFormationGetDataLakePrincipal = AWSOperation(
    .lakeFormation, "GetDataLakePrincipal", path: "/GetDataLakePrincipal", effect: .read)
  public static let lakeFormationGetDataLakeSettings = AWSOperation(
    .lakeFormation, "GetDataLakeSettings", path: "/GetDataLakeSettings", effect: .read)
  public static let lakeFormationGetEffectivePermissionsForPath = AWSOperation(
    .lakeFormation, "GetEffectivePermissionsForPath",
    path: "/GetEffectivePermissionsForPath", effect: .read,
    paging: Paging(
      list: "Permissions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationGetLFTag = AWSOperation(
    .lakeFormation, "GetLFTag", path: "/GetLFTag", effect: .read)
  public static let lakeFormationGetLFTagExpression = AWSOperation(
    .lakeFormation, "GetLFTagExpression", path: "/GetLFTagExpression", effect: .read)
  public static let lakeFormationGetResourceLFTags = AWSOperation(
    .lakeFormation, "GetResourceLFTags", path: "/GetResourceLFTags", effect: .read)
  public static let lakeFormationListDataCellsFilter = AWSOperation(
    .lakeFormation, "ListDataCellsFilter", path: "/ListDataCellsFilter", effect: .read,
    paging: Paging(
      list: "DataCellsFilters",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationListLFTagExpressions = AWSOperation(
    .lakeFormation, "ListLFTagExpressions", path: "/ListLFTagExpressions", effect: .read,
    paging: Paging(
      list: "LFTagExpressions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationListLFTags = AWSOperation(
    .lakeFormation, "ListLFTags", path: "/ListLFTags", effect: .read,
    paging: Paging(
      list: "LFTags",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationListLakeFormationOptIns = AWSOperation(
    .lakeFormation, "ListLakeFormationOptIns", path: "/ListLakeFormationOptIns", effect: .read,
    paging: Paging(
      list: "LakeFormationOptInsInfoList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationListPermissions = AWSOperation(
    .lakeFormation, "ListPermissions", path: "/ListPermissions", effect: .read,
    paging: Paging(
      list: "PrincipalResourcePermissions",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationListResources = AWSOperation(
    .lakeFormation, "ListResources", path: "/ListResources", effect: .read,
    paging: Paging(
      list: "ResourceInfoList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 1000))
  public static let lakeFormationSearchDatabasesByLFTags = AWSOperation(
    .lakeFormation, "SearchDatabasesByLFTags", path: "/SearchDatabasesByLFTags", effect: .read,
    paging: Paging(
      list: "DatabaseList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
  public static let lakeFormationSearchTablesByLFTags = AWSOperation(
    .lakeFormation, "SearchTablesByLFTags", path: "/SearchTablesByLFTags", effect: .read,
    paging: Paging(
      list: "TableList",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
}
