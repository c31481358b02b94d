/// A command line that fits the table.
public struct Invocation: Sendable, Equatable {
  /// What is asked for.
  public enum Request: Sendable, Equatable {
    /// That the command be run.
    case run
    /// A command's help; the program's own for nil.
    case help(command: String?)
    /// The program's version.
    case version
  }

  public let request: Request
  /// The command to run; empty when help or the version is asked for.
  public let command: String
  /// The positional arguments in the order given.
  public let positionals: [String]
  private let given: [String: [String]]
  private let fallbacks: [String: String]
  private let named: [String: [String]]

  init(request: Request) {
    self.request = request
    command = ""
    positionals = []
    given = [:]
    fallbacks = [:]
    named = [:]
  }

  init(
    command: String, options: [Option], given: [String: [String]],
    positionals: [String], named: [String: [String]]
  ) {
    request = .run
    self.command = command
    self.given = given
    fallbacks = Dictionary(
      options.compactMap { option in option.fallback.map { (option.long, $0) } }
    ) { first, _ in first }
    self.positionals = positionals
    self.named = named
  }

  /// Whether the command line holds the option; its default does not count.
  public func isGiven(_ option: String) -> Bool { given[option] != nil }

  /// Whether a flag is set.
  public func flag(_ option: String) -> Bool { isGiven(option) }

  /// How often the option is given.
  public func count(_ option: String) -> Int { given[option]?.count ?? 0 }

  /// An option's value, the last one if there are several, or its default.
  public func value(_ option: String) -> String? { given[option]?.last ?? fallbacks[option] }

  /// All values of an option in the order given; its default alone if none is given.
  public func values(_ option: String) -> [String] {
    given[option] ?? fallbacks[option].map { [$0] } ?? []
  }

  /// The value of an option whose shape is ``ValueShape/integer(_:)``, or its default.
  public func integer(_ option: String) -> Int? { value(option).flatMap { Int($0) } }

  /// A positional argument by the name that the table gives it; nil if it is not given.
  public func argument(_ name: String) -> String? { named[name]?.first }

  /// All values of a repeating argument.
  public func arguments(_ name: String) -> [String] { named[name] ?? [] }
}
