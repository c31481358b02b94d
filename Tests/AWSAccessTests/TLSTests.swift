import Foundation
import Testing

@testable import AWSAccess

private let openssl = "/usr/bin/openssl"

/// An HTTPS server with a certificate of its own making.
private final class TLSServer {
  let certificate: String
  let port: Int
  private let process = Process()

  init(_ folder: ScratchFolder) throws {
    certificate = "\(folder.path)/certificate.pem"
    let key = "\(folder.path)/key.pem"
    let maker = Process()
    maker.executableURL = URL(fileURLWithPath: openssl)
    maker.arguments =
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
      + ["-days", "2", "-subj", "/CN=meshdr-test", "-addext", "subjectAltName=IP:127.0.0.1"]
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()

    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: openssl)
    process.arguments =
      ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = Pipe()
    try process.run()
    var text = ""
    while !text.contains("ACCEPT 127.0.0.1:") || !text.hasSuffix("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw POSIXError(.ECONNREFUSED) }
      text += String(decoding: data, as: UTF8.self)
    }
    let digits = text.components(separatedBy: "ACCEPT 127.0.0.1:").last?.prefix(while: \.isNumber)
    port = try #require(digits.flatMap { Int($0) })
  }

  deinit {
    process.terminate()
  }
}

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: openssl)))
struct TLSTests {
  @Test func certificatesAreVerified() async throws {
    let folder = try ScratchFolder()
    let server = try TLSServer(folder)
    let strict = CurlTransport()
    defer { strict.shutdown() }
    do {
      _ = try await strict.perform(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
      Issue.record("an unknown certificate was taken")
    } catch {
      let failure = try #require(error as? HTTPFailure)
      #expect(failure.code == 60 && !failure.canPass && !failure.mayHaveBeenSent)
    }
  }

  @Test func theEnvironmentNamesCertificatesToTrust() async throws {
    let folder = try ScratchFolder()
    let server = try TLSServer(folder)
    let configuration = try AWSConfiguration(environment: ["AWS_CA_BUNDLE": server.certificate])
    let trusting = CurlTransport(options: configuration.transportOptions([:]))
    defer { trusting.shutdown() }
    let response = try await trusting.perform(
      HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
    #expect(response.status == 200)
    // The name is checked as well.
    await #expect(throws: HTTPFailure.self) {
      _ = try await trusting.perform(HTTPRequest(url: "https://localhost:\(server.port)/"))
    }
  }
}
