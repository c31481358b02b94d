import Foundation

/// What a program prints to stdout and stderr together, and its exit status.
func run(
  _ program: String, _ arguments: [String], input: String = ""
) throws -> (output: String, status: Int32) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let output = Pipe()
  let standardInput = Pipe()
  process.standardOutput = output
  process.standardError = output
  process.standardInput = standardInput
  try process.run()
  standardInput.fileHandleForWriting.write(Data(input.utf8))
  try standardInput.fileHandleForWriting.close()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

/// A program's path, if it is installed.
func installed(_ program: String) -> String? {
  ["/usr/bin", "/bin", "/usr/local/bin"].map { "\($0)/\(program)" }
    .first(where: FileManager.default.isExecutableFile(atPath:))
}
