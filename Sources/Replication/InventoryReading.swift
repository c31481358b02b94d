/// Picks the objects of an inventory that concern some products, in one pass. Pure.
struct InventoryReading {
  private static let statusesThatAreWell: Set<String> = ["COMPLETED", "COMPLETE", "REPLICA"]

  /// What the report says of one object that concerns a product.
  struct Details {
    /// Bytes.
    var size: Int
    var etag: String
    /// Seconds since 1970.
    var modified: Double
    /// Empty for none.
    var status: String
  }

  private struct Part {
    /// In the order of their bytes, none below another.
    let scopes: [[UInt8]]
    var tally: InventoryTally
    var suspects = ListingTally()
  }

  private var parts: [Part]
  /// Whether the report has replication statuses at all.
  private let hasStatuses: Bool

  /// - Parameters:
  ///   - created: when the report was made; seconds since 1970.
  ///   - products: what each product's keys begin with.
  init(created: Double, products: [[String]], hasStatuses: Bool) {
    self.hasStatuses = hasStatuses
    parts = products.map { scopes in
      var tally = InventoryTally(created: created)
      tally.hasStatuses = hasStatuses
      return Part(
        scopes: scopes.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) },
        tally: tally)
    }
  }

  /// Adds the current version of an object.
  /// - Parameter details: asked for where the object concerns a product.
  mutating func add(_ key: some Collection<UInt8>, _ details: () throws -> Details) rethrows {
    var known: Details?
    for index in parts.indices where Self.covers(parts[index].scopes, key) {
      let found = try known ?? details()
      known = found
      add(
        PendingObject(
          key: String(decoding: key, as: UTF8.self), etag: found.etag, size: found.size,
          modified: found.modified, kind: .missing), found.status, at: index)
    }
  }

  private mutating func add(_ object: PendingObject, _ status: String, at index: Int) {
    parts[index].tally.objects += 1
    parts[index].suspects.addYoungest(object)
    guard hasStatuses else { return }
    parts[index].tally.statuses[status, default: 0] += 1
    if !Self.statusesThatAreWell.contains(status) { parts[index].suspects.add(object) }
  }

  /// Only the last scope that does not come behind a key can be one that it begins with.
  private static func covers(_ scopes: [[UInt8]], _ key: some Collection<UInt8>) -> Bool {
    var (low, high) = (0, scopes.count)
    while low < high {
      let middle = (low + high) / 2
      if key.lexicographicallyPrecedes(scopes[middle]) { high = middle } else { low = middle + 1 }
    }
    return low > 0 && key.starts(with: scopes[low - 1])
  }

  /// In the order of the products: of each, the oldest that are not well, as many as room is left beside
  /// the youngest.
  func finished() -> [InventoryTally] {
    parts.map { part in
      var result = part.tally
      let youngest = part.suspects.youngest
      for object in part.suspects.oldest.prefix(ListingTally.kept - youngest.count) {
        result.suspects.add(object)
      }
      for object in youngest where !result.suspects.oldest.contains(where: { $0.key == object.key })
      {
        result.suspects.add(object)
      }
      return result
    }
  }
}

/// Why a report can't be made out, in words.
struct InventoryDamage: Error, CustomStringConvertible {
  let description: String
}

/// The columns of a report in CSV, and what its rows say.
struct InventoryCSV {
  private let places: [String: Int]

  /// - Throws: `InventoryDamage` where a column that is needed is not there.
  init(_ columns: [String]) throws {
    places = Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
    guard places["Key"] != nil, places["LastModifiedDate"] != nil else {
      throw InventoryDamage(description: "it has no LastModifiedDate, so it tells of no age")
    }
  }

  var hasStatuses: Bool { places["ReplicationStatus"] != nil }

  /// - Parameter time: seconds since 1970 of a time as S3 writes it.
  /// - Throws: `CSVRows.Damage` for a row that does not fit its columns.
  func add(
    _ row: CSVRows.Row, to reading: inout InventoryReading, time: (String) -> Double?
  ) throws {
    guard row.count == places.count else {
      throw CSVRows.Damage(description: "a row has \(row.count) values, not \(places.count)")
    }
    if text("IsLatest", row) == "false" || text("IsDeleteMarker", row) == "true" { return }
    guard let raw = places["Key"].flatMap({ row[$0] }) else { return }
    try reading.add(Self.decoded(raw)) {
      guard let modified = text("LastModifiedDate", row).flatMap(time) else {
        throw CSVRows.Damage(description: "a row has no time")
      }
      return InventoryReading.Details(
        size: text("Size", row).flatMap { Int($0) } ?? 0, etag: text("ETag", row) ?? "",
        modified: modified, status: text("ReplicationStatus", row) ?? "")
    }
  }

  private func text(_ column: String, _ row: CSVRows.Row) -> String? {
    places[column].flatMap { row.text($0) }
  }

  /// Keys are URL-encoded in CSV.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        key.append(value)
        rest = rest.dropFirst(2)
      } else {
        key.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return key
  }
}
