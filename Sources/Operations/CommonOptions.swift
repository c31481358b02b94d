import MeshModel

/// The options that every command takes.
public struct CommonOptions: Sendable {
  public enum Output: String, Sendable, CaseIterable { case text, json }

  /// The mesh file; nil for `meshdr.yaml` in the working directory.
  public var mesh: String?
  /// Stores that are used instead of those of the mesh file.
  public var stores: [String] = []
  /// Ids or names; empty for all.
  public var accounts: [String] = []
  public var only: [Selector] = []
  public var output = Output.text
  public var quiet = false
  public var verbose = false
  public var logFormat = Output.text
  public var progress = true
  public var yes = false

  public init() {}
}
