extension MirroredStore {
  /// Brings what belongs to snapshots to the copies that lack it: to a store that was added since, or
  /// from which something was lost. Manifests come last, so that none is there before its packs.
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
    let ordered = missing.sorted { (isManifest($0) ? 1 : 0, $0) < (isManifest($1) ? 1 : 0, $1) }
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

  private func isManifest(_ name: String) -> Bool { name.hasPrefix("snapshots/") }

  /// Claims come and go.
  private func isLasting(_ name: String) -> Bool {
    isOfSnapshots(name) && !name.hasPrefix("claims/") && !name.hasPrefix("parts/")
  }
}
