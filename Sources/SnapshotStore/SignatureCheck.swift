/// What has to be signed, and by whom.
public struct SignatureDemand: Sendable, Hashable {
  /// The ARN of the key, or of an alias, that signs.
  public var key: String
  /// Its public half, as PEM. Without it, the key that lies in the store beside the signature is
  /// taken for the right one.
  public var publicKey: String?
  /// Snapshots from before need no signature; nil for none.
  public var since: UTCTime?

  /// Nothing is checked.
  public init(key: String, publicKey: String?, since: UTCTime?) {
    self.key = key
    self.publicKey = publicKey
    self.since = since
  }
}

extension Archive {
  /// The signature beside a manifest; nil where there is none.
  /// - Throws: `ArchiveError` (`.damaged`, `.io`).
  public func signature(of id: String) async throws -> ManifestSignature? {
    let bytes: [UInt8]
    do { bytes = try await store.read(ManifestSignature.blobName(id)) } catch let error
      as ArchiveError
      where error.code == .notFound
    { return nil }
    return try ManifestSignature(fileBytes: bytes, id: id)
  }

  /// Puts a signature beside a manifest, before the manifest itself: whoever sees that has both.
  /// - Throws: what the signer throws; `ArchiveError` (`.conflict` where there is one of another
  ///   manifest, `.io`).
  func sign(_ manifest: Manifest, by signer: any ManifestSigner) async throws {
    if let there = try await signature(of: manifest.id) {
      guard there.digest == manifest.digest else {
        throw ArchiveError(.conflict, "there is a signature of another snapshot \(manifest.id)")
      }
      return
    }
    let signature = try await signer.sign(digest: manifest.digest, of: manifest.id)
    _ = try await store.put(ManifestSignature.blobName(manifest.id), .bytes(signature.fileBytes))
  }

  /// What is wrong with the signatures of these manifests, by what the archive demands.
  /// - Throws: `ArchiveError` (`.io`).
  func signatureDamage(of manifests: [Manifest]) async throws -> [Damage] {
    try await mapConcurrently(manifests) { manifest in
      try await problems(withSignatureOf: manifest, demand(manifest))
        .map { Damage(snapshot: manifest.id, what: $0) }
    }.flatMap { $0 }
  }

  /// Checks the signature of a manifest. One that is there has to be right, demanded or not.
  /// - Parameter demand: nil where none is demanded.
  /// - Returns: what is wrong, in one sentence each; empty where all is well.
  /// - Throws: `ArchiveError` (`.io`).
  public func problems(
    withSignatureOf manifest: Manifest, _ demand: SignatureDemand?
  ) async throws -> [String] {
    let found: ManifestSignature?
    do { found = try await signature(of: manifest.id) } catch let error as ArchiveError
      where error.code == .damaged
    { return [error.description] }
    guard let found else {
      guard let demand, demand.covers(manifest) else { return [] }
      return ["it has no signature, but the mesh file wants one by \(demand.key)"]
    }
    return found.problems(with: manifest, demand)
  }
}

extension ManifestSignature {
  fileprivate func problems(with manifest: Manifest, _ demand: SignatureDemand?) -> [String] {
    guard snapshot == manifest.id, digest == manifest.digest else {
      return ["its signature is that of another manifest"]
    }
    guard isValid else { return ["its signature is wrong: the key that it names did not make it"] }
    guard let demand else { return [] }
    if let expected = demand.publicKey {
      return isBy(expected)
        ? [] : ["it is signed by another key (\(key)) than that of the mesh file (\(demand.key))"]
    }
    // An alias doesn't tell which key is behind it.
    guard demand.key.contains(":alias/") || demand.key == key else {
      return ["it is signed by \(key), but the mesh file wants \(demand.key)"]
    }
    return []
  }
}

extension SignatureDemand {
  fileprivate func covers(_ manifest: Manifest) -> Bool {
    since.map { !(manifest.details.recoveryPoint < $0) } ?? true
  }
}
