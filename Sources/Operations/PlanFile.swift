import CanonicalJSON
import Foundation
import MeshModel
import Restore
import SnapshotStore

// A plan that is saved, shortened by hand, and given back.

extension MeshContext {
  /// Reads the document of a plan that was saved.
  /// - Throws: `CommandFailure` (`.usage`).
  func planDocument(_ file: String) throws -> JSON {
    let path = surroundings.absolute(file)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "the plan \(file) can't be read")
    }
    do { return try JSON(parsing: Array(data)) } catch {
      throw CommandFailure(.usage, "the plan \(file) is no JSON: \(error)")
    }
  }

  /// Writes a plan as a document.
  /// - Parameter who: what would show the rest, at the beginning of a sentence.
  /// - Throws: `CommandFailure` where it can't be written, or was made by one who may not see all.
  func save(_ plan: RestorePlan, _ document: JSON, to file: String, by who: String) throws {
    guard !plan.isBlind else {
      throw CommandFailure(
        .failed,
        "the plan was not saved: the restorer is no data lake administrator of every account, so it "
          + "does not show everything. \(who) makes it one and then plans anew")
    }
    let path = surroundings.absolute(file)
    do {
      try Data((document.prettyText + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandFailure(.failed, "the plan can't be written to \(file): \(error)")
    }
  }

  /// A command that finds the same mesh as this one.
  func command(_ command: String) -> String {
    let mesh = options.mesh.map { ["--mesh \(CLICommand.quoted($0))"] } ?? []
    let stores = options.stores.map { "--store \(CLICommand.quoted($0))" }
    return (["meshdr", command] + mesh + stores).joined(separator: " ")
  }
}

extension SavedPlan {
  /// Reads a plan's document.
  /// - Throws: `CommandFailure` (`.usage`).
  init(from document: JSON, in file: String) throws {
    do throws(PlanEdit) { self = try SavedPlan(json: document) } catch {
      throw CommandFailure(.usage, "the plan \(file): \(error)")
    }
  }
}

extension RestoreOperation {
  /// Reads a plan that `meshdr plan --out` or `--output json` wrote.
  /// - Throws: `CommandFailure` (`.usage`).
  func savedPlan(_ file: String) throws -> SavedPlan {
    let document = try context.planDocument(file)
    if document["command"]?.string == "failback" {
      throw CommandFailure(
        .usage, "the plan \(file) is one of a failback: meshdr failback --plan carries it out")
    }
    return try SavedPlan(from: document, in: file)
  }

  /// The same operation with the snapshot, region, scope and options of a saved plan.
  /// - Throws: `CommandFailure` (`.usage`) where the command line asks for something else.
  func following(_ saved: SavedPlan, _ archive: Archive) async throws -> RestoreOperation {
    try await adopting(
      Adopted(
        snapshot: saved.snapshot, region: saved.region, policy: saved.policy,
        accounts: saved.accounts), archive
    ) { option, was in
      "the plan was made with \(option) \(was); leave \(option) out, or make another plan"
    }
  }

  /// The plan without what a saved one, or the run that is resumed, leaves out.
  /// - Throws: `CommandFailure`; nothing was changed.
  func limited(
    _ plan: RestorePlan, by engine: RestoreRun, _ saved: SavedPlan?,
    _ resumed: RunRecords.Unfinished?
  ) throws -> RestorePlan {
    do throws(PlanEdit) {
      if let saved { return try engine.limited(plan, to: saved) }
      let left = (resumed?.start["leftOut"]?.array ?? []).compactMap { SavedPlan.Step(json: $0) }
      return try engine.leavingOut(Set(left), of: plan)
    } catch {
      throw CommandFailure(
        error.isStale ? .failed : .usage,
        "the plan can't be carried out: \(error). Nothing was changed")
    }
  }
}
