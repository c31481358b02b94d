/// Why a mesh file was refused. Nothing has been touched when it is thrown.
public struct MeshFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as the user named it.
  public let path: String
  /// Counted from 1; nil when the file as a whole is meant, as when it can't be opened.
  public let line: Int?
  /// Counted from 1, in characters; nil together with `line`.
  public let column: Int?
  /// What is wrong and, where it can be told, what to write instead.
  public let message: String

  /// An error at a place in the file.
  public init(path: String, line: Int, column: Int, message: String) {
    self.path = path
    self.line = line
    self.column = column
    self.message = message
  }

  /// An error of the file as a whole.
  public init(path: String, message: String) {
    self.path = path
    line = nil
    column = nil
    self.message = message
  }

  /// `meshdr.yaml:12:3: unknown key "retentoin"; did you mean "retention"?`
  public var description: String {
    guard let line, let column else { return "\(path): \(message)" }
    return "\(path):\(line):\(column): \(message)"
  }
}
