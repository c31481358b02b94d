import CanonicalJSON

/// What a person has to do for one record, because AWS or prudence keeps meshdr from doing it.
public struct ManualStep: Sendable, Hashable {
  public enum What: String, Sendable, Hashable, CaseIterable {
    /// The secondary has no such record.
    case create
    /// It has one that is not as it should be.
    case change
    /// It has all of it that is put back before the mesh really runs there.
    case finish
  }

  public let what: What
  /// The record, by its key in the secondary.
  public let key: RecordKey
  /// Why it is left to a person, and what has to be filled in.
  public let reason: String
  /// Commands of the AWS CLI, in order, for the account of the record. Some have line feeds in
  /// their quoted arguments. What stands in angle brackets has to be filled in.
  public let commands: [String]

  public init(_ what: What, _ key: RecordKey, reason: String, commands: [String]) {
    self.what = what
    self.key = key
    self.reason = reason
    self.commands = commands
  }
}

/// A command of the AWS CLI, written so that a shell reads it as it is meant.
public struct CLICommand: Sendable {
  public private(set) var text: String

  /// - Parameters:
  ///   - operation: service and operation as the CLI names them: `glue create-connection`.
  public init(_ operation: String, region: String) {
    text = "aws \(operation) --region \(Self.quoted(region))"
  }

  /// The same command with an option and its value.
  public func option(_ name: String, _ value: String) -> CLICommand {
    var copy = self
    copy.text += " --\(name) \(Self.quoted(value))"
    return copy
  }

  /// The same command with an option whose value is JSON, over several lines.
  public func option(_ name: String, _ value: JSON) -> CLICommand {
    option(name, value.prettyText)
  }

  /// A value that a POSIX shell takes for one word, as it is.
  public static func quoted(_ value: String) -> String {
    let isPlain = value.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./:=@,".utf8.contains(byte)
      }
    }
    guard value.isEmpty || !isPlain else { return value }
    return "'" + value.replacing("'", with: "'\\''") + "'"
  }
}
