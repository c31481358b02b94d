import AWSAccess
import Foundation
import MeshFile
import SnapshotStore

/// What every command begins with: the mesh file, the store, and the way to AWS.
public struct MeshContext: Sendable {
  public let options: CommonOptions
  public let surroundings: Surroundings

  public init(_ options: CommonOptions, _ surroundings: Surroundings) {
    self.options = options
    self.surroundings = surroundings
  }

  /// The mesh file.
  /// - Throws: `CommandFailure` and `MeshFileError`, both with exit code 2.
  func meshFile() throws -> MeshFile {
    guard let mesh = try meshFileIfPresent() else {
      throw CommandFailure(
        .usage, "there is no mesh file \(meshPath); write one, or name one with --mesh FILE")
    }
    return mesh
  }

  private var meshPath: String { options.mesh ?? "meshdr.yaml" }

  /// Nil where there is none and none was asked for.
  // Swift 6.3.1 crashes when it optimises this into an async function.
  @inline(never)
  func meshFileIfPresent() throws -> MeshFile? {
    let path = surroundings.absolute(meshPath)
    guard FileManager.default.fileExists(atPath: path) else {
      guard options.mesh == nil else {
        throw CommandFailure(.usage, "there is no mesh file \(meshPath)")
      }
      return nil
    }
    return try MeshFile(readingFrom: path)
  }

  /// The mesh file, or the one that travels in a snapshot: a bare machine has no other.
  // Swift 6.3.1 crashes when it optimises this into an async function.
  @inline(never)
  func meshFile(orFrom manifest: Manifest) throws -> MeshFile {
    if let mesh = try meshFileIfPresent() { return mesh }
    return try MeshFile(text: manifest.details.meshFile, path: "snapshot \(manifest.id)")
  }

  /// What the snapshot holds is what both sides are asked for, whatever the mesh file says today. A
  /// later version's mesh file may say what this one does not know.
  @inline(never)
  func capture(_ manifest: Manifest, _ mesh: MeshFile) -> MeshFile.Capture {
    (try? MeshFile(text: manifest.details.meshFile, path: "snapshot"))?.capture ?? mesh.capture
  }

  /// The mesh with the region that it runs in for its primary: what people work on, and must not be
  /// lost, is there.
  /// - Throws: `ArchiveError` where it can't be read which side is active.
  func running(_ mesh: MeshFile, _ archive: Archive) async throws -> MeshFile {
    let active = try await ActiveSides(archive.store).current(of: mesh)
    guard active.region != mesh.primary else { return mesh }
    let since = active.since.map { " since \($0)" } ?? ""
    tell("the mesh runs in \(active.region)\(since): that is captured, not \(mesh.primary)")
    return mesh.running(in: active.region, standby: mesh.primary)
  }

  /// The accounts that `--account` names by id or name; all where it is not given.
  /// - Parameter whose: what has these accounts, for messages.
  /// - Throws: `CommandFailure` with exit code 2 for a name that none of them has, or several.
  func selected(
    _ accounts: [MeshFile.Account], of whose: String = "the mesh"
  ) throws -> [MeshFile.Account] {
    guard !options.accounts.isEmpty else { return accounts }
    var ids: Set<String> = []
    for name in options.accounts {
      let named = accounts.filter { $0.id == name || $0.name == name }
      guard let account = named.first else {
        throw CommandFailure(.usage, "\(whose) has no account “\(name)”")
      }
      guard named.count == 1 else {
        let those = named.map(\.id).joined(separator: ", ")
        throw CommandFailure(.usage, "“\(name)” is the name of \(those): give the id")
      }
      ids.insert(account.id)
    }
    return accounts.filter { ids.contains($0.id) }
  }

  /// A way to AWS. Nothing is called yet.
  /// - Parameters:
  ///   - isHasty: gives up within seconds, for finding out whether a region answers at all.
  ///   - calls: how many are under way at once, to all services together; nil for the usual number.
  func session(isHasty: Bool = false, calls: Int? = nil) throws -> AWSSession {
    let diagnostics = surroundings.diagnostics
    let json = options.logFormat == .json
    var configuration = try AWSConfiguration(environment: surroundings.environment)
    configuration.log = AWSLog(level: options.verbose ? .call : .warning) { event in
      diagnostics(json ? event.json.canonicalText : event.text)
    }
    if let calls { configuration.concurrentCalls = calls }
    if isHasty {
      configuration.retry.maxAttempts = 2
      configuration.timeouts = HTTPTimeouts(connect: 5, idle: 5, total: 10)
    }
    return try AWSSession(configuration: configuration)
  }

  /// The time of day, and a way to wait, for what is written into a store.
  var storeClock: StoreClock {
    let now = surroundings.clock.now
    return StoreClock(
      now: { UTCTime(now()) ?? UTCTime(milliseconds: 0) },
      sleep: { try await Task.sleep(for: .seconds($0)) }, isWaiting: { tell($0) })
  }

  /// A line for whoever watches, unless they asked for quiet.
  func tell(_ line: String) {
    if !options.quiet { surroundings.diagnostics(line) }
  }

  /// A line for whoever asked for `--verbose`.
  func explain(_ line: String) {
    if options.verbose { surroundings.diagnostics(line) }
  }

  /// Where temporary files may lie.
  var scratchBase: String { surroundings.environment["TMPDIR"] ?? "/tmp" }

  /// A folder for what is needed only while a command runs. It is removed afterwards.
  func withScratchDirectory<Result: Sendable>(
    _ body: (String) async throws -> Result
  ) async throws -> Result {
    let name = String(surroundings.random(), radix: 16)
    let path = "\(scratchBase)/meshdr-\(ProcessInfo.processInfo.processIdentifier)-\(name)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
