import MeshModel
import Restore

/// `meshdr verify --region`: the live secondary against what a restore would make of it.
public struct CompareOperation: Sendable {
  private let context: MeshContext
  private let options: RestoreOptions

  public init(_ context: MeshContext, _ options: RestoreOptions) {
    self.context = context
    self.options = options
  }

  /// Prints what differs, seen from the snapshot: `added` is what only the secondary has.
  public func run() async throws -> ExitCode {
    let found = try await RestoreOperation(context, options).compare()
    var changes = found.plan.extra.map { RecordChange(.added, $0) }
    for action in found.plan.actions {
      switch action.step {
      case .create: changes.append(RecordChange(.removed, action.key))
      case .remove: changes.append(RecordChange(.added, action.key))
      case .prepare, .update, .settle:
        changes.append(RecordChange(.changed, action.key, fields: action.fields))
      }
    }
    for step in found.plan.manual {
      switch step.what {
      case .create: changes.append(RecordChange(.removed, step.key))
      case .change: changes.append(RecordChange(.changed, step.key))
      case .finish: break
      }
    }
    context.show(changes.sorted { $0.key < $1.key }, widened: found.widened)
    if !found.failures.isEmpty {
      for failure in found.failures {
        context.surroundings.diagnostics("\(failure.key): \(failure.code): \(failure.message)")
      }
      return .partial
    }
    return changes.isEmpty && found.widened.isEmpty ? .done : .differences
  }
}
