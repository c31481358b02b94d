import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import ServiceSnapshot

/// Answers that know which versions were registered, so that the order of calls can be followed.
private func registry(
  mode: JSON = "BACKWARD", pendingReads: Int = 0, failing: JSON? = nil
) -> ScriptedSender {
  let reads = Guarded(0)
  return ScriptedSender([
    "CreateSchema": { _ in ["SchemaVersionId": "v1"] },
    "RegisterSchemaVersion": { input in
      ["SchemaVersionId": input["SchemaDefinition"] ?? "", "Status": "PENDING"]
    },
    "GetSchemaVersion": { input in
      let id = input["SchemaVersionId"] ?? "v1"
      if let failing, id == failing { return ["SchemaVersionId": id, "Status": "FAILURE"] }
      let read = reads.withLock { reads in
        reads += 1
        return reads
      }
      return ["SchemaVersionId": id, "Status": read <= pendingReads ? "PENDING" : "AVAILABLE"]
    },
    "GetSchema": { _ in ["Compatibility": mode, "SchemaCheckpoint": 2] },
    "UpdateSchema": { _ in [:] }, "PutSchemaVersionMetadata": { _ in [:] },
    "RemoveSchemaVersionMetadata": { _ in [:] },
  ])
}

private func version(_ number: Int, metadata: JSON? = nil) -> JSON {
  let body: JSON = [
    "SchemaVersionId": .string("old-\(number)"), "VersionNumber": JSON(number),
    "DataFormat": "AVRO", "Status": "AVAILABLE", "SchemaDefinition": .string("{\"v\":\(number)}"),
  ]
  return body.with("MetadataInfoMap", metadata)
}

@Suite struct SchemaKindTests {
  let order = key(.schema, "events", "order")
  let schema: JSON = [
    "RegistryName": "events", "SchemaName": "order", "DataFormat": "AVRO",
    "Compatibility": "FULL_ALL", "SchemaCheckpoint": 4, "Description": "orders",
    "RegistryArn": "arn:aws:glue:us-east-1:111111111111:registry/events",
  ]

  /// Numbers are compared as numbers: version 10 comes after version 9.
  @Test func itsHistoryIsMadeInOrderAndItsModeSetAtTheEnd() async throws {
    let sender = registry()
    let failures = try await apply(
      .create, SchemaKind(), order, desired: schema,
      companions: [10, 1, 9, 4].map { version($0) }, sender)
    #expect(failures.isEmpty)
    let created = try #require(sender.inputs(of: "CreateSchema").first)
    #expect(created["Compatibility"] == "NONE")
    #expect(created["RegistryId"] == ["RegistryName": "events"])
    #expect(created["SchemaDefinition"] == "{\"v\":1}")
    #expect(created["SchemaCheckpoint"] == nil)
    #expect(
      sender.inputs(of: "RegisterSchemaVersion").map { $0["SchemaDefinition"] }
        == ["{\"v\":4}", "{\"v\":9}", "{\"v\":10}"])
    // Version 4 of the primary is the second here.
    #expect(
      sender.inputs(of: "UpdateSchema") == [
        [
          "SchemaId": ["RegistryName": "events", "SchemaName": "order"],
          "Compatibility": "FULL_ALL", "SchemaVersionNumber": ["VersionNumber": 2],
        ]
      ])
    #expect(sender.operations.last == "UpdateSchema")
  }

  @Test func oneVersionNeedsNoDetour() async throws {
    let sender = registry()
    _ = try await apply(
      .create, SchemaKind(), order, desired: schema, companions: [version(3)], sender)
    #expect(sender.inputs(of: "CreateSchema").first?["Compatibility"] == "FULL_ALL")
    #expect(sender.inputs(of: "UpdateSchema").isEmpty)
  }

  @Test func theDefaultRegistryIsNotNamed() async throws {
    let sender = registry()
    _ = try await apply(
      .create, SchemaKind(), key(.schema, "default-registry", "order"), desired: schema, sender)
    #expect(sender.inputs(of: "CreateSchema").map { $0["RegistryId"] } == [nil])
  }

  @Test func aRefusedVersionTakesLaterOnesAlongAndTheModeComesBack() async throws {
    let sender = registry(failing: "{\"v\":2}")
    let failures = try await apply(
      .create, SchemaKind(), order, desired: schema, companions: (1...3).map { version($0) },
      sender)
    #expect(failures.map(\.key.kindName) == ["schema-version", "schema-version"])
    #expect(failures.first?.code == "SchemaVersionFailure")
    #expect(sender.inputs(of: "RegisterSchemaVersion").count == 1)
    #expect(sender.operations.last == "UpdateSchema")
  }

  @Test func aNewModeComesWithTheCheckpoint() async throws {
    let sender = registry()
    let live = schema.with("Compatibility", "NONE").with("SchemaCheckpoint", 1)
    _ = try await apply(.update, SchemaKind(), order, desired: schema, live: live, sender)
    let sent = try #require(sender.inputs(of: "UpdateSchema").first)
    #expect(sent["SchemaVersionNumber"] == ["VersionNumber": 1])
    #expect(sent["Compatibility"] == "FULL_ALL")
  }

  @Test func theFormatCannotBeChanged() async throws {
    let failures = try await apply(
      .update, SchemaKind(), order, desired: schema, live: schema.with("DataFormat", "JSON"),
      registry())
    #expect(failures.map(\.code) == ["CannotBeChanged"])
  }

  @Test func schemasOfAllRegistriesAreListedOnce() async throws {
    let schema = schema
    let sender = ScriptedSender([
      "ListSchemas": { input in
        let names = input["NextToken"] == nil ? ["a", "gone"] : ["b"]
        var page: JSON = [
          "Schemas": .array(
            names.map { ["RegistryName": "events", "SchemaName": .string($0)] })
        ]
        if input["NextToken"] == nil { page["NextToken"] = "2" }
        return page
      },
      "GetSchema": { input in
        if input["SchemaId"]?["SchemaName"] == "gone" {
          throw AWSFailure(code: "EntityNotFoundException", message: "")
        }
        return schema
      },
    ])
    #expect(
      try await listed(SchemaKind(), sender).map(\.key.path) == [
        ["events", "a"], ["events", "b"],
      ])
  }
}

