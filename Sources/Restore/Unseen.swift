import AWSAccess
import Capture
import GrantSnapshot
import MeshModel
import SnapshotStore

// MARK: - What could not be seen

extension RestoreRun {
  enum Rights: Sendable {
    case whole
    case short(String)
    case unknown(CaptureError)
  }

  static func rights(at site: Site) async -> Rights {
    do {
      return try await ReaderRights.shortcoming(at: site).map(Rights.short) ?? .whole
    } catch {
      let failure = error as? AWSFailure
      return .unknown(
        CaptureError(
          operation: failure?.operation, code: failure?.code ?? "UnknownError",
          message: failure?.message ?? String(describing: error)))
    }
  }

  /// Accounts of the secondary of which the snapshot may lack tags that it should have.
  var withoutTags: Set<String> {
    let accounts = job.reader.manifest.details.accounts.filter { account in
      account.errors.contains(where: \.mayHideTags)
    }
    return Set(accounts.map { job.mapping.accounts[$0.id] ?? $0.id })
  }
}

extension CaptureError {
  /// Listings of Glue that hide neither access nor anything that access is given to.
  private static let harmless: Set = [
    "GetPartitions", "GetPartitionIndexes", "GetColumnStatisticsForTable",
    "GetColumnStatisticsForPartition", "GetUserDefinedFunctions", "GetTableVersions",
    "BatchGetTableOptimizer", "GetTags", "GetCatalogs", "GetConnections", "GetCrawlers",
    "GetClassifiers", "ListRegistries", "ListSchemas", "GetSchema", "ListSchemaVersions",
    "GetSchemaVersion", "QuerySchemaVersionMetadata", "ListWorkGroups", "GetWorkGroup",
    "ListDataCatalogs", "GetDataCatalog", "ListNamedQueries", "BatchGetNamedQuery",
    "ListPreparedStatements", "BatchGetPreparedStatement",
  ]

  /// Whether what is not known on its account can't make anything wider.
  var isHarmless: Bool { operation.map(Self.harmless.contains) ?? false }

  /// Whether tags that were assigned may be missing. A table that was not captured needs none.
  var mayHideTags: Bool {
    guard let operation, !operation.isEmpty else { return code != "NotSelected" }
    return ["GetResourceLFTags", "ListLFTags", "GetDataLakeSettings"].contains(operation)
  }
}
