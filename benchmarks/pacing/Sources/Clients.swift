import AWSAccess
import Foundation

/// Whom the stand-in is called by.
enum ClientKind: String, CaseIterable, Sendable {
  case meshdr = "meshdr"
  case boto3 = "boto3 adaptive"
}

/// Something that calls Glue as often as it may, until it is stopped.
protocol Caller: Sendable {
  func stop() async
}

/// How many calls each client would like to have under way.
let callers = 64
let region = "eu-west-1"

/// meshdr's own access to AWS, with its settings as they are shipped.
struct MeshdrCaller: Caller {
  private let session: AWSSession
  private let task: Task<Void, Never>

  /// - Throws: `AWSFailure`.
  init(account: String) async throws {
    let environment = ProcessInfo.processInfo.environment
    let session = try AWSSession(configuration: AWSConfiguration(environment: environment))
    let client = try await session.client(
      account: account, role: "benchmark", region: AWSRegion(region))
    self.session = session
    task = Task {
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<callers {
          group.addTask {
            while !Task.isCancelled { _ = try? await client.call(.glueGetDatabases) }
          }
        }
      }
    }
  }

  func stop() async {
    task.cancel()
    await task.value
    session.shutdown()
  }
}

/// boto3 in a process of its own.
struct Boto3Caller: Caller {
  private let pid: pid_t

  /// - Parameter command: the Python interpreter and the script.
  /// - Throws: `BenchmarkError`.
  init(account: String, command: [String]) throws {
    let role = "arn:aws:iam::\(account):role/benchmark"
    var words = (command + [role, region, String(callers)]).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var pid: pid_t = 0
    guard let program = command.first, posix_spawn(&pid, program, nil, nil, &words, environ) == 0
    else {
      throw BenchmarkError("\(command.joined(separator: " ")) does not start")
    }
    self.pid = pid
  }

  func stop() async {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }
}
