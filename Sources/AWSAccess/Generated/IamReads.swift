// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let iamGetRole = AWSOperation(
    .iam, "GetRole", effect: .read,
    xmlOutput: "GetRoleResponse")
  public static let iamGetUser = AWSOperation(
    .iam, "GetUser", effect: .read,
    xmlOutput: "GetUserResponse")
  public static let iamListAccountAliases = AWSOperation(
    .iam, "ListAccountAliases", effect: .read,
    paging: Paging(
      list: "AccountAliases",
      inputToken: "Marker",
      outputToken: "Marker",
      limit: "MaxItems",
      largest: 1000),
    xmlOutput: "ListAccountAliasesResponse")
  public static let iamListRoles = AWSOperation(
    .iam, "ListRoles", effect: .read,
    paging: Paging(
      list: "Roles",
      inputToken: "Marker",
      outputToken: "Marker",
      limit: "MaxItems",
      largest: 1000),
    xmlOutput: "ListRolesResponse")
  public static let iamSimulatePrincipalPolicy = AWSOperation(
    .iam, "SimulatePrincipalPolicy", effect: .read,
    paging: Paging(
      list: "EvaluationResults",
      inputToken: "Marker",
      outputToken: "Marker",
      limit: "MaxItems",
      largest: 1000),
    xmlOutput: "SimulatePolicyResponse")
}
