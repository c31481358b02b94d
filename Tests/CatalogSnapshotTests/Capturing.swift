import Capture
import Foundation
import MeshModel
import SnapshotStore
import TestSupport

/// What a capture of a scripted account came to, read back from its archive.
struct CapturedCatalog {
  let records: [Record]
  let site: SiteCapture
  let packs: [ManifestPack]

  func record(_ kind: String, _ path: String...) -> Record? {
    records.first { $0.key.kindName == kind && $0.key.path == path }
  }
}

private struct Unobserved: CaptureObserver {
  func captured(_ records: Int, of kind: Kind, in account: String) {}
}

/// Captures the account of a sender into an archive and reads all of it.
func captureCatalog(
  _ sender: ScriptedSender, _ kinds: [any CapturedKind], relisting: Bool = false,
  only selectors: [Selector] = []
) async throws -> CapturedCatalog {
  let folder = NSTemporaryDirectory() + "meshdr-capture-\(UInt32.random(in: 0...UInt32.max))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let archive = Archive(store: FolderStore(root: folder + "/store"))
  let time = UTCTime(milliseconds: 0)
  let writer = try await archive.writer(
    id: SnapshotID.make(recoveryPoint: time, suffix: 1), scratchDirectory: folder)
  let engine = CaptureEngine(
    kinds: kinds, scratchDirectory: folder, observer: Unobserved(),
    relisting: relisting ? Relisting { time } : nil,
    limit: CaptureLimit(selectors, among: kinds))
  let site = try await engine.capture(sender.site(), into: writer)
  let manifest = try await writer.seal(
    SnapshotDetails(
      meshdrVersion: "", mesh: "", region: "", recoveryPoint: time, finished: time, accounts: [],
      meshFile: ""))
  var stream = try await archive.reader(manifest).records()
  return CapturedCatalog(records: try stream.collect(), site: site, packs: manifest.packs)
}
