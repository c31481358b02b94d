/// What a failback found on both sides, besides what a restore has to tell.
public struct FailbackReport: Sendable, Hashable {
  /// What became of a record on one side since the snapshot that both began with.
  public enum What: String, Sendable, Hashable, CaseIterable { case added, changed, removed }

  /// Something that both sides have changed, each in its own way.
  public struct Conflict: Sendable, Hashable {
    public var kind: String
    /// The record, by its key in the primary.
    public var key: String
    /// Paths of the members in which the sides differ; empty where one has removed the record.
    public var fields: [String]
    public var secondary: What
    public var primary: What
    /// Whose it is to be, `secondary` or `primary`; nil where nobody has decided.
    public var taken: String?

    public init(
      kind: String, key: String, fields: [String], secondary: What, primary: What, taken: String?
    ) {
      self.kind = kind
      self.key = key
      self.fields = fields
      self.secondary = secondary
      self.primary = primary
      self.taken = taken
    }
  }

  /// One record that goes home, or that the secondary has changed while others went.
  public struct Change: Sendable, Hashable {
    public var kind: String
    public var key: String
    public var what: What
    /// Paths of the members that change; empty where they are not known.
    public var fields: [String]

    public init(kind: String, key: String, what: What, fields: [String] = []) {
      self.kind = kind
      self.key = key
      self.what = what
      self.fields = fields
    }
  }

  /// Access that one side has revoked and the other still had: it is revoked.
  public struct Revocation: Sendable, Hashable {
    public var kind: String
    /// The record, by its key in the primary.
    public var key: String
    /// The side that revoked it, `secondary` or `primary`.
    public var side: String
    /// What was revoked: permissions, administrators, statements.
    public var revoked: [String]
    /// Whether the other side has changed the same record meanwhile.
    public var isContested: Bool

    public init(kind: String, key: String, side: String, revoked: [String], isContested: Bool) {
      self.kind = kind
      self.key = key
      self.side = side
      self.revoked = revoked
      self.isContested = isContested
    }
  }

  /// A change of the secondary that a person has to bring home.
  public struct Left: Sendable, Hashable {
    public var kind: String
    public var key: String
    public var what: What
    public var fields: [String]
    public var reason: String

    public init(kind: String, key: String, what: What, fields: [String], reason: String) {
      self.kind = kind
      self.key = key
      self.what = what
      self.fields = fields
      self.reason = reason
    }
  }

  /// How many records of one kind go home.
  public struct Count: Sendable, Hashable {
    public var added = 0
    public var changed = 0
    public var removed = 0

    public init() {}
  }

  /// How many records are listed one by one in `changes`; `home` counts all.
  public static let mostChanges = 1000

  /// The region whose changes go home.
  public var from: String
  /// The run that had restored the base there; nil where only the snapshot was named.
  public var baseRun: String?
  /// The rule for conflicts: `overwrite`, `skip` or `fail`.
  public var onConflict: String
  public var conflicts: [Conflict] = []
  /// What goes home, by kind.
  public var home: [String: Count] = [:]
  /// The first of the records that go home, in the order in which they were merged.
  public var changes: [Change] = []
  public var left: [Left] = []
  public var revocations: [Revocation] = []
  /// Access that the merge would give although a side has revoked it or neither gives it: a line each.
  public var unjustified: [String] = []
  /// Nil where nobody looked.
  public var data: DataCheck?
  /// Where the primary as it came back is kept in the store, an archive of its own: `failbacks/RUN`. Nil
  /// where nothing was changed.
  public var kept: String?
  /// How many times changes were brought home: twice where the secondary was changed meanwhile.
  public var rounds = 0
  /// What the secondary has changed since it was looked at last, by its own keys: it is not home.
  public var later: [Change] = []
  /// Whether the catalog is home and data that was written meanwhile is not.
  public var isWaitingForData = false
  /// Whether the mesh runs in the primary from here on.
  public var switched = false

  public init(from: String, baseRun: String?, onConflict: String) {
    self.from = from
    self.baseRun = baseRun
    self.onConflict = onConflict
  }

  /// Whether nothing that happened in the secondary since it was looked at is missing.
  public var isWhole: Bool { later.isEmpty && !isWaitingForData }

  /// Conflicts that nobody has decided.
  public var open: [Conflict] { conflicts.filter { $0.taken == nil } }

  /// What the primary had changed, and the secondary's has replaced.
  public var overwritten: [Conflict] { conflicts.filter { $0.taken == "secondary" } }
}
