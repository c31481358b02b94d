import CanonicalJSON
import Foundation
import Testing

/// An owner and a consumer outside of the organization: what is shared arrives by invitation.
@Suite struct SharingStoryTests {
  private let owner = "111111111111"
  private let partner = "777777777777"

  private func mesh() throws -> StandIn {
    let mesh = try StandIn(seeded: false)
    let roles: JSON = ["mesh-platform", "meshdr-reader", "meshdr-restorer", "analyst"]
    try mesh.control(
      "POST", "accounts",
      [
        "accounts": [
          ["id": .string(owner), "name": "sales", "unit": "Domains", "roles": roles],
          ["id": .string(partner), "name": "partner", "outside": true, "roles": roles],
        ]
      ])
    try """
    mesh: shared
    primary: us-east-1
    secondary: eu-west-1
    store: \(mesh.folder)/archive
    accounts:
      reader_role: meshdr-reader
      restorer_role: meshdr-restorer
      list:
        - {id: "\(owner)", name: sales}
        - {id: "\(partner)", name: partner}
    """.write(toFile: mesh.folder + "/meshdr.yaml", atomically: true, encoding: .utf8)
    return mesh
  }

  @Test func invitationsAreAcceptedBeforeWhatIsSharedIsHandedOn() throws {
    let mesh = try mesh()
    _ = try mesh.boto(
      """
      owner, partner = "\(owner)", "\(partner)"
      for region in ("us-east-1", "eu-west-1"):
          for account in (owner, partner):
              client("lakeformation", account, region).put_data_lake_settings(DataLakeSettings={
                  "DataLakeAdmins": [{"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/{name}"}
                                     for name in ("mesh-platform", "meshdr-reader", "meshdr-restorer")],
                  "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []})
      glue, lake = client("glue", owner, "us-east-1"), client("lakeformation", owner, "us-east-1")
      glue.create_database(DatabaseInput={"Name": "sales", "CreateTableDefaultPermissions": []})
      glue.create_table(DatabaseName="sales", TableInput={
          "Name": "orders", "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "string"}]}})
      lake.create_lf_tag(TagKey="domain", TagValues=["sales"])
      lake.add_lf_tags_to_resource(Resource={"Database": {"Name": "sales"}},
                                   LFTags=[{"TagKey": "domain", "TagValues": ["sales"]}])
      policy = {"LFTagPolicy": {"CatalogId": owner, "ResourceType": "TABLE",
                                "Expression": [{"TagKey": "domain", "TagValues": ["sales"]}]}}
      table = {"Table": {"CatalogId": owner, "DatabaseName": "sales", "Name": "orders"}}
      for resource in (policy, table):
          lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": partner}, Resource=resource,
                                 Permissions=["DESCRIBE"], PermissionsWithGrantOption=["DESCRIBE"])
      ram = client("ram", partner, "us-east-1")
      for found in ram.get_resource_share_invitations()["resourceShareInvitations"]:
          ram.accept_resource_share_invitation(
              resourceShareInvitationArn=found["resourceShareInvitationArn"])
      there = client("lakeformation", partner, "us-east-1")
      for resource in (policy, table):
          there.grant_permissions(
              Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{partner}:role/analyst"},
              Resource=resource, Permissions=["DESCRIBE"])
      """)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.lose("us-east-1")
    let restored = try mesh.meshdr("restore", "--output", "json")
    let result = try restored.json()
    #expect(restored.exitCode == 0, "\(result["failures"] ?? []) \(restored.errors)")
    #expect(result["failures"] == [])
    let found = try mesh.boto(
      """
      ram = client("ram", "\(partner)", "eu-west-1")
      print([i["status"] for i in ram.get_resource_share_invitations()["resourceShareInvitations"]])
      """)
    #expect(found.output == "['ACCEPTED']\n")
    let again = try mesh.meshdr("restore", "--output", "json").json()
    #expect(again["actions"]?["create"] == 0 && again["actions"]?["update"] == 0)
  }
}
