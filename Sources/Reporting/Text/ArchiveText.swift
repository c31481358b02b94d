/// Tells people what a check or a prune of a store came to.
public struct ArchiveText: Sendable {
  /// One thing that is damaged.
  public struct Damage: Sendable, Hashable {
    let place: [String]
    let what: String

    /// - Parameter place: from the pack to the member, or the manifest; empty where there is none.
    public init(place: [String], what: String) {
      self.place = place
      self.what = what
    }
  }

  /// What was checked, and what was found.
  public struct Check: Sendable, Hashable {
    /// The snapshot whose packs were read.
    public var snapshot: String
    /// Whether the whole store was looked at, and not this snapshot alone.
    public var isStore: Bool
    /// Whether packs of all snapshots were read.
    public var everySnapshot = false
    /// How much of the packs was to be read, as it was asked for; nil for all.
    public var subset: String?
    public var manifests = 0
    public var packs = 0
    public var packsRead = 0
    public var records = 0
    public var damaged: [Damage] = []
    public var notes: [String] = []

    public init(snapshot: String, isStore: Bool) {
      self.snapshot = snapshot
      self.isStore = isStore
    }
  }

  /// What became of one snapshot in a prune.
  public struct Decision: Sendable, Hashable {
    let id: String
    let recoveryPoint: String
    let rules: [String]

    /// - Parameter rules: what keeps it; empty if it goes.
    public init(id: String, recoveryPoint: String, rules: [String]) {
      self.id = id
      self.recoveryPoint = recoveryPoint
      self.rules = rules
    }
  }

  /// What a prune did, or would do.
  public struct Prune: Sendable, Hashable {
    public var decisions: [Decision]
    public var packs = 0
    public var bytes = 0
    /// Packs that would go if the store did not keep them.
    public var lockedPacks = 0
    /// Snapshots under way, for which packs stay.
    public var underWay: [String] = []
    /// Old journals of finished runs that go.
    public var journals = 0
    public var isDryRun = false

    public init(decisions: [Decision]) {
      self.decisions = decisions
    }
  }

  let style: TextStyle

  public init(style: TextStyle) {
    self.style = style
  }

  /// Damage first, then what was looked at and how closely: nothing else is known to be whole.
  public func check(_ check: Check) -> String {
    var page = TextPage(style)
    let name = check.isStore ? "the store" : "snapshot \(check.snapshot)"
    if check.damaged.isEmpty {
      page.add(Ink("\(name) is whole", .good), Ink(", as far as it was checked:"))
    } else {
      page.add(Ink("\(name) is DAMAGED", .bad), Ink(":"))
      for damage in check.damaged {
        let text = (damage.place + [damage.what]).joined(separator: ": ")
        page.add([Ink("! ", .bad), Ink(text)], indent: 2)
      }
      page.gap()
      page.add(Ink("What was checked:"))
    }
    for line in checked(check) { page.add(Ink(line), indent: 2) }
    for note in check.notes { page.add(Ink("note: \(note)")) }
    return page.text
  }

  private func checked(_ check: Check) -> [String] {
    let packs = Words.count(check.packs, "pack")
    let read = Words.count(check.packsRead, "pack")
    let records = Words.count(check.records, "record")
    let whose = check.everySnapshot ? "all snapshots" : "snapshot \(check.snapshot)"
    let subset = check.subset.map { " (\($0) of them were asked for)" } ?? ""
    let first =
      check.isStore
      ? [
        "\(Words.count(check.manifests, "manifest")), and the chain that they make",
        "\(packs) that they need: whether each is there, in its size",
      ]
      : [
        "the manifest, and whether the snapshot before is the one that it names",
        "\(packs) that it needs: whether each is there, in its size",
      ]
    return first + ["\(read) of \(whose), read from beginning to end\(subset): \(records)"]
  }

