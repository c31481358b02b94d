import CanonicalJSON
import Foundation

/// Credentials that another program prints, in the form that `credential_process` asks for.
struct ProcessCredentials {
  let environment: [String: String]

  /// Runs a command line, cut at blanks outside of quotes; no shell reads it.
  func run(_ command: String) async throws -> AWSCredentials {
    let words = Self.words(of: command)
    guard let program = words.first else {
      throw CredentialContext.failure("credential_process is empty")
    }
    return try await run(program, Array(words.dropFirst()))
  }

  func run(_ program: String, _ arguments: [String]) async throws -> AWSCredentials {
    guard let path = find(program) else {
      throw CredentialContext.failure("\(program) is not on the PATH")
    }
    let output = try await output(of: path, arguments)
    guard let value = try? JSON(parsing: output), value["Version"]?.integer == 1,
      let credentials = AWSCredentials(value, token: "SessionToken")
    else {
      throw CredentialContext.failure("\(program) printed no credentials of version 1")
    }
    return credentials
  }

  /// The program's path; nil where there is none.
  func find(_ program: String) -> String? {
    let manager = FileManager.default
    if program.contains("/") {
      let path = ProfileFiles.expanded(program, home: ProfileFiles.home(environment))
      return manager.isExecutableFile(atPath: path) ? path : nil
    }
    return (environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(program)" }.first(where: manager.isExecutableFile(atPath:))
  }

  /// Its errors go where ours go: it may have to tell a person to log in.
  private func output(of path: String, _ arguments: [String]) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      let environment = environment
      DispatchQueue.global().async {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        do {
          try process.run()
          let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
          process.waitUntilExit()
          guard process.terminationStatus == 0 else {
            throw CredentialContext.failure("\(path) ended with \(process.terminationStatus)")
          }
          continuation.resume(returning: Array(data))
        } catch let failure as AWSFailure {
          continuation.resume(throwing: failure)
        } catch {
          continuation.resume(throwing: CredentialContext.failure("\(path) could not be run"))
        }
      }
    }
  }

  /// Words as a shell cuts them: blanks part, quotes keep together, a backslash takes the next
  /// character as it is.
  static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var escaped = false
    for character in command {
      if escaped {
        word = (word ?? "") + String(character)
        escaped = false
      } else if character == "\\", quote != "'" {
        escaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character.isWhitespace {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + [word].compactMap { $0 }
  }
}
