import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// The calls that make the versions of one schema.
///
/// Versions are registered in the order of their numbers. Where the mode of the schema was tightened
/// after the first of them, it would refuse its own history: so the history is made without a mode,
/// which is set at the end.
struct SchemaVersions {
  private let site: Site
  private let path: [String]

  /// - Parameter path: the registry and the schema.
  init(_ path: [String], at site: Site) {
    self.site = site
    self.path = path
  }

  /// How AWS is told which schema is meant.
  var id: JSON { Self.schemaID(path) }

  static func schemaID(_ path: [String]) -> JSON {
    guard path.count == 2 else { return [:] }
    return ["RegistryName": .string(path[0]), "SchemaName": .string(path[1])]
  }

  private func key(_ version: JSON) -> RecordKey {
    site.key(.schemaVersion, SchemaVersionKind.path(path, version))
  }

  private static func number(_ version: JSON) -> Int { version["VersionNumber"]?.integer ?? 0 }

  /// CreateSchema with the first version, and the others after it.
  /// - Returns: why some were not made.
  func create(_ desired: JSON, _ change: Change) async throws -> [ChangeFailure] {
    let versions = change.companions.sorted { Self.number($0) < Self.number($1) }
    let mode = desired["Compatibility"] ?? "NONE"
    let isRelaxed = versions.count > 1 && mode != "NONE"
    var input = desired.keeping(only: AWSShape.createSchemaInput).withoutEmptyMembers
    if path.first != RegistryKind.byDefault {
      input["RegistryId"] = ["RegistryName": .string(path.first ?? "")]
    }
    input["Compatibility"] = isRelaxed ? "NONE" : mode
    input["SchemaDefinition"] = versions.first?["SchemaDefinition"]
    _ = try await site.client.call(.glueCreateSchema, input)
    if let first = versions.first {
      let made = try await settled(["SchemaId": id, "SchemaVersionNumber": ["LatestVersion": true]])
      try await setMetadata(of: made, from: [:], to: first)
    }
    let failures = await register(Array(versions.dropFirst()))
    if isRelaxed {
      let earlier = versions.prefix { Self.number($0) <= desired["SchemaCheckpoint"]?.integer ?? 1 }
      try await set(mode, checkpoint: max(earlier.count, 1))
    }
    return failures
  }

  /// Adds versions to a schema that is there.
  /// - Returns: why some were not made.
  func add(_ versions: [JSON]) async throws -> [ChangeFailure] {
    let schema = try await site.client.call(.glueGetSchema, ["SchemaId": id])
    let mode = schema["Compatibility"] ?? "NONE"
    let checkpoint = schema["SchemaCheckpoint"]?.integer ?? 1
    let isRelaxed = mode != "NONE"
    if isRelaxed { try await set("NONE", checkpoint: checkpoint) }
    let failures = await register(versions.sorted { Self.number($0) < Self.number($1) })
    if isRelaxed { try await set(mode, checkpoint: checkpoint) }
    return failures
  }

  private func set(_ mode: JSON, checkpoint: Int) async throws {
    let input: JSON = [
      "SchemaId": id, "Compatibility": mode,
      "SchemaVersionNumber": ["VersionNumber": JSON(checkpoint)],
    ]
    _ = try await site.client.call(.glueUpdateSchema, input)
  }

  /// Registers versions one after the other; what comes after a refused one is not tried.
  private func register(_ versions: [JSON]) async -> [ChangeFailure] {
    for (index, version) in versions.enumerated() {
      do {
        let input: JSON = [
          "SchemaId": id, "SchemaDefinition": version["SchemaDefinition"] ?? "",
        ]
        let answer = try await site.client.call(.glueRegisterSchemaVersion, input)
        let made = try await settled(["SchemaVersionId": answer["SchemaVersionId"] ?? ""])
        try await setMetadata(of: made, from: [:], to: version)
      } catch {
        return refusals(of: versions[index...], because: error)
      }
    }
    return []
  }

  private func refusals(
    of versions: ArraySlice<JSON>, because error: any Error
  ) -> [ChangeFailure] {
    let failure = error as? AWSFailure
    let code = failure?.code ?? "SchemaVersionFailure"
    let message = failure?.message ?? "\(error)"
    return versions.enumerated().map { index, version in
      ChangeFailure(
        key: key(version), code: code,
        message: index == 0 ? message : "an earlier version was not registered: \(message)")
    }
  }

