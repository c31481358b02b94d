// swift-tools-version: 6.0
import PackageDescription

// Each target knows only what its dependencies say; tools/check-arrows holds the imports to that.

let package = Package(
  name: "meshdr",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "meshdr", targets: ["meshdr"])],
  targets: [
    // C libraries, as module maps and thin shims.
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "CArchive", linkerSettings: [.linkedLibrary("archive")]),
    .target(name: "CDigest", linkerSettings: [.linkedLibrary("crypto")]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CSnappy", linkerSettings: [.linkedLibrary("snappy")]),
    .target(name: "CMemory"),

    .swift("CanonicalJSON", ["CSimdJSON"]),
    .swift("FileFormats", ["CArchive", "CZlib", "CSnappy"]),
    .swift("MeshModel", ["CanonicalJSON"]),
    .swift("AWSAccess", ["CanonicalJSON", "CCurl", "CCrypto"]),
    .swift("SnapshotStore", ["MeshModel", "CanonicalJSON", "CArchive", "CDigest"]),
    .swift("S3Store", ["SnapshotStore", "CanonicalJSON", "AWSAccess"]),
    .swift("Spelling", []),
    .swift("MeshFile", ["MeshModel", "CYAML", "Spelling"]),
    .swift("Capture", ["MeshModel", "CanonicalJSON", "AWSAccess", "SnapshotStore"]),
    .swift("CatalogSnapshot", ["Capture", "MeshModel", "CanonicalJSON", "AWSAccess"]),
    .swift(
      "GrantSnapshot", ["CatalogSnapshot", "Capture", "MeshModel", "CanonicalJSON", "AWSAccess"]),
    .swift("ServiceSnapshot", ["Capture", "MeshModel", "CanonicalJSON", "AWSAccess"]),
    .swift("Access", ["GrantSnapshot", "CatalogSnapshot", "MeshModel", "CanonicalJSON"]),
    .swift(
      "Replication",
      ["Capture", "MeshModel", "CanonicalJSON", "AWSAccess", "FileFormats", "CZlib"]),
    .swift(
      "Audit",
      [
        "Replication", "GrantSnapshot", "CatalogSnapshot", "Capture", "MeshModel",
        "CanonicalJSON", "AWSAccess",
      ]),
    .swift(
      "Restore",
      [
        "Access", "Replication", "GrantSnapshot", "CatalogSnapshot", "Capture", "SnapshotStore",
        "MeshModel", "CanonicalJSON", "AWSAccess",
      ]),
    .swift("TableFormats", ["CanonicalJSON", "FileFormats"]),
    .swift("Reporting", ["MeshModel", "CanonicalJSON"]),
    .swift(
      "Operations",
      [
        "Reporting", "Restore", "Audit", "Access", "Replication", "TableFormats", "ServiceSnapshot",
        "GrantSnapshot", "CatalogSnapshot", "Capture", "MeshFile", "S3Store", "SnapshotStore",
        "MeshModel", "CanonicalJSON", "AWSAccess",
      ]),
    .swift("CommandLineTable", ["Spelling"]),
    .executableTarget(
      name: "meshdr",
      dependencies: [
        "CommandLineTable", "Operations", "Restore", "MeshModel", "SnapshotStore", "CMemory",
      ]),

    // Measures AWSAccess beside other clients; no part of the product.
    .executableTarget(
      name: "PacingBenchmark", dependencies: ["AWSAccess", "CanonicalJSON"],
      path: "benchmarks/pacing/Sources"),

    // Packs, changes and reads archives for the benchmark; no part of the product.
    .executableTarget(
      name: "ArchiveBenchmark", dependencies: ["SnapshotStore", "MeshModel", "CanonicalJSON"],
      path: "benchmarks/archive/Sources"),

    .tests("CanonicalJSONTests", ["CanonicalJSON"]),
    .tests("MeshModelTests", ["MeshModel", "CanonicalJSON"]),
    .target(
      name: "StoreConformance", dependencies: ["SnapshotStore"], path: "Tests/StoreConformance"),
    .tests(
      "SnapshotStoreTests",
      ["StoreConformance", "SnapshotStore", "CArchive", "MeshModel", "CanonicalJSON"],
      exclude: ["Fixtures"]),
    .tests(
      "S3StoreTests",
      [
        "StoreConformance", "S3Store", "SnapshotStore", "MeshModel", "AWSAccess", "CanonicalJSON",
      ]),
    .target(
      name: "TestSupport", dependencies: ["Capture", "MeshModel", "CanonicalJSON", "AWSAccess"],
      path: "Tests/TestSupport"),
    .tests(
      "CatalogSnapshotTests",
      [
        "TestSupport", "CatalogSnapshot", "Capture", "SnapshotStore", "MeshModel", "CanonicalJSON",
        "AWSAccess",
      ]),
    .tests(
      "GrantSnapshotTests",
      ["TestSupport", "GrantSnapshot", "Capture", "MeshModel", "CanonicalJSON", "AWSAccess"]),
    .target(
      name: "LakeSamples",
      dependencies: ["GrantSnapshot", "CatalogSnapshot", "MeshModel", "CanonicalJSON"],
      path: "Tests/LakeSamples"),
    .tests(
      "AccessTests",
      ["LakeSamples", "Access", "GrantSnapshot", "CatalogSnapshot", "MeshModel", "CanonicalJSON"]),
    .tests(
      "AuditTests",
      [
        "TestSupport", "LakeSamples", "Audit", "Replication", "GrantSnapshot", "CatalogSnapshot",
        "Capture", "MeshModel", "CanonicalJSON", "AWSAccess",
      ]),
    .tests(
      "ServiceSnapshotTests",
      ["TestSupport", "ServiceSnapshot", "Capture", "MeshModel", "CanonicalJSON", "AWSAccess"]),
    .tests(
      "RestoreTests",
      [
        "TestSupport", "LakeSamples", "Restore", "Access", "ServiceSnapshot", "GrantSnapshot",
        "CatalogSnapshot",
        "Capture", "SnapshotStore", "AWSAccess", "MeshModel", "CanonicalJSON",
      ]),
    .tests(
      "OperationsTests",
      [
        "TestSupport", "Operations", "Replication", "TableFormats", "MeshFile", "SnapshotStore",
        "MeshModel", "CanonicalJSON",
      ]),
    .tests(
      "ReplicationTests",
      ["TestSupport", "Replication", "Capture", "MeshModel", "CanonicalJSON", "AWSAccess"],
      exclude: ["Fixtures"]),
    .tests("ReportingTests", ["TestSupport", "Reporting", "MeshModel"], exclude: ["Golden"]),
    .tests("AWSAccessTests", ["AWSAccess", "CanonicalJSON"]),
    .tests("CommandLineTableTests", ["TestSupport", "CommandLineTable"], exclude: ["Golden"]),
    .tests(
      "EndToEndTests",
      [
        "TestSupport", "StoreConformance", "LakeSamples", "meshdr", "S3Store", "SnapshotStore",
        "Audit", "GrantSnapshot", "Capture", "MeshModel", "CanonicalJSON", "AWSAccess",
      ], exclude: ["Golden"]),
    .tests("FileFormatsTests", ["FileFormats", "CanonicalJSON"], exclude: ["Fixtures"]),
    .tests(
      "TableFormatsTests", ["TableFormats", "FileFormats", "CanonicalJSON"],
      exclude: ["Fixtures"]),
    .tests("MeshFileTests", ["MeshFile", "MeshModel"]),
  ],
  cxxLanguageStandard: .cxx17
)

extension Target {
  static func swift(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies)
  }

  static func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
  ) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude)
  }
}
