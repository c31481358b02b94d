import Foundation
import Testing

/// Compares a text with the file of that name beside the tests.
///
/// With RECORD_GOLDEN set, or where the file is missing, the text is written there, and the test
/// fails, so that no recording passes unread.
func expectGolden(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")
  let file = folder.appendingPathComponent(name)
  let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
  guard !isRecording, let expected = try? String(contentsOf: file, encoding: .utf8) else {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name); read it, then test again", sourceLocation: sourceLocation)
    return
  }
  #expect(text == expected, "differs from \(name)", sourceLocation: sourceLocation)
}

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
