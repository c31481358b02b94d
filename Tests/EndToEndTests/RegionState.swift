import Foundation

extension StandIn {
  /// Everything that the accounts hold, as boto3 reads it, but for times and versions.
  /// - Parameter regions: as Python writes a list's elements.
  func state(_ regions: String = #""us-east-1", "eu-west-1""#) throws -> String {
    try boto("REGIONS = [\(regions)]\n" + Self.stateScript).output
  }

  private static let stateScript = """
    from emulator.nimbuscart import mesh
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
        for region in REGIONS:
            glue = client("glue", account.id, region)
            lake = client("lakeformation", account.id, region)
            key = f"{account.id}/{region}"
            state[key, "databases"] = databases = listed(glue, "get_databases", "DatabaseList")
            for database in databases:
                if "TargetDatabase" in database or database.get("CatalogId", account.id) != account.id:
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
    print(json.dumps(sorted((list(k), v) for k, v in state.items()), default=str, sort_keys=True,
                     indent=1))
    """
}
