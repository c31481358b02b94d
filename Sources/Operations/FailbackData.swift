import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Replication
import Restore
import SnapshotStore

// Whether the data that was written in the secondary is in the primary. Replicas never replicate by
// themselves: what is there has come back by rules in the other direction, and by Batch Replication.

extension FailbackOperation {
  /// Compares every object of the secondary's catalog with the primary, sides swapped.
  /// - Throws: what reading the capture meets, `CancellationError`.
  func dataCheck(
    _ work: FailbackWork, _ sides: Sides
  ) async throws -> FailbackReport.DataCheck {
    work.place.progress.stage("comparing the data")
    let home = sides.mapping.inverse.buckets.filter { $0.key != $0.value.bucket }
      .mapValues(\.bucket)
    let swapped = work.mesh.running(in: work.region, standby: work.primary, buckets: home)
    var options = RPOOptions()
    options.region = work.primary
    options.deep = true
    // Whatever is missing at all is not home.
    options.objective = 0
    // The capture holds no more than the accounts that were asked for.
    var common = context.options
    common.accounts = []
    let measurement = RPOMeasurement(
      context: MeshContext(common, context.surroundings), options: options, mesh: swapped,
      secondary: work.primary, objective: 0,
      reader: sides.there.reader, bucketReader: work.reader,
      clients: ClientBook(work.place.session, role: work.mesh.accounts.readerRole),
      primaryLost: false, earlier: [])
    let result = try await measurement.result(started: context.surroundings.clock.now())
    var check = FailbackReport.DataCheck()
    check.locations = result.products.count
    let owners = try await bucketOwners(work.reader)
    for product in result.products where product.status != .ok {
      check.notHome.append(
        .init(
          location: product.location, target: product.replica,
          pendingObjects: product.pendingObjects))
      check.findings += advice(product, result.findings, owners, home, work)
    }
    return check
  }

  private func bucketOwners(_ reader: SnapshotReader) async throws -> [String: String] {
    var owners: [String: String] = [:]
    let records = try await reader.records(kind: .bucket)
    while let record = try records.next() {
      if let name = try record.value()["Name"]?.string { owners[name] = record.key.account }
    }
    return owners
  }

  /// What is wrong with the way home of one location, and the commands that mend it.
  private func advice(
    _ product: RPOResult.Product, _ found: [Finding], _ owners: [String: String],
    _ home: [String: String], _ work: FailbackWork
  ) -> [Finding] {
    let bucket = S3Location(product.location)?.bucket ?? ""
    guard let target = home[bucket] else {
      return [
        Finding(
          .blocker, "no-counterpart", product.location,
          "\(bucket) has no counterpart in \(work.primary)",
          remedy: "name it in the mesh file under mapping: buckets:, as "
            + "BUCKET-IN-\(work.primary): \(bucket)")
      ]
    }
    let account = owners[bucket] ?? "<account of \(bucket)>"
    let concerned = found.filter {
      $0.severity != .note
        && ($0.subject.hasPrefix("s3://\(bucket)/") || $0.subject == "s3://\(bucket)")
    }
    var findings = concerned.filter { $0.code != "copied-otherwise" }
    if concerned.contains(where: { $0.code == "copied-otherwise" }) {
      findings.insert(
        Finding(
          .blocker, "no-reverse-rule", product.location,
          "no rule of \(bucket) sends what is written there to \(target): replicas do not go back by "
            + "themselves",
          remedy: Self.rule(bucket, target, work.region)), at: 0)
    }
    let count = product.pendingObjects.map { "\($0) objects" } ?? "it is not known how many objects"
    findings.append(
      Finding(
        .blocker, "data-not-home", product.location,
        "\(count) of \(bucket) are not in \(target)",
        remedy: Self.batch(bucket, account, work.region)))
    return findings
  }

  /// PutBucketReplication replaces all rules of a bucket.
  private static func rule(_ bucket: String, _ target: String, _ region: String) -> String {
    let configuration: JSON = [
      "Role": "<role that replicates>",
      "Rules": [
        [
          "ID": "meshdr-failback", "Priority": 1, "Status": "Enabled", "Filter": ["Prefix": ""],
          "DeleteMarkerReplication": ["Status": "Enabled"],
          "Destination": ["Bucket": .string("arn:aws:s3:::\(target)")],
        ]
      ],
    ]
    return CLICommand("s3api put-bucket-replication", region: region).option("bucket", bucket)
      .option("replication-configuration", configuration.canonicalText).text
      + " (with the rules that it has already: the command replaces them)"
  }

  /// What was written before there was a rule moves only by a job of S3 Batch Replication.
  private static func batch(_ bucket: String, _ account: String, _ region: String) -> String {
    let generator: JSON = [
      "S3JobManifestGenerator": [
        "SourceBucket": .string("arn:aws:s3:::\(bucket)"), "EnableManifestOutput": false,
        "Filter": [
          "EligibleForReplication": true, "ObjectReplicationStatuses": ["NONE", "FAILED"],
        ],
      ]
    ]
    return CLICommand("s3control create-job", region: region).option("account-id", account)
      .option("operation", #"{"S3ReplicateObject":{}}"#)
      .option("manifest-generator", generator.canonicalText)
      .option("report", #"{"Enabled":false}"#).option("priority", "10")
      .option("role-arn", "<role of Batch Operations>").text + " --no-confirmation-required"
  }
}
