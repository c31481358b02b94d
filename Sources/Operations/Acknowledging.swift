import AWSAccess
import CanonicalJSON
import Foundation
import SnapshotStore

/// Takes note of lost snapshots in the name of whoever runs this.
struct Acknowledging: Sendable {
  private let context: MeshContext

  init(_ context: MeshContext) {
    self.context = context
  }

  /// - Parameters:
  ///   - snapshots: those that are missed, by their ids or unambiguous starts of them.
  ///   - reason: for those who come later.
  /// - Throws: what `CommandFailure` maps; exit code 2 where the reason is missing or empty, or a
  ///   snapshot is there.
  func acknowledge(
    _ snapshots: [String], reason: String?, in archive: Archive
  ) async throws {
    let reason = reason?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    guard !reason.isEmpty else {
      throw CommandFailure(
        .usage, "say with --reason TEXT what became of the snapshot, for those who come later")
    }
    let losses = try await archive.acknowledge(
      snapshots,
      Acknowledgement(at: context.storeClock.now(), by: await caller(), reason: reason))
    for loss in losses { context.tell(loss.words) }
  }

  /// The user of this machine, and who AWS says it is where it answers.
  private func caller() async -> String {
    let environment = context.surroundings.environment
    let user = environment["LOGNAME"] ?? environment["USER"] ?? NSUserName()
    let here = "\(user)@\(ProcessInfo.processInfo.hostName)"
    do {
      let session = try context.session(isHasty: true)
      defer { session.shutdown() }
      let configured = try AWSConfiguration(environment: environment).region
      let secondary = try context.meshFileIfPresent()?.secondary.map(AWSRegion.init)
      guard let region = secondary ?? configured else { return here }
      return "\(here), \(try await session.callerIdentity(region: region).arn)"
    } catch {
      let reason = (error as? AWSFailure)?.code ?? String(describing: error)
      context.tell("note: AWS does not say who this is (\(reason)): \(here) is written down")
      return here
    }
  }
}

extension MeshContext {
  /// Says where the newest snapshot that is there is not the newest that was sealed. It keeps nobody from
  /// going on: what is gone can't be had.
  func tellOfMissed(after manifest: Manifest, in archive: Archive) async {
    do {
      for id in try await archive.missed(after: manifest.id) {
        tell(
          "warning: snapshot \(id) is newer than \(manifest.id), and gone although no prune removed it: "
            + "look for it in other copies of the store, or in the versions of the bucket")
      }
    } catch {
      tell("warning: whether a newer snapshot is gone is unknown: \(error)")
    }
  }
}

extension AcknowledgedLoss {
  var json: JSON {
    [
      "snapshot": .string(snapshot), "at": .string(acknowledgement.at.description),
      "by": .string(acknowledgement.by), "reason": .string(acknowledgement.reason),
    ]
  }

  /// `snapshot … is lost, acknowledged 2026-11-25 by …: removed by mistake`.
  var words: String { "snapshot \(snapshot) \(fate)" }

  /// The same without the snapshot.
  var fate: String {
    "is lost, acknowledged \(acknowledgement.at.description.prefix(10)) by "
      + "\(acknowledgement.by): \(acknowledgement.reason)"
  }
}
