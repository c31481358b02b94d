import Foundation

extension StandIn {
  /// Everything that the accounts hold, as boto3 reads it, but for times and versions.
  /// - Parameters:
  ///   - regions: as Python writes a list's elements.
  ///   - ofDrills: whether it is the drill accounts that are looked at.
  func state(
    _ regions: String = #""us-east-1", "eu-west-1""#, ofDrills: Bool = false
  ) throws -> String {
    try boto(
      "REGIONS = [\(regions)]\nDRILLS = \(ofDrills ? "True" : "False")\n" + Self.stateScript
    ).output
  }

  private static let stateScript = """
    from emulator.nimbuscart import drill, mesh
    volatile = {"ResponseMetadata", "CreateTime", "UpdateTime", "CreationTime", "VersionId",
                "LastModified", "LastUpdated", "LastUpdatedBy", "NextToken", "LastAccessTime",
                "VerificationStatus"}
    def clean(value):
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items() if k not in volatile}
        if isinstance(value, list):
            return [clean(v) for v in value]
        return value
    def listed(client, operation, member, **request):
        found = []
        while True:
            answer = getattr(client, operation)(**request)
            found += answer.get(member) or []
            if not answer.get("NextToken"):
                return sorted(map(clean, found), key=lambda v: json.dumps(v, default=str))
            request["NextToken"] = answer["NextToken"]
    state = {}
    for account in mesh.ACCOUNTS:
        id = drill.account_of(account.id) if DRILLS else account.id
        for region in REGIONS:
            glue = client("glue", id, region)
            lake = client("lakeformation", id, region)
            key = f"{id}/{region}"
            state[key, "databases"] = databases = listed(glue, "get_databases", "DatabaseList")
            for database in databases:
                if "TargetDatabase" in database or database.get("CatalogId", id) != id:
                    continue
                name = {"DatabaseName": database["Name"]}
                state[key, database["Name"]] = tables = listed(glue, "get_tables", "TableList", **name)
                for table in tables:
                    if table.get("PartitionKeys"):
                        state[key, database["Name"], table["Name"]] = listed(
                            glue, "get_partitions", "Partitions", TableName=table["Name"], **name)
            state[key, "locations"] = listed(lake, "list_resources", "ResourceInfoList")
            state[key, "grants"] = listed(lake, "list_permissions", "PrincipalResourcePermissions")
            state[key, "tags"] = listed(lake, "list_lf_tags", "LFTags")
            state[key, "settings"] = clean(lake.get_data_lake_settings())
            if DRILLS:
                athena = client("athena", id, region)
                state[key, "encryption"] = clean(glue.get_data_catalog_encryption_settings())
                state[key, "policies"] = listed(glue, "get_resource_policies", "GetResourcePoliciesResponseList")
                state[key, "shares"] = [
                    clean(share) for share in client("ram", id, region).get_resource_shares(
                        resourceOwner="SELF")["resourceShares"] if share["status"] != "DELETED"]
                state[key, "groups"] = [
                    clean(athena.get_work_group(WorkGroup=group["Name"]))
                    for group in athena.list_work_groups()["WorkGroups"]]
                state[key, "registries"] = listed(glue, "list_registries", "Registries")
                state[key, "crawlers"] = listed(glue, "get_crawlers", "Crawlers")
    print(json.dumps(sorted((list(k), v) for k, v in state.items()), default=str, sort_keys=True,
                     indent=1))
    """
}
