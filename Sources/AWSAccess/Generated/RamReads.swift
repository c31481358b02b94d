// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let ramGetPermission = AWSOperation(
    .ram, "GetPermission", path: "/getpermission", effect: .read)
  public static let ramGetResourceShareAssociations = AWSOperation(
    .ram, "GetResourceShareAssociations", path: "/getresourceshareassociations", effect: .read,
    paging: Paging(
      list: "resourceShareAssociations",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramGetResourceShareInvitations = AWSOperation(
    .ram, "GetResourceShareInvitations", path: "/getresourceshareinvitations", effect: .read,
    paging: Paging(
      list: "resourceShareInvitations",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramGetResourceShares = AWSOperation(
    .ram, "GetResourceShares", path: "/getresourceshares", effect: .read,
    paging: Paging(
      list: "resourceShares",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramListPermissions = AWSOperation(
    .ram, "ListPermissions", path: "/listpermissions", effect: .read,
    paging: Paging(
      list: "permissions",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramListPrincipals = AWSOperation(
    .ram, "ListPrincipals", path: "/listprincipals", effect: .read,
    paging: Paging(
      list: "principals",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramListResourceSharePermissions = AWSOperation(
    .ram, "ListResourceSharePermissions", path: "/listresourcesharepermissions", effect: .read,
    paging: Paging(
      list: "permissions",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
  public static let ramListResources = AWSOperation(
    .ram, "ListResources", path: "/listresources", effect: .read,
    paging: Paging(
      list: "resources",
      inputToken: "nextToken",
      outputToken: "nextToken",
      limit: "maxResults",
      largest: 500))
}