@Suite struct SchemaVersionKindTests {
  let kind = SchemaVersionKind()

  @Test func itIsCalledByWhatItSays() {
    let spaced = version(7).with("SchemaDefinition", "{ \"v\" : 1 }")
    #expect(
      SchemaVersionKind.path(["r", "s"], version(1)) == SchemaVersionKind.path(["r", "s"], spaced))
    #expect(kind.comparable(version(1)) == kind.comparable(spaced))
    #expect(
      SchemaVersionKind.path(["r", "s"], version(2)) != SchemaVersionKind.path(["r", "s"], spaced))
    let protobuf = spaced.with("DataFormat", "PROTOBUF")
    #expect(SchemaVersionKind.path([], protobuf) != SchemaVersionKind.path([], version(1)))
  }

  @Test func versionsThatFailedAreNone() async throws {
    let sender = ScriptedSender([
      "ListSchemas": { _ in ["Schemas": [["RegistryName": "r", "SchemaName": "s"]]] },
      "ListSchemaVersions": { _ in
        [
          "Schemas": [
            ["SchemaVersionId": "1", "Status": "AVAILABLE"],
            ["SchemaVersionId": "2", "Status": "FAILURE"],
          ]
        ]
      },
      "GetSchemaVersion": { _ in version(1) },
      "QuerySchemaVersionMetadata": { input in
        input["NextToken"] == nil
          ? ["MetadataInfoMap": ["owner": ["MetadataValue": "orders"]], "NextToken": "2"]
          : ["MetadataInfoMap": ["ticket": ["MetadataValue": "D-7"]]]
      },
    ])
    let found = try await listed(kind, sender)
    #expect(found.count == 1)
    let metadata = try found.first?.value()["MetadataInfoMap"]
    #expect(metadata?.object?.keys.sorted() == ["owner", "ticket"])
  }

  @Test func aTokenThatComesAgainIsAnError() async {
    let sender = ScriptedSender([
      "QuerySchemaVersionMetadata": { _ in ["MetadataInfoMap": [:], "NextToken": "same"] }
    ])
    await #expect(throws: AWSFailure.self) {
      try await SchemaVersions.metadata(["SchemaVersionId": "1"], at: sender.site())
    }
  }

  @Test func whatIsMissingIsAddedWithoutTheMode() async throws {
    let sender = registry(pendingReads: 2)
    let changes = [12, 3].map { number in
      Change(
        step: .create, key: key(.schemaVersion, "events", "order", "\(number)"),
        desired: version(number), live: nil)
    }
    #expect(try await kind.apply(changes, at: sender.site()).isEmpty)
    #expect(
      sender.inputs(of: "RegisterSchemaVersion").map { $0["SchemaDefinition"] }
        == ["{\"v\":3}", "{\"v\":12}"])
    #expect(sender.inputs(of: "UpdateSchema").map { $0["Compatibility"] } == ["NONE", "BACKWARD"])
    #expect(
      sender.inputs(of: "UpdateSchema").allSatisfy {
        $0["SchemaVersionNumber"] == ["VersionNumber": 2]
      })
    #expect(sender.inputs(of: "GetSchemaVersion").count == 4)
  }

  @Test func metadataIsBroughtToWhatItWas() async throws {
    let wanted: JSON = [
      "owner": [
        "MetadataValue": "orders", "OtherMetadataValueList": [["MetadataValue": "billing"]],
      ]
    ]
    let sender = registry()
    _ = try await apply(
      .update, kind, key(.schemaVersion, "events", "order", "x"),
      desired: version(1, metadata: wanted),
      live: version(1, metadata: ["owner": ["MetadataValue": "sales"]]), sender)
    #expect(
      sender.inputs(of: "RemoveSchemaVersionMetadata").map { $0["MetadataKeyValue"] }
        == [["MetadataKey": "owner", "MetadataValue": "sales"]])
    #expect(
      sender.inputs(of: "PutSchemaVersionMetadata").map {
        $0["MetadataKeyValue"]?["MetadataValue"]
      } == ["billing", "orders"])
    #expect(sender.inputs(of: "PutSchemaVersionMetadata").first?["SchemaVersionId"] == "old-1")
  }
}

@Suite struct RegistryKindTests {
  @Test func theDefaultRegistryMayRefuseItsName() async throws {
    let sender = ScriptedSender([
      "CreateRegistry": { _ in throw AWSFailure(code: "InvalidInputException", message: "") }
    ])
    _ = try await apply(
      .create, RegistryKind(), key(.registry, "default-registry"), desired: [:], sender)
    await #expect(throws: AWSFailure.self) {
      _ = try await apply(.create, RegistryKind(), key(.registry, "events"), desired: [:], sender)
    }
  }
}
