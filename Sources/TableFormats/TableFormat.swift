import CanonicalJSON
import FileFormats

/// A table format whose tables are a closure of files: metadata, and what it names.
public enum TableFormat: String, Sendable, Hashable, CaseIterable {
  case iceberg, delta, hudi

  /// The format of a table as Glue's GetTable describes it; nil for one of plain files.
  ///
  /// Told by the parameters that the formats' own writers set: `table_type` ICEBERG,
  /// `spark.sql.sources.provider` delta or hudi, and Hudi's input formats.
  public init?(glueTable table: JSON) {
    let parameters = table["Parameters"]
    let names = [parameters?["table_type"], parameters?["spark.sql.sources.provider"]]
      .compactMap { $0?.string?.lowercased() }
    if let named = names.lazy.compactMap(TableFormat.init(rawValue:)).first {
      self = named
      return
    }
    let inputFormat = table["StorageDescriptor"]?["InputFormat"]?.string ?? ""
    guard inputFormat.hasPrefix("org.apache.hudi.") else { return nil }
    self = .hudi
  }
}

/// Finds the newest state of a table whose whole file closure has arrived in the replica.
///
/// `rpo` calls it for every table of a format that it knows, with objects that read the replica's
/// bucket, and puts `recoveryPoint` beside the lag of the prefix: the age of its `time` is the
/// table's exposure, `.unknown` is not met. `restore` calls it in its verification for each table
/// it has put back: unless the standing is `.current`, the table is not called restored, because the
/// catalog leads readers to its newest state; `.behind` names the one that can be read, and what newer
/// ones lack.
public struct TableClosure: Sendable {
  private let objects: any TableObjects

  public init(objects: any TableObjects) {
    self.objects = objects
  }

  /// - Parameter table: as Glue's GetTable gives it, with the locations of the primary.
  /// - Returns: nil for a table of no such format.
  /// - Throws: `CancellationError` only; what else goes wrong is a reason in the state.
  public func state(ofGlueTable table: JSON) async throws -> TableState? {
    guard let format = TableFormat(glueTable: table) else { return nil }
    let location = table["StorageDescriptor"]?["Location"]?.string ?? ""
    switch format {
    case .iceberg:
      return try await IcebergTable(
        metadata: [
          table["Parameters"]?["metadata_location"]?.string,
          table["Parameters"]?["previous_metadata_location"]?.string,
        ].compactMap(\.self), folder: location, objects: objects
      ).state()
    case .delta: return try await DeltaTable(root: location, objects: objects).state()
    case .hudi: return try await HudiTable(root: location, objects: objects).state()
    }
  }
}

/// Runs what may fail; a failure becomes words, a cancellation stays what it is.
func told<Result>(_ body: () async throws -> Result) async throws
  -> Swift.Result<Result, FormatError>
{
  do {
    return .success(try await body())
  } catch let error as CancellationError {
    throw error
  } catch let error as FormatError {
    return .failure(error)
  } catch {
    return .failure(FormatError("\(error)"))
  }
}

/// A location without the slashes at its end.
func trimmed(_ location: String) -> String {
  var text = location[...]
  while text.hasSuffix("/") { text = text.dropLast() }
  return String(text)
}
