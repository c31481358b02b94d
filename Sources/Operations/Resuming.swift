import MeshModel
import Restore
import SnapshotStore

/// What an operation takes over from a run that was begun, or a plan that was made.
struct Adopted: Sendable {
  var snapshot: String
  var region: String
  var policy: PlanPolicy
  var accounts: [String]
}

extension RestoreOperation {
  /// The same restore with the scope and the options of the one that is resumed.
  /// - Throws: `CommandFailure` (`.usage`) where the command line asks for another one.
  func continuing(
    _ begun: RunRecords.Unfinished, _ archive: Archive
  ) async throws -> RestoreOperation {
    // Journals of former versions tell the scope alone.
    var policy = begun.start["options"].flatMap { PlanPolicy(json: $0) } ?? options.policy
    policy.only = begun.only.compactMap { Selector($0) }
    let adopted = Adopted(
      snapshot: begun.snapshot, region: begun.region, policy: policy, accounts: begun.accounts)
    var operation = try await adopting(adopted, archive) { option, was in
      "--resume goes on with \(begun.run), which was begun with \(option) \(was); "
        + "leave \(option) out, or leave --resume out to begin another restore"
    }
    let activates = begun.start["activate"]?.bool ?? options.activate
    operation.options.activate = activates || options.activate
    operation.options.since = options.since ?? begun.start["since"]?.string
    return operation
  }

  /// - Parameter refusal: what to say where an option is given that is not the one adopted.
  func adopting(
    _ adopted: Adopted, _ archive: Archive, _ refusal: (_ option: String, _ was: String) -> String
  ) async throws -> RestoreOperation {
    func refuse(_ option: String, _ was: String) -> CommandFailure {
      CommandFailure(.usage, refusal(option, was))
    }
    func listed(_ names: [String], _ whole: String) -> String {
      names.isEmpty ? whole : names.joined(separator: ", ")
    }
    if let region = options.region, region != adopted.region {
      throw refuse("--region", adopted.region)
    }
    if options.snapshot != "latest",
      try await archive.find(options.snapshot).id != adopted.snapshot
    {
      throw refuse("--snapshot", adopted.snapshot)
    }
    var common = context.options
    guard common.only.isEmpty || common.only == adopted.policy.only else {
      throw refuse("--only", listed(adopted.policy.only.map(\.description), "everything"))
    }
    guard common.accounts.isEmpty || common.accounts == adopted.accounts else {
      throw refuse("--account", listed(adopted.accounts, "all"))
    }
    try checkPolicy(adopted.policy, refuse)
    common.only = adopted.policy.only
    common.accounts = adopted.accounts
    var options = options
    options.region = adopted.region
    options.snapshot = adopted.snapshot
    options.policy = adopted.policy
    return RestoreOperation(MeshContext(common, context.surroundings), options)
  }

  /// Options that were given have to be those adopted; those that were not given are.
  private func checkPolicy(
    _ adopted: PlanPolicy, _ refuse: (String, String) -> CommandFailure
  ) throws {
    let given = options.policy
    if given.onConflict != .overwrite, given.onConflict != adopted.onConflict {
      throw refuse("--on-conflict", adopted.onConflict.rawValue)
    }
    let flags: [(String, KeyPath<PlanPolicy, Bool>)] = [
      ("--remove-extra", \.removeExtra), ("--keep-extra-grants", \.keepExtraGrants),
      ("--allow-unmapped", \.allowUnmapped),
    ]
    for (name, flag) in flags where given[keyPath: flag] && !adopted[keyPath: flag] {
      throw refuse(name, "not given")
    }
  }
}
