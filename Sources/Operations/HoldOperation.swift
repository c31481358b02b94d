import CanonicalJSON
import SnapshotStore

/// `meshdr hold` and `meshdr release`: which snapshots no prune removes, whatever the policy says.
public struct HoldOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// Puts a snapshot on hold; one that is on hold already stays so as it is.
  /// - Throws: what `CommandFailure` maps.
  public func hold(_ reference: String, reason: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    let hold = try await archive.hold(
      manifest.id, reason: reason, now: context.storeClock.now())
    if let reason, hold.reason != reason {
      context.tell("it was on hold before, and keeps its reason")
    }
    show(manifest.id, hold, "snapshot \(manifest.id) is \(hold.words): no prune removes it")
    return .done
  }

  /// Lets go of a snapshot; one that is not on hold stays so. The hold of a person goes first: one that
  /// was put for a failback goes only where it is the only one.
  /// - Throws: what `CommandFailure` maps.
  public func release(_ reference: String) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    let wasHeld = try await archive.release(manifest.id)
    let isAutomatic = try await archive.automaticHolds().contains(manifest.id)
    guard wasHeld || !isAutomatic else {
      _ = try await archive.release(manifest.id, isAutomatic: true)
      show(
        manifest.id, nil,
        "snapshot \(manifest.id) is released: it was on hold for a failback, which can begin with it "
          + "only while it is there")
      return .done
    }
    show(
      manifest.id, nil,
      !wasHeld
        ? "snapshot \(manifest.id) was not on hold"
        : isAutomatic
          ? "snapshot \(manifest.id) is released; a failback still needs it, so no prune removes it"
          : "snapshot \(manifest.id) is released: prune goes by the retention policy")
    return .done
  }

  private func show(_ id: String, _ hold: Hold?, _ sentence: String) {
    switch context.options.output {
    case .json:
      let document: JSON = ["snapshot": .string(id), "hold": hold?.json ?? .null]
      context.surroundings.output(document.canonicalText)
    case .text: context.surroundings.output(sentence)
    }
  }
}

extension Hold {
  var json: JSON {
    [
      "since": since.map { .string($0.description) } ?? .null,
      "reason": reason.map(JSON.string) ?? .null, "automatic": .bool(isAutomatic),
    ]
  }

  /// `on hold since 2026-11-23: audit 2026`.
  var words: String {
    let day = since.map { " since \($0.description.prefix(10))" } ?? ""
    return "on hold\(day)" + (reason.map { ": \($0)" } ?? "")
  }
}
