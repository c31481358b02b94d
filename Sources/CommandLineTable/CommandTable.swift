/// A program's whole command line as a value: parser, help, manual page and completions all
/// come from it, so none of them can say what another does not.
public struct CommandTable: Sendable {
  /// The program's name, as it is typed.
  public var name: String
  /// What the program is, in one line.
  public var summary: String
  /// The version that `--version` and the manual page give.
  public var version: String
  /// What the program's own page says below its summary; see ``Command/details`` for the form.
  public var details: String
  /// The commands, in the order of the help.
  public var commands: [Command]
  /// The options that every command takes, and that may also stand before the command.
  public var commonOptions: [Option]
  /// Further sections of the manual page, such as EXIT STATUS and ENVIRONMENT.
  public var sections: [ManualSection]

  public init(
    name: String, summary: String, version: String = "", details: String = "",
    commands: [Command], commonOptions: [Option] = [], sections: [ManualSection] = []
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    self.details = details
    self.commands = commands
    self.commonOptions = commonOptions
    self.sections = sections
  }

  /// The command of that name; nil if there is none.
  public func command(named name: String) -> Command? {
    commands.first { $0.name == name }
  }

  /// A command's own options and the common ones; the common ones alone for nil.
  func options(of command: Command?) -> [Option] {
    (command?.options ?? []) + commonOptions
  }
}

/// One command of the table.
public struct Command: Sendable {
  public var name: String
  /// What it does, in one line.
  public var summary: String
  /// Paragraphs parted by blank lines, wrapped where they are shown. A line that begins with
  /// white space is an example or a table and stays as it is.
  public var details: String
  /// Positional arguments: required ones first, then optional ones, a repeating one last.
  public var arguments: [Argument]
  public var options: [Option]
  /// The heading under which the program's help lists it; nil for the general one.
  public var group: String?

  public init(
    name: String, summary: String, details: String = "", arguments: [Argument] = [],
    options: [Option] = [], group: String? = nil
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.arguments = arguments
    self.options = options
    self.group = group
  }
}

/// A section of the manual page, with text in the form of ``Command/details``.
public struct ManualSection: Sendable {
  public var title: String
  public var text: String

  public init(title: String, text: String) {
    self.title = title
    self.text = text
  }
}

/// What a value has to be; checked while parsing, shown in help, offered by completions.
public enum ValueShape: Sendable, Equatable {
  /// Any text that is not empty.
  case text
  /// A path; not looked up.
  case file
  /// A folder's path; not looked up.
  case folder
  /// One of these words.
  case choice([String])
  /// A whole number within these bounds.
  case integer(ClosedRange<Int>)

  /// A whole number from 1 on.
  public static let positive = ValueShape.integer(1...Int.max)

  /// Whether a value has this shape.
  func holds(_ value: String) -> Bool {
    switch self {
    case .text, .file, .folder: !value.isEmpty
    case .choice(let words): words.contains(value)
    case .integer(let range): Int(value).map(range.contains) == true
    }
  }
}

/// A positional argument of a command.
public struct Argument: Sendable {
  /// How often it is given.
  public enum Count: Sendable, Equatable {
    case required
    case optional
    /// At least this often.
    case repeating(atLeast: Int)
  }

  /// What help and errors call it, in capitals: `SNAPSHOT`.
  public var name: String
  public var count: Count
  public var shape: ValueShape
  public var summary: String

  public init(
    _ name: String, _ count: Count = .required, shape: ValueShape = .text, summary: String
  ) {
    self.name = name
    self.count = count
    self.shape = shape
    self.summary = summary
  }
}

/// An option of a command, or of all of them.
public struct Option: Sendable {
  /// What stands behind the option.
  public enum Value: Sendable, Equatable {
    /// Nothing: it is a flag.
    case none
    /// A value, under the name that help gives it: `FILE`.
    case required(String, ValueShape = .text)

    /// One of these words, which also are its name in help.
    public static func choices(_ words: [String]) -> Value {
      .required(words.joined(separator: "|"), .choice(words))
    }
  }

  /// The name without its dashes: `dry-run`.
  public var long: String
  /// The one-letter name, if there is one.
  public var short: Character?
  public var value: Value
  /// Whether it may be given more than once.
  public var repeatable: Bool
  /// Whether the command can't do without it.
  public var required: Bool
  /// The value that holds when the option is not given.
  public var fallback: String?
  public var summary: String
  /// The heading under which help lists it; nil for the general one.
  public var group: String?

  public init(
    _ long: String, short: Character? = nil, value: Value = .none, repeatable: Bool = false,
    required: Bool = false, default fallback: String? = nil, summary: String,
    group: String? = nil
  ) {
    self.long = long
    self.short = short
    self.value = value
    self.repeatable = repeatable
    self.required = required
    self.fallback = fallback
    self.summary = summary
    self.group = group
  }

  /// The value's shape; nil for a flag.
  var shape: ValueShape? {
    guard case .required(_, let shape) = value else { return nil }
    return shape
  }

  /// `--region R`, or `--yes` for a flag.
  var usage: String {
    guard case .required(let name, _) = value else { return "--\(long)" }
    return "--\(long) \(name)"
  }
}
