import MeshModel

/// Lays out what a restore would do.
struct PlanText {
  private let result: RestoreResult
  private let plan: Plan
  private let verbose: Bool
  private var page: TextPage

  /// How many keys are listed where not all are.
  private static let few = 5
  /// What wrapping may leave empty at the end of a line.
  private static let slack = 16
  /// With more lines of actions than this, accounts are told together.
  private static let manyLines = 16

  init(_ result: RestoreResult, _ plan: Plan, verbose: Bool, style: TextStyle) {
    self.result = result
    self.plan = plan
    self.verbose = verbose
    page = TextPage(style)
  }

  func laidOut() -> String {
    var copy = self
    copy.addHead()
    copy.addActions()
    copy.addMappings()
    copy.addProblems()
    copy.addWhatStays()
    copy.addManual()
    copy.addWarnings()
    return copy.page.text
  }

  private mutating func addHead() {
    page.add(Ink("Plan for \(plan.region)", .strong), Ink(" from snapshot \(plan.snapshot)"))
    page.add(
      Ink("recovery point \(Words.whole(Words.moment(result.recoveryPoint)))", .faint), indent: 2)
    if plan.isEmpty {
      let reach = result.failures.isEmpty ? "" : " in what could be read"
      page.add(
        Ink(
          "\(plan.region) \(result.goal): nothing is to be done\(reach).", .good),
        indent: 2, hanging: 0)
    }
    let unchanged = plan.unchanged.values.reduce(0, +)
    if unchanged > 0 {
      page.add(
        Ink("\(Words.count(unchanged, "record is", "records are")) as they should be", .faint),
        indent: 2)
    }
  }
}

// MARK: - Actions

extension PlanText {
  private mutating func addActions() {
    guard !plan.isEmpty else { return }
    page.gap()
    let limit = verbose ? .max : Self.manyLines
    let groups = PlanGroup.groups(of: plan.actions, limit: limit)
    for group in groups { add(group) }
    addOwnAccess()
    if groups.contains(where: isListedInPart) {
      page.add(Ink("--verbose lists every action", .faint), indent: 2)
    }
  }

  private func isListedInPart(_ group: PlanGroup) -> Bool {
    !verbose && group.actions.count > 1
  }

  private mutating func add(_ group: PlanGroup) {
    let where_ =
      group.accounts.count == 1
      ? Words.account(group.accounts[0], result.accounts) : "\(group.accounts.count) accounts"
    let why = group.reason.map { ": \($0)" } ?? group.step.remark
    let head = "\(group.noun) in \(where_)\(why)"
    let parts = group.accounts.count == 1 ? group.parts : group.parts(result.accounts)
    let room = (page.style.width - 8) * 2 - Printable.columns(head) - Self.slack
    let tail = why.isEmpty && !verbose ? Self.fitting(parts, into: room) : ""
    page.add(
      [Ink("\(group.sign.text) ", group.sign.tone), Ink(head), Ink(tail, .faint)],
      indent: 2, hanging: 4)
    addDetail(group)
  }

  /// Each action, or what cannot be guessed from the line above: what is changed and removed.
  private mutating func addDetail(_ group: PlanGroup) {
    if verbose {
      for action in group.actions { addKey(action) }
    } else if group.sign == .remove {
      for action in group.actions.prefix(Self.few) { addKey(action) }
      let rest = group.actions.count - Self.few
      if rest > 0 { page.add(Ink("and \(Figures.count(rest)) more", .faint), indent: 6) }
    } else if !group.fields.isEmpty {
      page.add(Ink("changes \(Words.first(3, of: group.fields))", .faint), indent: 6)
    }
  }

  private mutating func addKey(_ action: Action) {
    let fields = action.fields.isEmpty ? "" : ": \(action.fields.joined(separator: ", "))"
    page.add(Ink(action.key.text), Ink(fields, .faint), indent: 6)
  }

  private mutating func addOwnAccess() {
    let given = plan.actions.filter(\.isOwnAccess)
    let accounts = Set(given.map(\.key.account)).count
    if !given.isEmpty {
      page.add(
        Ink("  the restorer gives itself access to work with in ", .faint),
        Ink(Words.count(accounts, "account"), .faint),
        Ink(", and gives it back at the end", .faint),
        indent: 2, hanging: 4)
      if verbose { for action in given { addKey(action) } }
    }
    guard !plan.ownGrants.isEmpty else { return }
    page.add(
      Ink("- ", .bad),
      Ink(Words.count(plan.ownGrants.count, "grant")),
      Ink(" of the restorer's own, left by a run that was cut short"), indent: 2, hanging: 4)
    if verbose { for key in plan.ownGrants { page.add(Ink(key.text), indent: 6) } }
  }

  /// As many parts as fit on the rest of a line.
  static func fitting(_ parts: [String], into room: Int) -> String {
    var text = ""
    for (index, part) in parts.enumerated() {
      let left = parts.count - index - 1
      let more = left > 0 ? ", … \(left) more" : ""
      let next = text + (index == 0 ? ": " : ", ") + Printable.clean(part)
      guard Printable.columns(next + more) <= room else {
        return index == 0 ? "" : "\(text), … \(left + 1) more"
      }
      text = next
    }
    return text
  }
}

extension Action.Step {
  fileprivate var remark: String {
    switch self {
    case .prepare: ", before anything else"
    case .settle: ", at the end"
    case .create, .update, .remove: ""
    }
  }
}

// MARK: - Everything else

extension PlanText {
  private mutating func addMappings() {
    guard !plan.mappings.isEmpty else { return }
    page.heading("Mapping used")
    for source in Set(plan.mappings.keys.map(\.source)).sorted() {
      page.add(Ink("by \(source)", .faint), indent: 2)
      MappingText.table(plan.mappings, source: source).add(to: &page, indent: 4)
    }
  }

  private mutating func addProblems() {
    let blocked = plan.blockers.count
    if blocked > 0 {
      page.heading(
        "Blockers",
        Ink(": \(Words.count(blocked, "record names", "records name")) ", .bad),
        Ink("what has no counterpart", .bad))
      for blocker in plan.blockers {
        let name = "\(Words.kind(blocker.key.kindName)) \(blocker.key.name)"
        page.add(
          Ink("! ", .bad), Ink(blocker.key.name.isEmpty ? blocker.key.text : name),
          Ink(" (\(Words.account(blocker.key.account, result.accounts)))", .faint),
          Ink(": \(blocker.message)"), indent: 2, hanging: 4)
      }
    }
    guard !result.failures.isEmpty else { return }
    page.heading("Not in this plan")
    for failure in result.failures { page.add(failure, accounts: result.accounts) }
  }

  private mutating func addWhatStays() {
    add(plan.conflicts, under: "In another state already", ", left as found")
    add(plan.extra, under: "Extra", ", held by \(plan.region) only, and kept")
  }

  private mutating func add(_ keys: [RecordKey], under title: String, _ rest: String) {
    guard !keys.isEmpty else { return }
    page.heading(title, Ink(": \(Words.count(keys.count, "record"))\(rest)", .faint))
    page.list(keys.map(\.text), limit: verbose ? .max : Self.few)
  }

  private mutating func addManual() {
    page.manual(plan.manual, accounts: result.accounts, commands: verbose ? .max : 0)
    if !plan.manual.isEmpty, !verbose {
      page.add(Ink("--verbose lists the commands", .faint), indent: 2)
    }
  }

  private mutating func addWarnings() {
    page.warnings(plan.warnings)
  }
}
