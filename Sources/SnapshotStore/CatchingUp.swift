extension MirroredStore {
  /// Brings what belongs to snapshots to the copies that lack it: to a store that was added since, or
  /// from which something was lost. Manifests come after their packs, and what misses them after them.
  /// - Returns: how many blobs were copied.
  /// - Throws: `ArchiveError` (`.io` where a store can't be reached; `.damaged` where the only copy
  ///   of something is).
  public func catchUp() async throws -> Int {
    var present: [[String: Int]] = []
    for store in stores {
      let blobs = try await store.list(prefix: "").filter { isLasting($0.name) }
      present.append(Dictionary(blobs.map { ($0.name, $0.size) }) { first, _ in first })
    }
    let all = Set(present.flatMap(\.keys))
    let missing = all.filter { name in present.contains { $0[name] == nil } }
    let ordered = missing.sorted { (turn(of: $0), $0) < (turn(of: $1), $1) }
    for name in ordered {
      let blob = try await local(name)
      let content = BlobContent.bytes(try blob.bytes())
      for (store, names) in zip(stores, present) where names[name] == nil {
        _ = try await store.put(name, content)
      }
    }
    if !ordered.isEmpty {
      tell("\(ordered.count) blobs were missing in one of \(place) and have been copied to it")
    }
    return ordered.count
  }

  private func turn(of name: String) -> Int {
    name.hasPrefix("heads/") ? 2 : name.hasPrefix("snapshots/") ? 1 : 0
  }

  /// Claims come and go.
  private func isLasting(_ name: String) -> Bool {
    isOfSnapshots(name) && !name.hasPrefix("claims/") && !name.hasPrefix("parts/")
  }
}
