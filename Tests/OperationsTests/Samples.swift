import Foundation
import MeshFile

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "meshdr-operations-\(UInt32.random(in: 0...UInt32.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

enum Samples {
  static func mesh() throws -> MeshFile {
    try MeshFile(
      text: """
        mesh: m
        primary: us-east-1
        secondary: eu-west-1
        store: archive
        accounts:
          list:
            - {id: "111111111111", name: a}
        """, path: "meshdr.yaml")
  }
}
