/// Why a file could not be made out, in words that follow its name: "it ends too early".
public struct FormatError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
