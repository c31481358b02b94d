import MeshModel
import SnapshotStore

extension RestoreOperation {
  /// The same restore with the scope of the one that is resumed.
  /// - Throws: `CommandFailure` (`.usage`) where the options ask for another one.
  func continuing(
    _ begun: RunRecords.Unfinished, _ archive: Archive
  ) async throws -> RestoreOperation {
    func refuse(_ option: String, _ was: String) -> CommandFailure {
      CommandFailure(
        .usage,
        "--resume goes on with \(begun.run), which was begun with \(option) \(was); "
          + "leave \(option) out, or leave --resume out to begin another restore")
    }
    if let region = options.region, region != begun.region {
      throw refuse("--region", begun.region)
    }
    if options.snapshot != "latest",
      try await archive.find(options.snapshot).id.description != begun.snapshot
    {
      throw refuse("--snapshot", begun.snapshot)
    }
    var common = context.options
    guard common.only.isEmpty || common.only.map(\.description) == begun.only else {
      throw refuse("--only", begun.only.isEmpty ? "everything" : begun.only.joined(separator: ", "))
    }
    guard common.accounts.isEmpty || common.accounts == begun.accounts else {
      throw refuse(
        "--account", begun.accounts.isEmpty ? "all" : begun.accounts.joined(separator: ", "))
    }
    common.only = begun.only.compactMap { Selector($0) }
    common.accounts = begun.accounts
    return RestoreOperation(MeshContext(common, context.surroundings), options)
  }
}
