import CanonicalJSON
import MeshModel

/// A plan as a document that a person can read, shorten, and give back.
public struct SavedPlan: Sendable, Hashable {
  /// One action, by what tells it from every other of its plan.
  public struct Step: Sendable, Hashable {
    public let step: Action.Step
    public let phase: Phase
    public let key: RecordKey

    public init(_ action: Action) {
      (step, phase, key) = (action.step, action.phase, action.key)
    }

    public init(step: Action.Step, phase: Phase, key: RecordKey) {
      (self.step, self.phase, self.key) = (step, phase, key)
    }
  }

  public var snapshot: String
  public var region: String
  /// A digest of all that was compared, on both sides: the same only where neither has changed.
  public var basis: String
  /// The accounts that it was limited to, as on the command line; empty for all.
  public var accounts: [String]
  /// How it was made.
  public var policy: PlanPolicy
  public var steps: [Step]

  /// The version of the document.
  private static let version = 1

  /// - Parameter accounts: as on the command line; empty for all.
  public init(_ plan: RestorePlan, policy: PlanPolicy, accounts: [String]) {
    self.init(plan.plan, basis: plan.basis, policy: policy, accounts: accounts)
  }

  init(_ plan: Plan, basis: String, policy: PlanPolicy, accounts: [String]) {
    snapshot = plan.snapshot
    region = plan.region
    self.basis = basis
    self.policy = policy
    self.accounts = accounts
    steps = plan.actions.filter { !$0.isOwnAccess }.map(Step.init)
  }

  /// The members that make a plan's document one that can be given back.
  /// - Parameter plan: for what the steps say besides: which fields change, and why.
  public func members(_ plan: Plan) -> [String: JSON] {
    let steps = plan.actions.filter { !$0.isOwnAccess }.map { action -> JSON in
      var step: JSON = [
        "step": .string(action.step.rawValue), "phase": .string(action.phase.rawValue),
        "kind": .string(action.key.kindName), "key": .string(action.key.text),
      ]
      if !action.fields.isEmpty { step["fields"] = JSON(action.fields) }
      if let reason = action.reason { step["reason"] = .string(reason) }
      return step
    }
    var options = policy.json
    options["accounts"] = JSON(accounts)
    return [
      "planFormat": JSON(Self.version), "basis": .string(basis), "options": options,
      "steps": .array(steps),
    ]
  }

  /// Reads a document that `members` are in.
  /// - Throws: `PlanEdit` saying what is wrong with it.
  public init(json document: JSON) throws(PlanEdit) {
    guard let version = document["planFormat"]?.integer, let steps = document["steps"]?.array,
      let snapshot = document["snapshot"]?.string, let region = document["region"]?.string,
      let basis = document["basis"]?.string, let options = document["options"]
    else { throw PlanEdit("it is no plan that meshdr plan --out wrote") }
    guard version == Self.version else {
      throw PlanEdit("it has format \(version), and this meshdr reads format \(Self.version)")
    }
    self.snapshot = snapshot
    self.region = region
    self.basis = basis
    accounts = options["accounts"]?.strings ?? []
    guard let policy = PlanPolicy(json: options) else {
      throw PlanEdit("its options can't be read")
    }
    self.policy = policy
    var read: [Step] = []
    for step in steps {
      guard let step = Step(json: step) else {
        throw PlanEdit("it has a step that none can be made of: \(step.canonicalText)")
      }
      read.append(step)
    }
    self.steps = read
  }
}

extension SavedPlan.Step {
  public init?(json: JSON) {
    guard let step = json["step"]?.string.flatMap(Action.Step.init),
      let phase = json["phase"]?.string.flatMap(Phase.init),
      let key = json["key"]?.string.flatMap({ RecordKey($0) })
    else { return nil }
    self.init(step: step, phase: phase, key: key)
  }

  public var json: JSON {
    [
      "step": .string(step.rawValue), "phase": .string(phase.rawValue), "key": .string(key.text),
    ]
  }
}

extension PlanPolicy {
  /// The options as a document keeps them.
  public var json: JSON {
    [
      "only": JSON(only.map(\.description)), "onConflict": .string(onConflict.rawValue),
      "removeExtra": .bool(removeExtra), "keepExtraGrants": .bool(keepExtraGrants),
      "allowUnmapped": .bool(allowUnmapped),
    ]
  }

  /// Reads what `json` wrote.
  public init?(json: JSON) {
    guard let conflict = json["onConflict"]?.string.flatMap(Conflict.init) else { return nil }
    self.init()
    onConflict = conflict
    only = (json["only"]?.strings ?? []).compactMap { Selector($0) }
    removeExtra = json["removeExtra"]?.bool ?? false
    keepExtraGrants = json["keepExtraGrants"]?.bool ?? false
    allowUnmapped = json["allowUnmapped"]?.bool ?? false
  }
}

/// Why a plan that was saved, or edited, is not carried out.
public struct PlanEdit: Error, Sendable, CustomStringConvertible {
  public let description: String
  /// Whether nothing is wrong with the plan but that it is out of date.
  public let isStale: Bool

  init(_ description: String, isStale: Bool = false) {
    self.description = description
    self.isStale = isStale
  }
}

extension Plan {
  /// The steps that a shortened form of this plan lacks.
  public func steps(notIn shortened: Plan) -> [SavedPlan.Step] {
    // Plans are large: most are carried out as they are.
    guard shortened.actions.count != actions.count else { return [] }
    let kept = Set(shortened.actions.map(SavedPlan.Step.init))
    return actions.map(SavedPlan.Step.init).filter { !kept.contains($0) }
  }
}
