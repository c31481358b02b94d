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
    options.asksExtra = true
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
    return try await judged(result, home, work)
  }

  private func judged(
    _ result: RPOResult, _ home: [String: String], _ work: FailbackWork
  ) async throws -> FailbackReport.DataCheck {
    var check = FailbackReport.DataCheck()
    check.locations = result.products.count
    let owners = try await bucketOwners(work.reader)
    for product in result.products {
      var place = FailbackReport.Place(
        location: product.location, target: product.replica, hasArrived: product.status == .ok,
        pendingObjects: product.pendingObjects)
      place.compared = product.compared
      place.extra = product.extra ?? ExtraObjects()
      check.places.append(place)
      if !place.hasArrived {
        check.findings += advice(product, result.findings, owners, home, work)
      }
      check.findings += Self.findings(place, work)
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

  /// What is to be said of objects that only the primary has.
  private static func findings(_ place: FailbackReport.Place, _ work: FailbackWork) -> [Finding] {
    let (extra, target) = (place.extra, place.target ?? "the primary")
    var findings: [Finding] = []
    if extra.deleted > 0 {
      let examples = extra.examples.compactMap(S3Location.init)
      let commands = examples.prefix(3).map { object in
        CLICommand("s3api delete-object", region: work.primary).option("bucket", object.bucket)
          .option("key", String(object.rest.dropFirst())).text
      }
      findings.append(
        Finding(
          .blocker, "deleted-in-secondary", place.location,
          "\(extra.deleted) objects were deleted there and are still in \(target): no rule carries "
            + "the deletion of a version, and only one with delete markers carries those",
          remedy: "delete them there as well: " + commands.joined(separator: "; ")
            + (extra.deleted > commands.count ? "; and so on" : "")))
    }
    if extra.unknown > 0 {
      findings.append(
        Finding(
          .warning, "only-in-primary", place.location,
          "\(extra.unknown) objects are only in \(target), and nobody can tell whether they were "
            + "deleted in \(work.region) or had never arrived there",
          remedy: "compare the versions of both buckets: aws s3api list-object-versions"))
    }
    if extra.neverArrived > 0 {
      findings.append(
        Finding(
          .note, "never-arrived", place.location,
          "\(extra.neverArrived) objects of \(target) had not arrived in \(work.region) when the primary "
            + "was lost: they are in the primary as before, and the tables of the outage did not have "
            + "them", remedy: "tell whoever has worked with what was there"))
    }
    return findings
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
