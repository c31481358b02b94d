import Foundation
import Testing

/// Compares a text with the file of that name in `Golden`, beside the test.
///
/// With RECORD_GOLDEN set, or where the file is missing, the text is written there, and the test
/// fails, so that no recording passes unread.
public func expectGolden(
  _ text: String, _ name: String, test: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(filePath: test).deletingLastPathComponent().appending(path: "Golden")
  let file = folder.appending(path: name)
  let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil
  guard !isRecording, let expected = try? String(contentsOf: file, encoding: .utf8) else {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name); read it, then test again", sourceLocation: sourceLocation)
    return
  }
  #expect(text == expected, "differs from \(name)", sourceLocation: sourceLocation)
}
