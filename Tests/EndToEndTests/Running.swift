import Foundation

/// What a program left behind when it ended.
struct Outcome {
  /// 128 and the signal for a program that was killed.
  let exitCode: Int32
  let output: String
  let errors: String
}

/// A program that runs. Foundation's `Process` needs a run loop to notice its end, which tests
/// have none of; so this is `posix_spawn` and `waitpid`.
final class Running {
  private let pid: pid_t
  private let output: String
  private let errors: String

  /// - Throws: `POSIXError` where the program can't be started.
  init(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String]
  ) throws {
    let name = NSTemporaryDirectory() + "meshdr-run-\(UInt32.random(in: 0...UInt32.max))"
    (output, errors) = (name + ".out", name + ".err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
    // Threads of a Swift program block signals, and what they start would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    // `env -C` enters the folder and becomes the program: the process stays the same.
    var words = (["env", "-C", folder, program] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, &words, &variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    self.pid = pid
  }

  deinit {
    for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) }
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for the end.
  func finish() -> Outcome {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    func text(_ file: String) -> String {
      (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    }
    return Outcome(
      exitCode: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: text(output),
      errors: text(errors))
  }
}
