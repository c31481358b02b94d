import AWSAccess
import CanonicalJSON
import Capture
import MeshFile
import MeshModel
import Replication
import SnapshotStore

/// One measurement: what is to be asked, by whom, and what came of it.
struct RPOMeasurement: Sendable {
  let context: MeshContext
  let options: RPOOptions
  let mesh: MeshFile
  let secondary: String
  /// Seconds.
  let objective: Double
  let reader: SnapshotReader
  /// What knows of the buckets, where that is not the same.
  var bucketReader: SnapshotReader?
  /// Enters the accounts with the reader's role.
  let clients: ClientBook
  /// Whether the primary region does not answer at all.
  let primaryLost: Bool
  /// The last runs that are kept, the newest first.
  let earlier: [RPOResult]

  /// Seconds since 1970.
  private var now: Double { context.now }

  /// Products and findings; `run`, catalog age and duration are left to the caller.
  /// - Throws: what reading the snapshot meets, `CommandFailure`, `CancellationError`.
  func result(started: String) async throws -> RPOResult {
    let accounts = try context.selected(
      reader.manifest.details.accounts.map(\.account), of: "the snapshot")
    let locations = CatalogLocations(
      reader, accounts: Set(accounts.map(\.id)), only: context.options.only)
    var buckets = try await capturedBuckets()
    let names = try await locations.bucketNames()
    let sources = try await asked(names, buckets)
    for facts in sources { buckets[facts.name] = facts }
    let fold = ProductFold(
      buckets: buckets, overrides: mesh.mapping.buckets, secondary: secondary)
    let folded = try await locations.folded(into: fold).result
    let replicas = try await askedReplicas(of: folded.products, buckets)
    var result = RPOResult(
      mesh: mesh.mesh, region: secondary, started: started, objectiveSeconds: objective)
    result.primaryLost = primaryLost
    let metrics = await metrics(of: folded.products, buckets, replicas)
    let judge = ReplicationJudge(secondary: secondary)
    let findings = folded.products.flatMap { product in
      judge.findings(
        product.route, source: buckets[product.route.bucket],
        replica: product.route.replica.flatMap { replicas[$0] })
    }
    result.findings = Array(
      Set(findings + (try await roleFindings(folded.products, buckets)))
    ).sorted { ($0.severity, $0.code, $0.subject) < ($1.severity, $1.code, $1.subject) }
    try await measure(folded.products, buckets, replicas, metrics, into: &result)
    add(folded.others, to: &result)
    let routes = ReplicaRoutes(folded.products, buckets, replicas)
    result.tables = try await survey(routes).judged(try await locations.formatTables())
    result.accept(mesh.acceptedGaps)
    return result
  }

  // MARK: - Tables

  private func survey(_ routes: ReplicaRoutes) -> TableSurvey {
    TableSurvey(
      place: { account, bucket, key in
        guard let replica = routes.replica(bucket, key) else { return nil }
        let client = try await clients.client(
          replica.account ?? account, replica.region ?? secondary)
        return BucketSite(client, bucket: replica.name)
      }, replica: { routes.replica($0, $1)?.name }, objective: objective, now: now)
  }

  // MARK: - Buckets

  private func capturedBuckets() async throws -> [String: BucketFacts] {
    var buckets: [String: BucketFacts] = [:]
    let reader = bucketReader ?? reader
    let records = try await reader.records(kind: .bucket)
    while let record = try records.next() {
      guard
        let facts = try BucketFacts(record, primary: reader.manifest.details.region)
      else { continue }
      buckets[facts.name] = facts
    }
    return buckets
  }

  /// Sources as they are now: their rules may have changed since the snapshot.
  /// - Parameter names: buckets, with an account whose role may reach one whose owner is unknown.
  private func asked(
    _ names: [String: String], _ buckets: [String: BucketFacts]
  ) async throws -> [BucketFacts] {
    guard !primaryLost else { return [] }
    let found = Guarded<[BucketFacts]>([])
    try await forEachConcurrently(names, limit: options.concurrency) { entry in
      let (name, account) = entry
      var facts = buckets[name] ?? BucketFacts(name: name)
      if facts.region != secondary {
        await facts.ask(
          clients, account: facts.account ?? account, region: facts.region ?? mesh.primary,
          rules: true)
      }
      found.withLock { [facts] in $0.append(facts) }
    }
    return found.withLock(\.self)
  }

  private func askedReplicas(
    of products: [DataProduct], _ buckets: [String: BucketFacts]
  ) async throws -> [String: BucketFacts] {
    var wanted: [String: BucketFacts] = [:]
    for product in products where product.route.source != .inRegion {
      guard let name = product.route.replica, wanted[name] == nil else { continue }
      var facts = buckets[name] ?? BucketFacts(name: name)
      facts.rules = nil
      let owner = product.route.rule?.account ?? facts.account
      facts.account = owner ?? buckets[product.route.bucket]?.account ?? product.accounts.first
      wanted[name] = facts
    }
    let found = Guarded<[String: BucketFacts]>([:])
    try await forEachConcurrently(wanted.values, limit: options.concurrency) { facts in
      var facts = facts
      if let account = facts.account {
        await facts.ask(
          clients, account: account, region: facts.region ?? secondary, rules: false)
      } else {
        facts.problem = "whose it is, is not known"
      }
      found.withLock { [facts] in $0[facts.name] = facts }
    }
    return found.withLock(\.self)
  }

  // MARK: - Metrics