  /// Waits until a version has passed its checks.
  /// - Returns: its id.
  /// - Throws: `AWSFailure` where it did not pass them, or not within half a minute.
  private func settled(_ request: JSON) async throws -> String {
    var milliseconds = 50
    while true {
      let version = try await site.client.call(.glueGetSchemaVersion, request)
      let status = version["Status"]?.string ?? "AVAILABLE"
      if status == "AVAILABLE" { return version["SchemaVersionId"]?.string ?? "" }
      guard status == "PENDING", milliseconds < 30_000 else {
        throw AWSFailure(
          code: "SchemaVersion\(status.capitalizedFirst)",
          message: "the version of schema \(path.joined(separator: ".")) is \(status)",
          operation: "RegisterSchemaVersion")
      }
      try await Task.sleep(for: .milliseconds(milliseconds))
      milliseconds *= 2
    }
  }

  /// DeleteSchemaVersions, whose refusals come back for each version.
  func remove(_ changes: [Change]) async throws -> [ChangeFailure] {
    var failures: [ChangeFailure] = []
    for change in changes {
      let input: JSON = [
        "SchemaId": id, "Versions": .string("\(Self.number(change.live ?? [:]))"),
      ]
      let answer = try await site.client.call(.glueDeleteSchemaVersions, input)
      for error in answer["SchemaVersionErrors"]?.array ?? [] {
        let details = error["ErrorDetails"]
        failures.append(
          ChangeFailure(
            key: change.key, code: details?["ErrorCode"]?.string ?? "UnknownError",
            message: details?["ErrorMessage"]?.string ?? ""))
      }
    }
    return failures
  }
}

// MARK: - Metadata

extension SchemaVersions {
  /// One pair of a version's metadata. A key can have several values.
  struct Pair: Hashable, Comparable {
    let key: String
    let value: String

    static func < (left: Pair, right: Pair) -> Bool {
      (left.key, left.value) < (right.key, right.value)
    }

    var json: JSON { ["MetadataKey": .string(key), "MetadataValue": .string(value)] }
  }

  /// QuerySchemaVersionMetadata, which hands out a map in pages.
  static func metadata(_ id: JSON, at site: Site) async throws -> JSON {
    var found: [String: JSON] = [:]
    var request = id.with("MaxResults", 50)
    var seen: Set<JSON> = []
    while true {
      let answer = try await site.client.call(.glueQuerySchemaVersionMetadata, request)
      found.merge(answer["MetadataInfoMap"]?.object ?? [:]) { _, last in last }
      guard let token = answer["NextToken"], token != .null, token != "" else {
        return .object(found)
      }
      guard seen.insert(token).inserted else {
        throw AWSFailure(
          code: AWSFailure.Code.repeatedToken,
          message: "the listing came back to a page that it had before",
          operation: "QuerySchemaVersionMetadata", account: site.account, region: site.region)
      }
      request["NextToken"] = token
    }
  }

  /// The pairs in the body of a version, in order.
  static func metadata(of body: JSON) -> [Pair] {
    (body["MetadataInfoMap"]?.object ?? [:]).flatMap { key, info in
      let others = (info["OtherMetadataValueList"]?.array ?? []).map { $0["MetadataValue"]?.string }
      return ([info["MetadataValue"]?.string] + others).compactMap(\.self).map {
        Pair(key: key, value: $0)
      }
    }.sorted()
  }

  /// Puts the pairs of one body in the place of those of another.
  func setMetadata(of version: String, from live: JSON, to desired: JSON) async throws {
    let (have, want) = (Set(Self.metadata(of: live)), Set(Self.metadata(of: desired)))
    for (operation, pairs) in [
      (AWSOperation.glueRemoveSchemaVersionMetadata, have.subtracting(want)),
      (AWSOperation.gluePutSchemaVersionMetadata, want.subtracting(have)),
    ] {
      for pair in pairs.sorted() {
        let input: JSON = ["SchemaVersionId": .string(version), "MetadataKeyValue": pair.json]
        do {
          _ = try await site.client.call(operation, input)
        } catch let failure as AWSFailure where failure.isAlreadyExists {
          continue
        }
      }
    }
  }
}

extension String {
  /// `Failure` of `FAILURE`.
  fileprivate var capitalizedFirst: String { prefix(1) + dropFirst().lowercased() }
}
