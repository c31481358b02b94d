import FileFormats

/// The columns of a checkpoint in Parquet that tell of its version's files (Delta protocol, "Checkpoint
/// Schema"). Writers leave out what their tables do not use.
struct DeltaColumns {
  private enum Name: Int, CaseIterable {
    case path, size, vectorKind, vectorText, vectorOffset
    case sidecarPath, sidecarSize, readerVersion, readerFeatures, checkpointVersion

    /// The path in the schema; a list's items lie below its own.
    var path: [String] {
      switch self {
      case .path: ["add", "path"]
      case .size: ["add", "size"]
      case .vectorKind: ["add", "deletionVector", "storageType"]
      case .vectorText: ["add", "deletionVector", "pathOrInlineDv"]
      case .vectorOffset: ["add", "deletionVector", "offset"]
      case .sidecarPath: ["sidecar", "path"]
      case .sidecarSize: ["sidecar", "sizeInBytes"]
      case .readerVersion: ["protocol", "minReaderVersion"]
      case .readerFeatures: ["protocol", "readerFeatures"]
      case .checkpointVersion: ["checkpointMetadata", "version"]
      }
    }
  }

  /// What is to be asked for.
  let wanted: [ParquetColumn]
  /// Where each stands in a batch.
  private let places: [Name: Int]

  /// - Throws: `FormatError` where the file is no checkpoint.
  init(_ file: ParquetFile) throws {
    var wanted: [ParquetColumn] = []
    var places: [Name: Int] = [:]
    for name in Name.allCases {
      let column =
        name == .readerFeatures
        ? file.columns.first { $0.path.starts(with: name.path) } : file.column(name.path)
      guard let column else { continue }
      places[name] = wanted.count
      wanted.append(column)
    }
    guard places[.path] != nil || places[.sidecarPath] != nil else {
      throw FormatError("it is no checkpoint: it has neither add.path nor sidecar.path")
    }
    self.wanted = wanted
    self.places = places
  }

  private func value(_ name: Name, _ batch: ParquetBatch, _ row: Int) -> ParquetValue {
    places[name].map { batch[$0, row] } ?? .null(defined: 0)
  }

  /// A text that has to be there as soon as its group is.
  private func text(_ name: Name, _ batch: ParquetBatch, _ row: Int) throws -> String? {
    let value = value(name, batch, row)
    if case .null(let defined) = value, defined >= name.path.count - 1, name.path.count > 1 {
      throw FormatError("it has an action without \(name.path.joined(separator: "."))")
    }
    return try value.text()
  }

  /// Nil for a row that adds no file.
  func file(_ batch: ParquetBatch, _ row: Int) throws -> DeltaFile? {
    guard let path = try text(.path, batch, row) else { return nil }
    var vector: DeltaVector?
    if let kind = try text(.vectorKind, batch, row) {
      guard let text = try text(.vectorText, batch, row) else {
        throw FormatError("it has a deletion vector of an unknown form")
      }
      vector = DeltaVector(
        kind: kind, text: text, offset: value(.vectorOffset, batch, row).integer)
    }
    return DeltaFile(path: path, size: value(.size, batch, row).integer, vector: vector)
  }

  /// Nil for a row that names no sidecar.
  func sidecar(_ batch: ParquetBatch, _ row: Int) throws -> (path: String, size: Int64?)? {
    guard let path = try text(.sidecarPath, batch, row) else { return nil }
    return (path, value(.sidecarSize, batch, row).integer)
  }

  /// Whether the row has a protocol.
  /// - Throws: `FormatError` for one that is not known.
  func checkProtocol(_ batch: ParquetBatch, _ row: Int) throws -> Bool {
    guard let version = value(.readerVersion, batch, row).integer else { return false }
    var features: [String] = []
    if case .list(let items) = value(.readerFeatures, batch, row) {
      features = try items.compactMap { try $0.text() }
    }
    try DeltaProtocol.check(version: version, features: features)
    return true
  }

  /// The version that the checkpoint is of, where it says so.
  func version(_ batch: ParquetBatch, _ row: Int) -> Int64? {
    value(.checkpointVersion, batch, row).integer
  }
}