  /// What one of several machines has left of a snapshot.
  public func part(
    snapshot: String, shard: String, records: Int, written: Int, reused: Int, isWhole: Bool
  ) -> String {
    var page = TextPage(style)
    page.add(
      Ink("Shard \(shard) of snapshot \(snapshot)", .strong),
      Ink(isWhole ? "" : ": INCOMPLETE", .bad), Ink(", \(Words.count(records, "record"))"))
    page.add(
      Ink("\(Words.count(written, "pack")) written, \(Figures.count(reused)) reused", .faint),
      indent: 2)
    page.add(
      Ink("There is no snapshot before all shards have left their parts and "),
      Ink("`meshdr snapshot --seal`"),
      Ink(" has joined them."), indent: 2)
    return page.text
  }

  /// A snapshot that was written into a file.
  public func exported(
    snapshot: String, file: String, packs: Int, records: Int, bytes: Int, signedBy: String? = nil
  ) -> String {
    var page = TextPage(style)
    page.add(
      Ink("snapshot \(snapshot)", .strong), Ink(" is in "), Ink(file),
      Ink(
        ": \(Words.count(records, "record")) in \(Words.count(packs, "pack")), "
          + "\(Figures.bytes(bytes)), every pack read and found whole"))
    if let signedBy { page.add(Ink("signed by \(signedBy)"), indent: 2) }
    return page.text
  }

  /// A snapshot that was taken out of a file.
  public func imported(
    snapshot: String, records: Int, written: Int, reused: Int, bytes: Int, wasThere: Bool,
    signedBy: String? = nil
  ) -> String {
    var page = TextPage(style)
    page.add(
      Ink("snapshot \(snapshot)", .strong),
      Ink(
        (wasThere ? " was there already" : " is in the store")
          + ": \(Words.count(records, "record")); \(Words.count(written, "pack")) written "
          + "(\(Figures.bytes(bytes))), \(Figures.count(reused)) there before"))
    if let signedBy { page.add(Ink("signed by \(signedBy)"), indent: 2) }
    return page.text
  }

  /// Every snapshot with the rules that keep it, then what went.
  public func prune(_ prune: Prune) -> String {
    var page = TextPage(style)
    let fate = prune.isDryRun ? "would be removed" : "removed"
    var table = TextTable(
      .init(title: "snapshot"), .init(title: "recovery point UTC"), .init(title: ""))
    for decision in prune.decisions {
      let moment = Words.moment(decision.recoveryPoint)
      let rules = decision.rules.joined(separator: ", ")
      table.row(
        Ink(decision.id, .strong),
        Ink(moment.hasSuffix(" UTC") ? String(moment.dropLast(4)) : moment),
        decision.rules.isEmpty ? Ink(fate, .warning) : Ink("kept by \(rules)"))
    }
    if prune.decisions.isEmpty {
      page.add(Ink("no snapshots"))
    } else {
      table.add(to: &page, indent: 0)
    }
    page.gap()
    let removed = prune.decisions.filter(\.rules.isEmpty).count
    page.add(
      Ink("\(Words.count(removed, "snapshot")) and \(Words.count(prune.packs, "pack")) \(fate)"),
      Ink(prune.packs > 0 ? " (\(Figures.bytes(prune.bytes)))" : "", .faint))
    if prune.lockedPacks > 0 {
      let are = prune.lockedPacks == 1 ? "is" : "are"
      page.add(
        Ink("\(Words.count(prune.lockedPacks, "pack")) that no snapshot needs \(are) still locked"))
    }
    if prune.journals > 0 {
      page.add(Ink("\(Words.count(prune.journals, "old journal")) of finished runs \(fate)"))
    }
    if !prune.underWay.isEmpty {
      page.add(
        Ink(
          "Packs stay until the next prune: \(Words.first(3, of: prune.underWay)) "
            + "\(prune.underWay.count == 1 ? "is" : "are") under way, or stopped less than a day ago"
        ))
    }
    return page.text
  }
}
