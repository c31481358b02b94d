/// A column of a Parquet file: a leaf of its schema.
public struct ParquetColumn: Sendable, Hashable {
  /// The physical types of the format.
  public enum Kind: Int, Sendable, Hashable {
    case boolean
    case int32, int64, int96, float, double, byteArray, fixedLengthByteArray
  }

  /// The names of its groups and its own, as `["add", "path"]`.
  public let path: [String]
  public let kind: Kind
  /// How many units of its times a second has; nil where they are no times, or the schema does not say.
  public let unitsPerSecond: Int64?
  /// How many of the nodes on its path may be absent; a repeated one may, too.
  let maxDefinition: Int
  /// How many of the nodes on its path are repeated.
  let maxRepetition: Int
  /// The definition level from which on the last repeated node has an item.
  let repeatedDefinition: Int
  /// Which of a row group's chunks is its.
  let index: Int

  var name: String { path.joined(separator: ".") }
}

/// One element of the schema as the footer has it: the tree in depth-first order.
struct ParquetSchemaElement {
  var kind: Int?
  /// 0 required, 1 optional, 2 repeated; the root has none.
  var repetition: Int?
  var name = ""
  var children: Int?
  var unitsPerSecond: Int64?

  init(_ reader: inout ThriftReader) throws {
    try reader.structure { id, kind, reader in
      switch id {
      case 1: self.kind = try reader.count(kind)
      case 3: repetition = try reader.count(kind)
      case 4: name = try reader.text(kind)
      case 5: children = try reader.count(kind)
      case 6:
        let units: [Int: Int64] = [9: 1000, 10: 1_000_000]
        unitsPerSecond = try units[reader.count(kind)] ?? unitsPerSecond
      case 10: try logicalType(&reader, kind)
      default: try reader.skip(kind)
      }
    }
  }

  /// Of all types only that of times is told: TIMESTAMP, whose unit is one of three structures.
  private mutating func logicalType(
    _ reader: inout ThriftReader, _ kind: ThriftReader.Kind
  ) throws {
    guard kind == .structure else { return try reader.skip(kind) }
    try reader.structure { id, kind, reader in
      guard id == 8, kind == .structure else { return try reader.skip(kind) }
      try reader.structure { id, kind, reader in
        guard id == 2, kind == .structure else { return try reader.skip(kind) }
        try reader.structure { id, kind, reader in
          let units: [Int: Int64] = [1: 1000, 2: 1_000_000, 3: 1_000_000_000]
          unitsPerSecond = units[id]
          try reader.skip(kind)
        }
      }
    }
  }
}

/// Walks the schema's tree, and finds the leaves.
struct ParquetSchemaWalk {
  private static let deepest = 64

  private let elements: [ParquetSchemaElement]
  private var next = 0
  private(set) var columns: [ParquetColumn] = []

  /// - Throws: `FormatError` where the elements are no tree.
  init(_ elements: [ParquetSchemaElement]) throws {
    self.elements = elements
    guard let root = elements.first, let children = root.children, root.kind == nil else {
      throw FormatError("its schema has no root")
    }
    next = 1
    for _ in 0..<children { try walk(Place()) }
    guard next == elements.count else { throw FormatError("its schema is no tree") }
    guard Set(columns.map(\.path)).count == columns.count else {
      throw FormatError("its schema has a column twice")
    }
  }

  private struct Place {
    var path: [String] = []
    var definition = 0
    var repetition = 0
    var repeatedDefinition = 0
  }

  private mutating func walk(_ parent: Place) throws {
    guard next < elements.count else { throw FormatError("its schema is no tree") }
    let element = elements[next]
    next += 1
    var place = parent
    place.path.append(element.name)
    guard place.path.count <= Self.deepest else {
      throw FormatError("its schema is nested too deep")
    }
    switch element.repetition {
    case 0: break
    case 1: place.definition += 1
    case 2:
      place.definition += 1
      place.repetition += 1
      place.repeatedDefinition = place.definition
    default: throw FormatError("its schema has no repetition for \(element.name)")
    }
    if let code = element.kind {
      try add(place, code, element)
    } else {
      for _ in 0..<(element.children ?? 0) { try walk(place) }
    }
  }

  private mutating func add(
    _ place: Place, _ code: Int, _ element: ParquetSchemaElement
  ) throws {
    guard let kind = ParquetColumn.Kind(rawValue: code) else {
      throw FormatError("its column \(element.name) has the unknown type \(code)")
    }
    guard (element.children ?? 0) == 0 else { throw FormatError("its schema is no tree") }
    columns.append(
      ParquetColumn(
        path: place.path, kind: kind, unitsPerSecond: element.unitsPerSecond,
        maxDefinition: place.definition,
        maxRepetition: place.repetition, repeatedDefinition: place.repeatedDefinition,
        index: columns.count))
  }
}
