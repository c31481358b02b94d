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

  /// Puts a signature beside a manifest, before the manifest itself: whoever sees that has both. Done
  /// once more behind it, it makes good what another who sealed the same snapshot did in between.
  ///
  /// A signature of what was never sealed is what a killed writer left, and makes room.
  /// - Throws: what the signer throws; `ArchiveError` (`.conflict` where another manifest is sealed,
  ///   `.locked` where what was left can't be removed, `.io`).
  func sign(_ manifest: Manifest, by signer: any ManifestSigner) async throws {
    let name = ManifestSignature.blobName(manifest.id)
    do {
      if let there = try await signature(of: manifest.id) {
        guard there.digest != manifest.digest else {
          // Of several stores, one may lack it.
          _ = try await store.put(name, .bytes(there.fileBytes))
          return
        }
        try await removeLeftSignature(of: manifest)
      }
    } catch let error as ArchiveError where error.code == .damaged {
      try await removeLeftSignature(of: manifest)
    }
    let signature = try await signer.sign(digest: manifest.digest, of: manifest.id)
    _ = try await store.put(name, .bytes(signature.fileBytes))
  }

  private func removeLeftSignature(of manifest: Manifest) async throws {
    if let sealed = try await sealed(manifest.id), sealed.digest != manifest.digest {
      throw ArchiveError(.conflict, "there is another snapshot \(manifest.id)")
    }
    try await store.delete(ManifestSignature.blobName(manifest.id))
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
    return problems(with: found, of: manifest, demand)
  }

  private func problems(
    with signature: ManifestSignature?, of manifest: Manifest, _ demand: SignatureDemand?
  ) -> [String] {
    if let signature { return signature.problems(with: manifest, demand) }
    guard let demand, demand.covers(manifest) else { return [] }
    return ["it has no signature, but the mesh file wants one by \(demand.key)"]
  }

  /// Refuses a snapshot whose signature is wrong, or missing where one is demanded.
  /// - Throws: `ArchiveError` (`.damaged`).
  func refuseWrong(_ signature: ManifestSignature?, of manifest: Manifest) throws {
    let found = problems(with: signature, of: manifest, demand(manifest))
    guard let first = found.first else { return }
    throw ArchiveError.damaged("snapshot \(manifest.id): \(first)")
  }

  /// Puts a signature that was made elsewhere beside a manifest, before the manifest itself. One that
  /// is there, and right, stays: a key may sign the same digest in many ways.
  /// - Throws: `ArchiveError` (`.conflict` where there is one of another manifest, `.damaged` where
  ///   the one that is there is wrong, `.io`).
  func bringSignature(_ signature: ManifestSignature, of manifest: Manifest) async throws {
    guard let there = try await self.signature(of: manifest.id) else {
      let name = ManifestSignature.blobName(manifest.id)
      _ = try await store.put(name, .bytes(signature.fileBytes))
      return
    }
    guard there.digest == manifest.digest else {
      throw ArchiveError(.conflict, "there is a signature of another snapshot \(manifest.id)")
    }
    try refuseWrong(there, of: manifest)
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
