// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSShape {
  static let iamXML: [String: XMLShape] = [
    "AttachedPermissionsBoundary": .object([
      .init("PermissionsBoundaryType", "PermissionsBoundaryType", "text"),
      .init("PermissionsBoundaryArn", "PermissionsBoundaryArn", "text"),
    ]),
    "ContextKeyNamesResultListType": .list(item: "member", of: "text"),
    "EvaluationResult": .object([
      .init("EvalActionName", "EvalActionName", "text"),
      .init("EvalResourceName", "EvalResourceName", "text"),
      .init("EvalDecision", "EvalDecision", "text"),
      .init("MatchedStatements", "MatchedStatements", "StatementListType"),
      .init("MissingContextValues", "MissingContextValues", "ContextKeyNamesResultListType"),
      .init("OrganizationsDecisionDetail"), .init("PermissionsBoundaryDecisionDetail"),
      .init("EvalDecisionDetails", "EvalDecisionDetails", "text"),
      .init("ResourceSpecificResults", "ResourceSpecificResults", "ResourceSpecificResultListType"),
    ]),
    "EvaluationResultsListType": .list(item: "member", of: "EvaluationResult"),
    "GetRoleResponse": .object([
      .init("Role")
    ]),
    "GetUserResponse": .object([
      .init("User")
    ]),
    "ListAccountAliasesResponse": .object([
      .init("AccountAliases", "AccountAliases", "accountAliasListType"),
      .init("IsTruncated", "IsTruncated", "boolean"), .init("Marker", "Marker", "text"),
    ]),
    "ListRolesResponse": .object([
      .init("Roles", "Roles", "roleListType"), .init("IsTruncated", "IsTruncated", "boolean"),
      .init("Marker", "Marker", "text"),
    ]),
    "OrganizationsDecisionDetail": .object([
      .init("AllowedByOrganizations", "AllowedByOrganizations", "boolean")
    ]),
    "PermissionsBoundaryDecisionDetail": .object([
      .init("AllowedByPermissionsBoundary", "AllowedByPermissionsBoundary", "boolean")
    ]),
    "Position": .object([
      .init("Line", "Line", "number"), .init("Column", "Column", "number"),
    ]),
    "ResourceSpecificResult": .object([
      .init("EvalResourceName", "EvalResourceName", "text"),
      .init("EvalResourceDecision", "EvalResourceDecision", "text"),
      .init("MatchedStatements", "MatchedStatements", "StatementListType"),
      .init("MissingContextValues", "MissingContextValues", "ContextKeyNamesResultListType"),
      .init("EvalDecisionDetails", "EvalDecisionDetails", "text"),
      .init("PermissionsBoundaryDecisionDetail"),
    ]),
    "ResourceSpecificResultListType": .list(item: "member", of: "ResourceSpecificResult"),
    "Role": .object([
      .init("Path", "Path", "text"), .init("RoleName", "RoleName", "text"),
      .init("RoleId", "RoleId", "text"), .init("Arn", "Arn", "text"),
      .init("CreateDate", "CreateDate", "text"),
      .init("AssumeRolePolicyDocument", "AssumeRolePolicyDocument", "text"),
      .init("Description", "Description", "text"),
      .init("MaxSessionDuration", "MaxSessionDuration", "number"),
      .init("PermissionsBoundary", "PermissionsBoundary", "AttachedPermissionsBoundary"),
      .init("Tags", "Tags", "tagListType"), .init("RoleLastUsed"),
    ]),
    "RoleLastUsed": .object([
      .init("LastUsedDate", "LastUsedDate", "text"), .init("Region", "Region", "text"),
    ]),
    "SimulatePolicyResponse": .object([
      .init("EvaluationResults", "EvaluationResults", "EvaluationResultsListType"),
      .init("IsTruncated", "IsTruncated", "boolean"), .init("Marker", "Marker", "text"),
    ]),
    "Statement": .object([
      .init("SourcePolicyId", "SourcePolicyId", "text"),
      .init("SourcePolicyType", "SourcePolicyType", "text"),
      .init("StartPosition", "StartPosition", "Position"),
      .init("EndPosition", "EndPosition", "Position"),
    ]),
    "StatementListType": .list(item: "member", of: "Statement"),
    "Tag": .object([
      .init("Key", "Key", "text"), .init("Value", "Value", "text"),
    ]),
    "User": .object([
      .init("Path", "Path", "text"), .init("UserName", "UserName", "text"),
      .init("UserId", "UserId", "text"), .init("Arn", "Arn", "text"),
      .init("CreateDate", "CreateDate", "text"),
      .init("PasswordLastUsed", "PasswordLastUsed", "text"),
      .init("PermissionsBoundary", "PermissionsBoundary", "AttachedPermissionsBoundary"),
      .init("Tags", "Tags", "tagListType"),
    ]),
    "accountAliasListType": .list(item: "member", of: "text"),
    "roleListType": .list(item: "member", of: "Role"),
    "tagListType": .list(item: "member", of: "Tag"),
  ]
}