  /// What CloudWatch has of the rules in both regions, from the accounts of both sides.
  private func metrics(
    of products: [DataProduct], _ buckets: [String: BucketFacts],
    _ replicas: [String: BucketFacts]
  ) async -> RPOMetrics {
    var subjects: [MetricsPlace: Set<MetricSubject>] = [:]
    for product in products {
      guard let rule = product.route.rule, let subject = product.metricSubject else { continue }
      let owners = [
        buckets[product.route.bucket]?.account ?? product.accounts.first,
        rule.account ?? replicas[rule.destination]?.account,
      ].compactMap(\.self)
      for owner in Set(owners) {
        for region in Set([mesh.primary, secondary]) where !primaryLost || region != mesh.primary {
          subjects[MetricsPlace(account: owner, region: region), default: []].insert(subject)
        }
      }
    }
    let found = Guarded(RPOMetrics())
    let window = (now - Self.window)...now
    await withTaskGroup(of: Void.self) { group in
      for (place, subjects) in subjects {
        group.addTask {
          do {
            let client = try await clients.client(place.account, place.region)
            let metrics = try await MetricsQuery(client, window: window)
              .metrics(of: subjects.sorted { $0.rule < $1.rule })
            found.withLock { $0.add(metrics) }
          } catch {
            found.withLock { $0.problems[place] = "\(error)" }
          }
        }
      }
    }
    return found.withLock(\.self)
  }

  /// How far back metrics are looked at; seconds.
  static let window = 3 * 3600.0

  // MARK: - Products

  private func measure(
    _ products: [DataProduct], _ buckets: [String: BucketFacts],
    _ replicas: [String: BucketFacts], _ metrics: RPOMetrics, into result: inout RPOResult
  ) async throws {
    let found = Guarded<(products: [RPOResult.Product], findings: [Finding], warnings: [String])>(
      ([], [], []))
    let inventories = InventoryReports(products)
    try await forEachConcurrently(products, limit: 8) { product in
      let measurement = ProductMeasurement(
        measurement: self, product: product, source: buckets[product.route.bucket],
        replica: product.route.replica.flatMap { replicas[$0] }, inventories: inventories)
      var (evidence, left) = try await measurement.evidence()
      evidence.metrics = product.metricSubject.flatMap { metrics.found[$0] }
      evidence.metricsProblem = evidence.metrics == nil ? metrics.problem : nil
      let judged = EvidenceJudge(objective: objective, now: now).judged(evidence)
      let findings = EvidenceJudge.findings(evidence)
      found.withLock {
        $0.products.append(judged)
        $0.findings += findings
        $0.warnings += left.map { "a canary could not be removed: \($0)" }
      }
    }
    let (judged, findings, warnings) = found.withLock { $0 }
    result.products = judged.sorted {
      ($0.location, $0.replica ?? "") < ($1.location, $1.replica ?? "")
    }
    result.findings += findings.sorted { $0.subject < $1.subject }
    result.warnings += warnings.sorted()
  }

  private func add(_ others: [OtherPlace], to result: inout RPOResult) {
    for other in others {
      if other.hasData {
        var product = RPOResult.Product(location: other.location, replica: nil)
        product.tables = other.tables
        product.evidence = [.init("configuration", other.reason)]
        result.products.append(product)
      } else {
        result.notApplicable.append(
          .init(location: other.location, tables: other.tables, reason: other.reason))
      }
    }
  }
}

/// Where metrics are asked for.
struct MetricsPlace: Hashable, Sendable {
  let account: String
  let region: String
}

/// What CloudWatch said, and where it did not answer.
struct RPOMetrics: Sendable {
  var found: [MetricSubject: RuleMetrics] = [:]
  var problems: [MetricsPlace: String] = [:]

  var problem: String? {
    guard !problems.isEmpty else { return nil }
    return problems.map { "\($0.key.account) \($0.key.region): \($0.value)" }.sorted().first
  }

  mutating func add(_ other: [MetricSubject: RuleMetrics]) {
    for (subject, metrics) in other { found[subject, default: RuleMetrics()].add(metrics) }
  }
}

extension DataProduct {
  /// What its rule's metrics are found by; nil without a rule.
  var metricSubject: MetricSubject? {
    route.rule.map {
      MetricSubject(source: route.bucket, destination: $0.destination, rule: $0.id)
    }
  }
}

extension BucketFacts {
  /// GetBucketReplication (where `rules`), GetBucketVersioning and GetBucketEncryption. What can't be
  /// asked stays as it was, and `problem` says why.
  mutating func ask(
    _ clients: ClientBook, account: String, region: String, rules isWanted: Bool
  ) async {
    do {
      let client = try await clients.client(account, region)
      let input: JSON = ["Bucket": .string(name)]
      if isWanted {
        let configuration = try await S3(client).replication(name)
        rules = ReplicationRule.all(in: configuration)
        replicationRole = configuration?["Role"]?.string
      }
      let answer = try await client.call(.s3GetBucketVersioning, input)
      versioning = answer["Status"]?.string.flatMap(Versioning.init) ?? .off
      encryption = try await Self.encryption(client, input)
    } catch {
      problem = "\(error)"
    }
  }

  private static func encryption(_ client: AWSClient, _ input: JSON) async throws -> String? {
    do {
      let answer = try await client.call(.s3GetBucketEncryption, input)
      let rule = answer["ServerSideEncryptionConfiguration"]?["Rules"]?.array?.first
      return rule?["ApplyServerSideEncryptionByDefault"]?["SSEAlgorithm"]?.string
    } catch let failure as AWSFailure
      where failure.code == "ServerSideEncryptionConfigurationNotFoundError"
    {
      return nil
    }
  }
}

extension MeshContext {
  /// The time of day, in seconds since 1970.
  var now: Double {
    Double((UTCTime(surroundings.clock.now()) ?? UTCTime(milliseconds: 0)).milliseconds) / 1000
  }
}
