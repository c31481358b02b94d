// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let organizationsDescribeAccount = AWSOperation(
    .organizations, "DescribeAccount", effect: .read)
  public static let organizationsDescribeOrganization = AWSOperation(
    .organizations, "DescribeOrganization", effect: .read)
  public static let organizationsListAWSServiceAccessForOrganization = AWSOperation(
    .organizations, "ListAWSServiceAccessForOrganization", effect: .read,
    paging: Paging(
      list: "EnabledServicePrincipals",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
  public static let organizationsListAccounts = AWSOperation(
    .organizations, "ListAccounts", effect: .read,
    paging: Paging(
      list: "Accounts",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
  public static let organizationsListAccountsForParent = AWSOperation(
    .organizations, "ListAccountsForParent", effect: .read,
    paging: Paging(
      list: "Accounts",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
  public static let organizationsListOrganizationalUnitsForParent = AWSOperation(
    .organizations, "ListOrganizationalUnitsForParent", effect: .read,
    paging: Paging(
      list: "OrganizationalUnits",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
  public static let organizationsListParents = AWSOperation(
    .organizations, "ListParents", effect: .read,
    paging: Paging(
      list: "Parents",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
  public static let organizationsListRoots = AWSOperation(
    .organizations, "ListRoots", effect: .read,
    paging: Paging(
      list: "Roots",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 20))
}
