import MeshFile
import Testing

@Suite struct StoreTests {
  @Test func storesHaveSettings() throws {
    let file = try read(
      shortest + """
        store:
          - url: s3://archive/meshdr
            region: eu-central-1
            kms_key: alias/archive
            lock: {mode: compliance, for: 30d}
          - /srv/archive
        """)
    let store = try #require(file.storeSettings.first)
    #expect(file.stores == ["s3://archive/meshdr", "/srv/archive"])
    #expect(store.region == "eu-central-1" && store.kmsKey == "alias/archive")
    #expect(store.lock?.mode == .compliance && store.lock?.seconds == 30 * 86_400)
    #expect(file.storeSettings[1].lock == nil)
    #expect(try read(shortest + "store: {url: s3://archive}").stores == ["s3://archive"])
  }

  private let key = "arn:aws:kms:eu-west-1:111111111111:key/1234"

  @Test func signingNamesAKey() throws {
    let pem = "-----BEGIN PUBLIC KEY-----\n    AAAA\n    -----END PUBLIC KEY-----"
    let file = try read(
      shortest + "signing:\n  key: \(key)\n  since: 2026-11-25\n  public_key: |\n    \(pem)\n")
    let signing = try #require(file.signing)
    #expect(signing.key == key && signing.region == "eu-west-1" && signing.since == "2026-11-25")
    #expect(signing.publicKey?.hasPrefix("-----BEGIN PUBLIC KEY-----\nAAAA\n") == true)
    #expect(try read(shortest).signing == nil)
  }

  @Test(arguments: [
    ("{key: alias/a}", "\"key\" must be the ARN of a KMS key"),
    ("{key: \"arn:aws:s3:::bucket\"}", "\"key\" must be the ARN of a KMS key"),
    ("{}", "key \"key\" is missing"),
    ("{key: \"arn:aws:kms:us-east-1:111111111111:key/1\"}", "has a key in the primary region"),
    (
      "{key: \"arn:aws:kms:eu-west-1:111111111111:key/1\", public_key: abc}",
      "must be a public key in PEM"
    ),
    (
      "{key: \"arn:aws:kms:eu-west-1:111111111111:key/1\", since: yesterday}",
      "must be a day such as 2026-11-25"
    ),
  ])
  func wrongSigning(text: String, expected: String) {
    #expect(throws: MeshFileError.self) { try read(shortest + "signing: \(text)") }
    do { _ = try read(shortest + "signing: \(text)") } catch {
      #expect(error.description.contains(expected), "\(error.description)")
    }
  }
}
