// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let ramAcceptResourceShareInvitation = AWSOperation(
    .ram, "AcceptResourceShareInvitation",
    path: "/acceptresourceshareinvitation", effect: .idempotentWrite)
  public static let ramAssociateResourceShare = AWSOperation(
    .ram, "AssociateResourceShare", path: "/associateresourceshare", effect: .idempotentWrite)
  public static let ramAssociateResourceSharePermission = AWSOperation(
    .ram, "AssociateResourceSharePermission",
    path: "/associateresourcesharepermission", effect: .idempotentWrite)
  public static let ramCreateResourceShare = AWSOperation(
    .ram, "CreateResourceShare", path: "/createresourceshare", effect: .write)
  public static let ramDeleteResourceShare = AWSOperation(
    .ram, "DeleteResourceShare",
    method: "DELETE", path: "/deleteresourceshare", effect: .idempotentWrite,
    rest: REST(query: ["resourceShareArn": "resourceShareArn", "clientToken": "clientToken"]))
  public static let ramDisassociateResourceShare = AWSOperation(
    .ram, "DisassociateResourceShare",
    path: "/disassociateresourceshare", effect: .idempotentWrite)
  public static let ramEnableSharingWithAwsOrganization = AWSOperation(
    .ram, "EnableSharingWithAwsOrganization",
    path: "/enablesharingwithawsorganization", effect: .idempotentWrite)
  public static let ramUpdateResourceShare = AWSOperation(
    .ram, "UpdateResourceShare", path: "/updateresourceshare", effect: .idempotentWrite)
}
