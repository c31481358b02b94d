import Foundation
import StoreConformance
import Testing

@testable import SnapshotStore

/// Signatures made by openssl as KMS makes them.
@Suite struct SignatureTests {
  private let folder: TemporaryFolder
  private let archive: Archive
  private static let arn = TestSigner.arn

  init() throws {
    folder = try TemporaryFolder()
    archive = SnapshotStoreTests.archive(folder)
  }

  @Test(arguments: ManifestSignature.Algorithm.allCases)
  func aSignatureIsCheckedWithThePublicKeyAlone(
    _ algorithm: ManifestSignature.Algorithm
  ) async throws {
    let signer = try TestSigner(algorithm, folder.folder("key"))
    let manifest = try await writeSnapshot(archive, details(), signer: signer).manifest
    for wanted in [demand(), demand(signer.publicKey), nil] {
      #expect(try await archive.problems(withSignatureOf: manifest, wanted) == [])
    }
    let another = try TestSigner(algorithm, folder.folder("another"))
    let found = try await archive.problems(withSignatureOf: manifest, demand(another.publicKey))
    #expect(found.count == 1 && found[0].contains("another key"))
  }

  @Test(arguments: ManifestSignature.Algorithm.allCases)
  func pythonChecksIt(_ algorithm: ManifestSignature.Algorithm) async throws {
    let signer = try TestSigner(algorithm, folder.folder("key"))
    let manifest = try await writeSnapshot(archive, details(), signer: signer).manifest
    let store = folder.path + "/store"
    let whole = try run("python3", ForeignReaderTests.reader, store)
    #expect(whole.status == 0, "\(whole.output)")
    let path = "\(store)/signatures/\(manifest.id).json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let another = try TestSigner(algorithm, folder.folder("another"))
    let forged = try await another.sign(digest: manifest.digest, of: manifest.id)
    let swapped = text.replacing(
      try #require(try await archive.signature(of: manifest.id)).signature, with: forged.signature)
    try swapped.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try run("python3", ForeignReaderTests.reader, store).status == 5)
    #expect(try await archive.problems(withSignatureOf: manifest, nil).count == 1)
  }

  @Test func nothingElseIsSignedByIt() async throws {
    let signer = try TestSigner(.ecdsa, folder.folder("key"))
    let manifest = try await writeSnapshot(archive, details(), signer: signer).manifest
    let signature = try #require(try await archive.signature(of: manifest.id))
    let digest = SHA256.digest([1])
    let text = signature.signature
    let flipped = (text.hasPrefix("M") ? "N" : "M") + text.dropFirst()
    let wrong = [
      (digest, text), (signature.digest, flipped), (signature.digest, ""),
      (signature.digest, String(text.dropLast())), (signature.digest, "!!!!"), ("", text),
      (signature.digest, String(repeating: "A", count: 9000)),
    ]
    for (digest, text) in wrong {
      let forged = ManifestSignature(
        snapshot: manifest.id, digest: digest, key: Self.arn, publicKey: signer.publicKey,
        algorithm: .ecdsa, signature: text)
      #expect(!forged.isValid)
    }
    let misread = ManifestSignature(
      snapshot: manifest.id, digest: signature.digest, key: Self.arn,
      publicKey: signature.publicKey, algorithm: .rsaPSS, signature: text)
    #expect(!misread.isValid)
    #expect(!isSameKey("", ""))
  }

  @Test func aMissingSignatureMattersWhereOneIsDemanded() async throws {
    let manifest = try await writeSnapshot(archive, details()).manifest
    #expect(try await archive.problems(withSignatureOf: manifest, nil) == [])
    #expect(try await archive.problems(withSignatureOf: manifest, demand()).count == 1)
    let late = demand(since: "2026-11-24T00:00Z")
    #expect(try await archive.problems(withSignatureOf: manifest, late) == [])
  }

  /// A writer that was killed before it sealed keeps nobody from sealing something else.
  @Test func whatAKilledWriterSignedMakesRoom() async throws {
    let signer = try TestSigner(.ecdsa, folder.folder("key"))
    let manifest = try await writeSnapshot(archive, details()).manifest
    let store = MemoryStore()
    let again = Archive(store: store)
    let left = try await signer.sign(digest: SHA256.digest([1]), of: manifest.id)
    for bytes in [left.fileBytes, [1, 2, 3]] {
      store.set("signatures/\(manifest.id).json", bytes)
      try await again.sign(manifest, by: signer)
      #expect(try await again.problems(withSignatureOf: manifest, demand()) == [])
    }
    // What is sealed keeps its own.
    store.set(SnapshotID.blobName(manifest.id), manifest.fileBytes)
    let before = store.contents
    let other = try Manifest(id: manifest.id, details: details(), packs: [], previous: nil)
    #expect(await code { try await again.sign(other, by: signer) } == .conflict)
    #expect(store.contents == before)
  }

  @Test func aSignatureOfAnotherManifestIsNone() async throws {
    let signer = try TestSigner(.ecdsa, folder.folder("key"))
    let first = try await writeSnapshot(archive, details(), signer: signer).manifest
    let second = try await writeSnapshot(archive, details("2026-11-24T02:00:00Z")).manifest
    let bytes = try await archive.store.read("signatures/\(first.id).json")
    _ = try await archive.store.put("signatures/\(second.id).json", .bytes(bytes))
    let found = try await archive.problems(withSignatureOf: second, nil)
    #expect(found == ["its signature is that of another manifest"])
    let third = try await writeSnapshot(archive, details("2026-11-25T02:00:00Z")).manifest
    _ = try await archive.store.put("signatures/\(third.id).json", .bytes([1]))
    #expect(try await archive.problems(withSignatureOf: third, nil).count == 1)
  }
}
