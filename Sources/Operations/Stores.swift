import AWSAccess
import MeshFile
import MeshModel
import S3Store
import SnapshotStore

extension MeshContext {
  /// The archive that the command line or the mesh file names, in one store or several. Nothing is
  /// called yet.
  /// - Parameter region: one that is known to be up, as that of a restore is.
  /// - Throws: `CommandFailure` with exit code 2.
  func archive(near region: String? = nil) throws -> Archive {
    let mesh = try meshFileIfPresent()
    let stores = try stores(mesh).map { try open($0, mesh, near: region) }
    guard let first = stores.first else {
      throw CommandFailure(
        .usage, "no store is named: give --store URL, or `store:` in the mesh file")
    }
    let demand: @Sendable (Manifest) -> SignatureDemand? = { manifest in
      // On a bare machine there is only the mesh file that the snapshot brings with it.
      mesh.map(\.signatureDemand) ?? Self.demand(in: manifest)
    }
    guard stores.count > 1 else { return Archive(store: first, demand: demand) }
    let primary = mesh?.primary
    let copies = stores.map { store in
      MirroredStore.Copy(store) {
        guard let primary, let store = store as? S3Store else { return false }
        return (try? await store.region().name) == primary
      }
    }
    return Archive(
      store: MirroredStore(copies) { tell("warning: \($0)") }, demand: demand)
  }

  // Swift 6.3.1 crashes when it optimises the reading of a mesh file into other functions.
  @inline(never)
  private static func demand(in manifest: Manifest) -> SignatureDemand? {
    (try? MeshFile(text: manifest.details.meshFile, path: "snapshot"))?.signatureDemand
  }

  /// Those of the command line, with what the mesh file says of the same ones; else the mesh file's.
  private func stores(_ mesh: MeshFile?) throws -> [MeshFile.Store] {
    let known = mesh?.storeSettings ?? []
    guard !options.stores.isEmpty else { return known }
    let urls = options.stores.map(Self.plain)
    if let twice = urls.indices.first(where: { urls[..<$0].contains(urls[$0]) }) {
      throw CommandFailure(.usage, "--store \(options.stores[twice]) is given twice")
    }
    return try options.stores.map { url in
      if let problem = problemOfStore(url) {
        throw CommandFailure(.usage, "a store \(problem), not “\(url)”")
      }
      return known.first { Self.plain($0.url) == Self.plain(url) } ?? MeshFile.Store(url: url)
    }
  }

  private static func plain(_ url: String) -> String {
    url.count > 1 && url.hasSuffix("/") ? plain(String(url.dropLast())) : url
  }

  private func open(
    _ store: MeshFile.Store, _ mesh: MeshFile?, near region: String?
  ) throws -> any BlobStore {
    guard let location = S3Location(store.url) else {
      return FolderStore(root: surroundings.absolute(store.url))
    }
    let session = try session()
    let candidates = try candidates(store.region, mesh, near: region)
    let home = BucketHome(bucket: location.bucket, candidates: candidates) { region in
      try await session.client(account: "", role: nil, region: region)
    }
    var options = S3StoreOptions()
    options.kmsKey = store.kmsKey
    options.lock = store.lock.map { lock in
      S3StoreOptions.Lock(
        mode: lock.mode == .compliance ? .compliance : .governance, seconds: Double(lock.seconds))
    }
    return S3Store(
      bucket: location.bucket,
      prefix: location.rest.split(separator: "/").joined(separator: "/"), options: options,
      home: home, scratchDirectory: scratchBase)
  }

  /// Whom to ask where a bucket is: any region knows. That which may be lost comes last, and with
  /// it us-east-1, which many things depend on.
  private func candidates(
    _ stated: String?, _ mesh: MeshFile?, near region: String?
  ) throws -> [AWSRegion] {
    let configured = try AWSConfiguration(environment: surroundings.environment).region
    let known = [stated, region, mesh?.secondary, configured?.name].compactMap(\.self)
      .map(AWSRegion.init)
    let partition = (known.first ?? mesh.map { AWSRegion($0.primary) })?.partition ?? .aws
    let doubtful = Set(
      [mesh?.primary, "us-east-1"].compactMap(\.self).filter { $0 != stated }.map(AWSRegion.init))
    let all = known + partition.widespread + doubtful.sorted { $0.name < $1.name }
    var ordered: [AWSRegion] = []
    for region in all.filter({ !doubtful.contains($0) }) + all.filter(doubtful.contains)
    where region.partition == partition && !ordered.contains(region) {
      ordered.append(region)
    }
    return ordered
  }
}
