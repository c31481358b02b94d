import CanonicalJSON
import Reporting
import SnapshotStore

/// `meshdr export` and `meshdr import`: one snapshot in a file, carried by hand.
public struct CarryOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// - Throws: what `CommandFailure` maps; exit code 2 where there is a file of that name, 5 where the
  ///   snapshot is damaged.
  public func export(_ reference: String, to file: String) async throws -> ExitCode {
    let archive = try context.archive()
    let report = try await archive.export(
      archive.find(reference), to: context.surroundings.absolute(file))
    switch context.options.output {
    case .json:
      let document: JSON = [
        "snapshot": .string(report.snapshot), "file": .string(file), "packs": JSON(report.packs),
        "records": JSON(report.records), "bytes": JSON(report.bytes),
        "signedBy": report.signedBy.map(JSON.string) ?? .null,
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(
        ArchiveText(style: context.style).exported(
          snapshot: report.snapshot, file: file, packs: report.packs, records: report.records,
          bytes: report.bytes, signedBy: report.signedBy))
    }
    return .done
  }

  /// - Throws: what `CommandFailure` maps; exit code 5 for a file that is damaged or no export, or whose
  ///   snapshot is not signed as the mesh file demands.
  public func importSnapshot(from file: String) async throws -> ExitCode {
    let report = try await context.archive().importSnapshot(
      from: context.surroundings.absolute(file), clock: context.storeClock)
    switch context.options.output {
    case .json:
      let document: JSON = [
        "snapshot": .string(report.snapshot), "complete": .bool(report.complete),
        "records": JSON(report.records), "wasThere": .bool(report.wasThere),
        "signedBy": report.signedBy.map(JSON.string) ?? .null,
        "packs": [
          "written": JSON(report.packs.written), "reused": JSON(report.packs.reused),
          "bytes": JSON(report.packs.bytes),
        ],
      ]
      context.surroundings.output(document.canonicalText)
    case .text:
      context.surroundings.output(
        ArchiveText(style: context.style).imported(
          snapshot: report.snapshot, records: report.records, written: report.packs.written,
          reused: report.packs.reused, bytes: report.packs.bytes, wasThere: report.wasThere,
          signedBy: report.signedBy))
    }
    return .done
  }
}
