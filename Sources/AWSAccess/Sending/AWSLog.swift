import CanonicalJSON

/// One thing to be logged. Holds no credentials.
public struct AWSLogEvent: Sendable {
  /// How much an event matters.
  public enum Level: Int, Sendable, Comparable {
    /// One for each call.
    case call
    /// Something that a person should know.
    case warning

    /// A call is below a warning.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// Decides whether the event is written at all.
  public var level: Level
  /// For people; empty where the fields tell all.
  public var message: String
  /// What is told of a call, in the order in which it is printed.
  public var fields: [(name: String, value: JSON)]

  /// Neither message nor fields may hold credentials.
  public init(level: Level, message: String, fields: [(name: String, value: JSON)] = []) {
    self.level = level
    self.message = message
    self.fields = fields
  }

  /// One line for people: the message, then `name=value` pairs. Without a line feed.
  public var text: String {
    let pairs = fields.map { "\($0.name)=\($0.value.string ?? $0.value.canonicalText)" }
    return ([message] + pairs).filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The same as one JSON object.
  public var json: JSON {
    var members = Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    members["level"] = level == .warning ? "warning" : "call"
    if !message.isEmpty { members["message"] = .string(message) }
    return .object(members)
  }
}

/// Where events go. The closure is called from any thread, and for every event at or above the
/// level.
public struct AWSLog: Sendable {
  private let level: AWSLogEvent.Level
  private let sink: @Sendable (AWSLogEvent) -> Void

  /// Events below `level` do not reach `sink`.
  public init(
    level: AWSLogEvent.Level = .warning, sink: @escaping @Sendable (AWSLogEvent) -> Void
  ) {
    self.level = level
    self.sink = sink
  }

  /// Drops everything.
  public static let none = AWSLog { _ in }

  /// Whether events of a level are written: where they are not, none need be made.
  func takes(_ level: AWSLogEvent.Level) -> Bool { level >= self.level }

  func write(_ event: AWSLogEvent) {
    if takes(event.level) { sink(event) }
  }

  func warn(_ message: String) {
    write(AWSLogEvent(level: .warning, message: message))
  }
}
