import CanonicalJSON
import Testing

/// What `meshdr rpo` finds where listings are a sample, or can't be had at all.
@Suite struct RPOInventoryTests {
  private static let bucket = "nimbus-sales-products"

  private func rpo(_ mesh: StandIn, _ arguments: String...) throws -> JSON {
    let outcome = try mesh.start(["rpo", "--output", "json"] + arguments).finish()
    #expect(outcome.exitCode == 4, "\(outcome.errors)\(outcome.output)")
    return try outcome.json()
  }

  private func product(_ result: JSON, _ location: String) throws -> JSON {
    try #require(
      result["products"]?.array?.first { $0["location"]?.string == "s3://\(location)/" },
      "\(result["products"]?.array?.compactMap { $0["location"]?.string } ?? [])")
  }

  private func mesh() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "replication/run", [:])
    return mesh
  }

  /// More objects than a sample compares, and behind them one that is not replicated. Nothing but an
  /// inventory tells of it.
  private func hide(in mesh: StandIn) throws {
    try mesh.control(
      "POST", "objects/fill",
      ["bucket": .string(Self.bucket), "prefix": "curated/", "count": 10_500])
    try mesh.control(
      "POST", "replication",
      [
        "bucket": .string(Self.bucket), "metrics": "none",
        "failing": [["key": "*zz hidden*", "rule": "*"]],
      ])
    _ = try mesh.boto(
      """
      s3 = client("s3", "222222222222", "us-east-1")
      s3.put_object(Bucket="\(Self.bucket)", Key="curated/zz hidden+1", Body=b"x" * 77)
      s3.create_bucket(Bucket="nimbus-sales-reports")
      """)
    try mesh.control("POST", "replication/run", ["bucket": .string(Self.bucket)])
    try mesh.control(
      "POST", "objects/age",
      ["bucket": .string(Self.bucket), "keys": "*zz hidden*", "seconds": 5000])
  }

  private func report(_ format: String, in mesh: StandIn) throws {
    _ = try mesh.boto(
      """
      s3 = client("s3", "222222222222", "us-east-1")
      s3.put_bucket_inventory_configuration(
          Bucket="\(Self.bucket)", Id="all", InventoryConfiguration={
              "Id": "all", "IsEnabled": True, "IncludedObjectVersions": "All",
              "Schedule": {"Frequency": "Daily"},
              "OptionalFields": ["Size", "LastModifiedDate", "ETag", "ReplicationStatus"],
              "Destination": {"S3BucketDestination": {
                  "Bucket": "arn:aws:s3:::nimbus-sales-reports", "Format": "\(format)",
                  "AccountId": "222222222222", "Prefix": "\(format)"}}})
      """)
    try mesh.control(
      "POST", "inventory/run", ["bucket": .string(Self.bucket), "id": "all", "ageSeconds": 600])
  }

  @Test func anInventoryTellsOfWhatASampleDoesNotReach() throws {
    let mesh = try mesh()
    try hide(in: mesh)
    let sampled = try product(try rpo(mesh), Self.bucket)
    #expect(sampled["status"] == "unknown" && sampled["lagSeconds"] == .null, "\(sampled)")
    #expect(sampled["comparedWhole"] == false)
    #expect(!sampled.canonicalText.contains("hidden"))

    for format in ["CSV", "Parquet"] {
      try report(format, in: mesh)
      try mesh.control("DELETE", "calls")
      let found = try product(try rpo(mesh), Self.bucket)
      #expect(found["status"] == "breach" && found["pendingObjects"] == 1, "\(format): \(found)")
      let hidden = "s3://\(Self.bucket)/curated/zz hidden+1"
      #expect(found["oldestPending"]?.string == hidden)
      #expect((5000..<6000).contains(found["lagSeconds"]?.double ?? 0))
      #expect(found["evidence"]?.canonicalText.contains("1 FAILED") == true, "\(found)")
      let listings = try mesh.calls().filter {
        $0["operation"]?.string == "ListBucketInventoryConfigurations"
      }
      #expect(listings.count == 1)
    }

    // What can't be read is named, and says nothing of the objects.
    try report("Parquet", in: mesh)
    _ = try mesh.boto(
      """
      s3 = client("s3", "222222222222", "us-east-1")
      for found in s3.list_objects_v2(Bucket="nimbus-sales-reports", Prefix="Parquet/")["Contents"]:
          if found["Key"].endswith(".parquet"):
              s3.put_object(
                  Bucket="nimbus-sales-reports", Key=found["Key"], Body=b"PAR1" + b"x" * (found["Size"] - 4))
      """)
    let damaged = try product(try rpo(mesh), Self.bucket)
    #expect(damaged["status"] == "unknown", "\(damaged)")
    #expect(damaged["evidence"]?.canonicalText.contains("no Parquet footer") == true, "\(damaged)")
  }

  /// A log whose first commits are gone, as its writer takes them away after a checkpoint.
  @Test func aDeltaTableThatRestsOnACheckpointHasARecoveryPoint() throws {
    let mesh = try StandIn()
    let put = try mesh.boto(
      """
      import pathlib
      folder = pathlib.Path("Tests/TableFormatsTests/Fixtures/delta-checkpoint")
      s3 = client("s3", "222222222222", "us-east-1")
      for name, size in json.loads((folder / "objects.json").read_text())["sizes"].items():
          file = folder / name
          s3.put_object(Bucket="\(Self.bucket)", Key=f"elsewhere/delta/{name}",
                        Body=file.read_bytes() if file.exists() else b"x" * size)
          if ".zstd." in name:
              print(name)
      client("glue", "222222222222", "us-east-1").create_table(
          DatabaseName="sales_curated", TableInput={
              "Name": "by_delta", "Parameters": {"spark.sql.sources.provider": "delta"},
              "StorageDescriptor": {
                  "Location": "s3://\(Self.bucket)/elsewhere/delta", "Columns": []}})
      """)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "replication/run", [:])
    let only = ["rpo", "--output", "json", "--only", "sales_curated"]
    let whole = try mesh.start(only).finish()
    #expect(whole.exitCode == 0, "\(whole.errors)\(whole.output)")
    let current = try whole.json()["tables"]?.array?.first
    #expect(current?["standing"] == "current", "\(current ?? nil)")
    #expect(current?["state"] == "version 5", "\(current ?? nil)")

    // A file that the checkpoint names, and no commit that is left.
    let name = put.output.split(separator: "\n").first.map(String.init) ?? ""
    _ = try mesh.boto(
      """
      s3 = client("s3", "222222222222", "eu-west-1")
      s3.delete_object(Bucket="\(Self.bucket)-eu", Key="elsewhere/delta/\(name)")
      """)
    let lost = try rpo(mesh, "--only", "sales_curated")["tables"]?.array?.first
    #expect(lost?["standing"] == "lost" && lost?["status"] == "breach", "\(lost ?? nil)")
    #expect(lost?["missing"]?.strings.first?.hasSuffix(name) == true, "\(lost ?? nil)")
  }

  /// By itself, with all else well, in the text that a person reads, and with the exit code of a breach.
  @Test func whatCanNotBeListedOrEnteredIsNeverPassedOver() throws {
    let mesh = try mesh()
    _ = try mesh.boto(
      """
      s3 = client("s3", "333333333333", "us-east-1")
      rules = s3.get_bucket_replication(Bucket="nimbus-marketing-products")
      rules = rules["ReplicationConfiguration"]
      rules["Rules"][0]["Destination"]["Account"] = "888888888888"
      s3.put_bucket_replication(
          Bucket="nimbus-marketing-products", ReplicationConfiguration=rules)
      """)
    try mesh.control(
      "POST", "faults",
      [
        "faults": [
          [
            "service": "s3", "operation": "ListObjectsV2", "account": "555555555555",
            "action": "deny",
          ]
        ]
      ])
    for (database, bucket, words) in [
      ("finance_curated", "nimbus-finance-products", "the source can't be listed: "),
      ("marketing_curated", "nimbus-marketing-products", "account 888888888888 can't be entered"),
    ] {
      let text = try mesh.start(["rpo", "--only", database]).finish()
      #expect(text.exitCode == 4, "\(text.errors)\(text.output)")
      #expect(text.output.contains("UNKNOWN") && text.output.contains(bucket), "\(text.output)")
      let result = try rpo(mesh, "--only", database)
      #expect(result["met"] == false && result["worstSeconds"] == .null)
      let found = try product(result, bucket)
      #expect(found["status"] == "unknown" && found["lagSeconds"] == .null, "\(found)")
      #expect(found["evidence"]?.canonicalText.contains(words) == true, "\(found)")
    }
  }
}
