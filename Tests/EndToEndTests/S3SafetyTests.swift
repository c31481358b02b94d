import CanonicalJSON
import Foundation
import Testing

/// Locks, mirrors and signatures, as their users meet them.
@Suite struct S3SafetyTests {
  private static let url = "s3://nimbus-dr-archive/meshdr"

  /// Puts another `store:` and more into the mesh file.
  private func configure(_ mesh: StandIn, store: String, _ more: String = "") throws {
    let path = mesh.folder + "/meshdr.yaml"
    let lines = try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.hasPrefix("signing:") }
      .filter { !$0.hasPrefix("store:") && !$0.hasPrefix("retention:") }
    let text = lines.joined(separator: "\n") + "\nstore: \(store)\nretention: {last: 1}\n" + more
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// What an audit says of the stores.
  private func storeFindings(_ audit: Outcome) throws -> [String] {
    let codes = try audit.json()["findings"]?.array ?? []
    return codes.compactMap { $0["code"]?.string }.filter { $0.hasPrefix("store-") }.sorted()
  }

  /// What is locked is neither removed nor hidden, and packs that are used again stay for longer.
  @Test func lockedSnapshotsOutliveAPrune() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive", locked: true)
    try configure(
      mesh, store: "{url: \"\(Self.url)\", lock: {mode: compliance, for: 30d}}")
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let locks = """
      s3 = boto3.client("s3", region_name="eu-central-1")
      heads = [s3.head_object(Bucket="nimbus-dr-archive", Key=each["Key"])
               for each in s3.list_objects_v2(Bucket="nimbus-dr-archive",
                                              Prefix="meshdr/packs/")["Contents"]]
      assert all(head["ObjectLockMode"] == "COMPLIANCE" for head in heads)
      print(min(head["ObjectLockRetainUntilDate"].timestamp() for head in heads))
      """
    let first = try #require(
      Double(mesh.boto(locks).output.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(first > Date().timeIntervalSince1970 + 30 * 86_400)
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    let prune = try mesh.meshdr("prune", "--output", "json")
    #expect(prune.exitCode == 0, "\(prune.errors)")
    let decisions = try prune.json()["decisions"]?.array ?? []
    #expect(decisions.map { $0["keptBy"] } == [["last", "newestComplete"], ["lock"]])
    #expect(try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.count == 2)
    #expect(try mesh.meshdr("prune").output.contains("lock until"))
    #expect(try storeFindings(mesh.meshdr("audit", "--output", "json")).isEmpty)
  }

  /// Both copies are whole, one that is spoiled is passed over, and one that is lost is not needed.
  @Test func mirrorsStandInForOneAnother() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive")
    let folder = "\(mesh.folder)/archive"
    try configure(mesh, store: "[\(folder)]")
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try configure(mesh, store: "[\"\(Self.url)\", \(folder)]")
    let snapshot = try mesh.meshdr("snapshot")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    #expect(snapshot.errors.contains("have been copied"))
    let verify = try mesh.meshdr("verify", "--all", "--output", "json")
    #expect(verify.exitCode == 0, "\(verify.output)")
    #expect(try verify.json()["stores"]?.array?.count == 2)

    _ = try mesh.boto(
      """
      s3 = boto3.client("s3", region_name="eu-central-1")
      key = s3.list_objects_v2(Bucket="nimbus-dr-archive", Prefix="meshdr/packs/")["Contents"][0]["Key"]
      body = bytearray(s3.get_object(Bucket="nimbus-dr-archive", Key=key)["Body"].read())
      body[len(body) // 2] ^= 1
      s3.put_object(Bucket="nimbus-dr-archive", Key=key, Body=bytes(body))
      """)
    let damaged = try mesh.meshdr("verify", "--output", "json")
    #expect(damaged.exitCode == 5)
    #expect(try damaged.json()["damaged"]?.array?.first?["store"] == .string(Self.url))
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1", "--output", "json")
    #expect(restore.exitCode == 0, "\(restore.errors)")
    #expect(restore.errors.contains("another copy is used"))

