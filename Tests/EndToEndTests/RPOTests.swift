import CanonicalJSON
import Foundation
import Testing

/// `meshdr rpo` against replication that happens, fails, pauses and is tampered with in the stand-in.
@Suite struct RPOTests {
  private func rpo(
    _ mesh: StandIn, _ arguments: String..., exit code: Int32 = 4
  ) throws -> JSON {
    let outcome = try mesh.start(["rpo", "--output", "json"] + arguments).finish()
    #expect(outcome.exitCode == code, "\(outcome.errors)\(outcome.output)")
    return try outcome.json()
  }

  private func product(_ result: JSON, _ location: String) throws -> JSON {
    try #require(
      result["products"]?.array?.first { $0["location"]?.string == "s3://\(location)" },
      "\(result["products"]?.array?.compactMap { $0["location"]?.string } ?? [])")
  }

  private func codes(_ result: JSON, of subject: String) -> Set<String> {
    Set(
      (result["findings"]?.array ?? []).filter {
        $0["subject"]?.string?.hasPrefix("s3://\(subject)") == true
      }.compactMap { $0["code"]?.string })
  }

  /// A mesh with a snapshot, in which everything has arrived.
  private func mesh() throws -> StandIn {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try mesh.control("POST", "replication/run", [:])
    return mesh
  }

  @Test func whatIsPendingFailedPausedOrGoneIsFoundByItself() throws {
    let mesh = try mesh()
    let whole = try rpo(mesh, "--only", "sales_curated", exit: 0)
    #expect(whole["met"] == true && whole["worstSeconds"]?.double == 0)
    #expect(try product(whole, "nimbus-sales-products/")["comparedWhole"] == true)

    // One object of many, pending for twenty minutes.
    try mesh.control(
      "POST", "objects/fill",
      ["bucket": "nimbus-sales-products", "prefix": "curated/many/", "count": 12_000])
    try mesh.control("POST", "replication/run", ["bucket": "nimbus-sales-products"])
    try mesh.control(
      "POST", "replication",
      ["bucket": "nimbus-sales-products", "paused": true])
    try mesh.control(
      "POST", "replication",
      ["bucket": "nimbus-finance-products", "failing": [["key": "*late*", "rule": "*"]]])
    _ = try mesh.boto(
      """
      def put(account, bucket, key):
          client("s3", account, "us-east-1").put_object(Bucket=bucket, Key=key, Body=b"x" * 77)
      put("222222222222", "nimbus-sales-products", "curated/many/0007000-late")
      put("555555555555", "nimbus-finance-products", "curated/late.parquet")
      put("333333333333", "nimbus-marketing-products", "curated/gone.parquet")
      s3 = client("s3", "444444444444", "us-east-1")
      rules = s3.get_bucket_replication(Bucket="nimbus-supply-chain-products")
      rules = rules["ReplicationConfiguration"]
      rules["Rules"][0]["Status"] = "Disabled"
      s3.put_bucket_replication(
          Bucket="nimbus-supply-chain-products", ReplicationConfiguration=rules)
      """)
    try mesh.control("POST", "replication/run", [:])
    _ = try mesh.boto(
      """
      s3 = client("s3", "333333333333", "eu-west-1")
      s3.delete_object(Bucket="nimbus-marketing-products-eu", Key="curated/gone.parquet")
      """)
    for bucket in ["sales", "finance", "marketing"] {
      try mesh.control(
        "POST", "objects/age",
        ["bucket": .string("nimbus-\(bucket)-products"), "keys": "*", "seconds": 1200])
    }
    let result = try rpo(mesh, "--deep")
    #expect(result["met"] == false && result["worstSeconds"]?.double ?? 0 >= 1200)

    let sales = try product(result, "nimbus-sales-products/")
    #expect(sales["status"] == "breach" && sales["pendingObjects"] == 1, "\(sales)")
    #expect(sales["pendingBytes"] == 77 && sales["compared"]?.integer ?? 0 > 12_000)
    #expect(sales["oldestPending"] == "s3://nimbus-sales-products/curated/many/0007000-late")
    #expect((1200..<1400).contains(sales["lagSeconds"]?.double ?? 0))
    #expect(sales.canonicalText.contains("1 PENDING"))
    #expect(sales["earlierLagSeconds"]?.double == 0)

    let finance = try product(result, "nimbus-finance-products/")
    #expect(finance["status"] == "breach" && finance["pendingObjects"] == 1)
    #expect(codes(result, of: "nimbus-finance-products") == ["failed-objects"])

    let marketing = try product(result, "nimbus-marketing-products/")
    #expect(marketing["status"] == "breach", "\(marketing)")
    #expect(codes(result, of: "nimbus-marketing-products") == ["replica-changed"])
    #expect(marketing["disagreements"]?.array?.isEmpty == false)

    let chain = try product(result, "nimbus-supply-chain-products/")
    #expect(chain["status"] == "unknown")
    #expect(codes(result, of: "nimbus-supply-chain-products") == ["rule-disabled"])
    #expect(try mesh.meshdr("runs").output.split(separator: "\n").count == 2)
  }

  @Test func whatCanNotBeAskedIsUnknownAndNamed() throws {
    let mesh = try mesh()
    _ = try mesh.boto(
      """
      glue = client("glue", "222222222222", "us-east-1")
      for name, location in {
              "on_hdfs": "hdfs://namenode/warehouse/x", "by_jdbc": "jdbc:postgresql://erp/x",
              "by_alias": "s3://sales-abcdef0123456789-s3alias/x",
              "uncovered": "s3a://nimbus-sales-products/elsewhere/x"}.items():
          glue.create_table(DatabaseName="sales_curated", TableInput={
              "Name": name, "StorageDescriptor": {"Location": location, "Columns": []}})
      s3 = client("s3", "222222222222", "us-east-1")
      rules = s3.get_bucket_replication(Bucket="nimbus-sales-products")
      rules = rules["ReplicationConfiguration"]
      rules["Rules"][0]["Filter"] = {"Prefix": "curated/"}
      s3.put_bucket_replication(Bucket="nimbus-sales-products", ReplicationConfiguration=rules)
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
          ],
          [
            "service": "s3", "operation": "ListObjectsV2", "account": "444444444444",
            "region": "eu-west-1", "action": "deny",
          ],
        ]
      ])
    let result = try rpo(mesh, "--live", "--deep")
    #expect(result["worstSeconds"] == .null && result["met"] == false)
    for (location, words) in [
      ("nimbus-finance-products/", "the source can't be listed"),
      ("nimbus-supply-chain-products/", "the replica can't be listed"),
      ("nimbus-marketing-products/", "can't be entered"),
      ("nimbus-sales-products/elsewhere/x/", "no rule sends it"),
      ("sales-abcdef0123456789-s3alias/x", "alias of an access point"),
    ] {
      let found = try product(result, location)
      #expect(found["status"] == "unknown", "\(found)")
      #expect(found["evidence"]?.canonicalText.contains(words) == true, "\(found)")
    }
    let others = result["products"]?.canonicalText ?? ""
    #expect(others.contains("hdfs://namenode/warehouse/x") && others.contains("s3tablescatalog"))
    let names = (result["notApplicable"]?.array ?? []).compactMap { $0["location"]?.string }
    #expect(names.contains("jdbc:postgresql://erp/x"))
    #expect(codes(result, of: "nimbus-sales-products/elsewhere").contains("prefix-not-covered"))
  }

  @Test func afterTheLossTheLastRunSpeaksAndNothingPasses() throws {
    let mesh = try mesh()
    _ = try rpo(mesh, "--only", "sales_curated", exit: 0)
    try mesh.lose("us-east-1")
    let result = try rpo(mesh, "--only", "sales_curated")
    #expect(result["primaryLost"] == true && result["met"] == false)
    let sales = try product(result, "nimbus-sales-products/")
    #expect(sales["status"] == "unknown" && sales["lagSeconds"]?.double ?? 0 > 0)
    #expect(sales["evidence"]?.canonicalText.contains("earlier run") == true)
    // Longer ago than the objective, it is a breach.
    let late = try rpo(mesh, "--only", "sales_curated", "--objective", "1s")
    #expect(try product(late, "nimbus-sales-products/")["status"] == "breach")
  }

  @Test func aCanaryIsRemovedAlsoWhenItIsInterrupted() throws {
    let mesh = try mesh()
    let file = "\(mesh.folder)/rpo.prom"
    let flown = try rpo(
      mesh, "--only", "sales_curated", "--canary", "--metrics", file, "--cloudwatch", exit: 0)
    #expect(try product(flown, "nimbus-sales-products/")["canarySeconds"]?.double ?? 0 > 0)
    let figures = try String(contentsOfFile: file, encoding: .utf8)
    #expect(figures.contains("meshdr_rpo_met{mesh=\"nimbuscart\",region=\"eu-west-1\"} 1\n"))
    #expect(figures.contains("product=\"s3://nimbus-sales-products/\"} 0\n"))

    try mesh.control("POST", "replication", ["paused": true])
    try mesh.control("DELETE", "calls")
    let waiting = try mesh.start(["rpo", "--only", "sales_curated", "--canary"])
    for _ in 0..<200 {
      if try mesh.calls().contains(where: { $0["operation"] == "PutObject" }) { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    waiting.send(SIGINT)
    let outcome = waiting.finish()
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    let left = try mesh.boto(
      """
      for region, bucket in (("us-east-1", "nimbus-sales-products"),
                             ("eu-west-1", "nimbus-sales-products-eu")):
          s3 = client("s3", "222222222222", region)
          found = s3.list_object_versions(Bucket=bucket, Prefix=".meshdr-canary/")
          print(len(found.get("Versions", [])) + len(found.get("DeleteMarkers", [])))
      """)
    #expect(left.output == "0\n0\n")
    let figure = try mesh.boto(
      """
      sts = boto3.client("sts", region_name="eu-west-1")
      watch = boto3.client("cloudwatch", region_name="eu-west-1")
      print(sorted({m["MetricName"] for m in watch.list_metrics(Namespace="meshdr")["Metrics"]}))
      """)
    #expect(figure.output.contains("'RPOMet'") && figure.output.contains("'Lag'"))
  }

  @Test func metricsOfBothRegionsAreEvidence() throws {
    let mesh = try mesh()
    try mesh.control(
      "POST", "replication/measured", ["bucket": "nimbus-sales-products", "seconds": 7200])
    let result = try rpo(mesh, "--only", "sales_curated", exit: 0)
    let sales = try product(result, "nimbus-sales-products/")
    #expect(sales["worstLatencySeconds"]?.double != nil, "\(sales)")
    #expect(sales["evidence"]?.canonicalText.contains("ReplicationLatency") == true)
  }

  /// The snapshot says how fresh the data beside it was; a table that lacks a manifest is put into the
  /// catalog, and is not called restored.
  @Test func aTableWhoseLastManifestIsMissingIsNotCalledRestored() throws {
    let mesh = try mesh()
    let taken = try mesh.meshdr("snapshot", "--rpo", "--output", "json")
    // Nobody can tell of the table bucket.
    #expect(taken.exitCode == 4, "\(taken.errors)")
    let measured = try taken.json()["rpo"]
    #expect(
      measured?["met"] == false && measured?["tables"]?["ok"] == 1 && measured?["problem"] == .null)
    let subjects = (measured?["shortfalls"]?.array ?? []).compactMap { $0["subject"]?.string }
    #expect(!subjects.isEmpty && subjects.allSatisfy { $0.contains("s3tables") }, "\(subjects)")
    #expect(try mesh.meshdr("show", "latest", "--output", "json").json()["rpo"] == measured)
    #expect(try mesh.meshdr("runs").output.contains(measured?["run"]?.string ?? "no run"))

    let folder = "curated/inventory_positions/metadata/"
    _ = try mesh.boto(
      """
      from emulator.nimbuscart.iceberg import SNAPSHOTS
      s3 = client("s3", "444444444444", "eu-west-1")
      key = f"\(folder){SNAPSHOTS[1]:x}-m0.avro"
      s3.head_object(Bucket="nimbus-supply-chain-products-eu", Key=key)
      s3.delete_object(Bucket="nimbus-supply-chain-products-eu", Key=key)
      """)
    let found = try rpo(mesh, "--only", "supply_chain_curated")["tables"]?.array?.first
    #expect(found?["standing"] == "behind" && found?["status"] == "breach", "\(found ?? nil)")
    #expect(found?["state"]?.string?.contains("\(folder)00001-") == true)
    #expect(found?["missing"]?.strings.first?.hasSuffix("-m0.avro") == true)
    #expect(found?["namesLostBucket"] == true)

    try mesh.lose("us-east-1")
    let restored = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restored.exitCode == 3, "\(restored.errors)")
    let failures = try restored.json()["failures"]?.array ?? []
    #expect(failures.compactMap { $0["code"]?.string } == ["TableNotWhole"])
    #expect(failures.first?["key"]?.string?.hasSuffix("inventory_positions") == true)
    #expect(failures.first?["message"]?.string?.contains("\(folder)00001-") == true)
    #expect(try restored.json()["verified"]?["missing"] == 0)
  }

  @Test func wrongUseIsRefused() throws {
    let mesh = try StandIn(seeded: false)
    for arguments in [
      ["rpo", "30s"], ["rpo", "--watch", "soon"], ["rpo", "--objective", "0m"],
      ["rpo", "--watch", "--output", "json"], ["rpo", "--store", "x", "--snapshot", ""],
    ] {
      #expect(try mesh.start(arguments).finish().exitCode == 2, "\(arguments)")
    }
  }
}