    try mesh.lose("eu-central-1")
    let quick = ["AWS_MAX_ATTEMPTS": "1"]
    let failed = try mesh.meshdr("snapshot", environment: quick)
    #expect(failed.exitCode == 1 && failed.errors.contains(Self.url), "\(failed.errors)")
    let again = try mesh.meshdr("restore", "--region", "eu-west-1", environment: quick)
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.errors.contains("is passed over"))
  }

  @Test func aSnapshotHasToBeSigned() throws {
    let mesh = try StandIn()
    let made = try mesh.boto(
      """
      kms = boto3.client("kms", region_name="eu-central-1")
      keys = [kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
              for spec in ("ECC_NIST_P256", "RSA_2048")]
      from cryptography.hazmat.primitives import serialization
      pem = serialization.load_der_public_key(
          kms.get_public_key(KeyId=keys[1])["PublicKey"]).public_bytes(
              serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
      print(json.dumps({"keys": keys, "pem": pem}))
      """)
    let keys = try JSON(parsing: made.output)
    let (curve, rsa) = (keys["keys"]?.array?[0].string ?? "", keys["keys"]?.array?[1].string ?? "")
    let store = "\(mesh.folder)/archive"
    try configure(mesh, store: store, "signing: {key: \"\(curve)\"}\n")
    // A key that does not sign is found before anything is captured.
    try mesh.control(
      "POST", "faults", ["faults": [["service": "kms", "operation": "Sign", "action": "deny"]]])
    try mesh.control("DELETE", "calls")
    let refused = try mesh.meshdr("snapshot")
    #expect(refused.exitCode == 1 && refused.errors.contains("AccessDenied"), "\(refused.errors)")
    #expect(try mesh.calls().allSatisfy { $0["service"] != "glue" })
    try mesh.control("DELETE", "faults")
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    // Checked without any KMS.
    try mesh.lose("eu-central-1")
    #expect(try mesh.meshdr("verify").exitCode == 0)
    try mesh.control("POST", "regions/eu-central-1/restore")

    let pem = (keys["pem"]?.string ?? "").split(separator: "\n").map { "    \($0)\n" }.joined()
    let strict = "signing:\n  key: \"\(rsa)\"\n  public_key: |\n\(pem)"
    try configure(mesh, store: store, strict)
    let another = try mesh.meshdr("verify")
    #expect(another.exitCode == 5 && another.output.contains("another key"), "\(another.output)")
    let restore = try mesh.meshdr("restore", "--region", "eu-west-1")
    #expect(restore.exitCode == 5, "\(restore.errors)")
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    #expect(try mesh.meshdr("restore", "--region", "eu-west-1", "--dry-run").exitCode == 0)

    let signatures = try FileManager.default.contentsOfDirectory(atPath: store + "/signatures")
    for name in signatures {
      try FileManager.default.removeItem(atPath: "\(store)/signatures/\(name)")
    }
    let missing = try mesh.meshdr("verify", "latest")
    #expect(missing.exitCode == 5 && missing.output.contains("no signature"), "\(missing.output)")
    try configure(mesh, store: store, "signing: {key: \"\(rsa)\", since: 2099-01-01}\n")
    #expect(try mesh.meshdr("verify").exitCode == 0)
    try sealShards(mesh, strict)
  }

  /// Many machines, two stores, one of them in S3, and a file that is carried: signed everywhere.
  private func sealShards(_ mesh: StandIn, _ strict: String) throws {
    try mesh.makeBucket("nimbus-dr-archive")
    let folder = "\(mesh.folder)/mirror"
    try configure(mesh, store: "[\"\(Self.url)\", \(folder)]", strict)
    let id = "\(Date().ISO8601Format().prefix(19))Z"
    for number in 1...2 {
      let shard = try mesh.meshdr("snapshot", "--id", id, "--shard", "\(number)/2")
      #expect(shard.exitCode == 0, "\(shard.errors)")
    }
    #expect(try mesh.calls().allSatisfy { $0["operation"] != "Sign" })
    let sealed = try mesh.meshdr("snapshot", "--seal", id)
    #expect(sealed.exitCode == 0, "\(sealed.errors)")
    // To find out whether it can, and then the manifest.
    #expect(try mesh.calls().filter { $0["operation"] == "Sign" }.count == 2)
    let verify = try mesh.meshdr("verify", "--output", "json")
    #expect(verify.exitCode == 0, "\(verify.output)")
    #expect(try verify.json()["stores"]?.array?.count == 2)

    let carried = try mesh.meshdr("export", "latest", "--to", "signed.tar.zst")
    #expect(carried.exitCode == 0 && carried.output.contains("signed by"), "\(carried.errors)")
    let taken = try mesh.meshdr("import", "signed.tar.zst", "--store", "elsewhere")
    #expect(taken.exitCode == 0 && taken.output.contains("signed by"), "\(taken.errors)")
    #expect(try mesh.meshdr("verify", "--store", "elsewhere").exitCode == 0)
    _ = try mesh.boto(
      """
      s3 = boto3.client("s3", region_name="eu-central-1")
      key = s3.list_objects_v2(
          Bucket="nimbus-dr-archive", Prefix="meshdr/signatures/")["Contents"][0]["Key"]
      s3.delete_object(Bucket="nimbus-dr-archive", Key=key)
      """)
    let missing = try mesh.meshdr("verify", "latest", "--output", "json")
    #expect(missing.exitCode == 5, "\(missing.output)")
    #expect(try missing.json()["damaged"]?.array?.compactMap { $0["store"]?.string } == [Self.url])
  }

  /// A store that is lost with what it is to bring back is called out.
  @Test func aStoreInThePrimaryIsWarnedAbout() throws {
    let mesh = try StandIn()
    _ = try mesh.boto(
      "boto3.client('s3', region_name='us-east-1').create_bucket(Bucket='archive-at-home')")
    let snapshot = try mesh.meshdr(
      "snapshot", "--store", "s3://archive-at-home", "--output", "json")
    #expect(snapshot.exitCode == 0, "\(snapshot.errors)")
    let warnings = try snapshot.json()["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.contains("lost with it") }, "\(warnings)")
    let audit = try mesh.meshdr("audit", "--store", "s3://archive-at-home", "--output", "json")
    #expect(audit.exitCode == 4, "\(audit.output)")
    #expect(
      try storeFindings(audit) == ["store-in-primary", "store-not-locked", "store-not-versioned"])
  }
}
