import AWSAccess
import CanonicalJSON
import Capture
import CatalogSnapshot
import MeshModel
import TestSupport
import Testing

@Suite struct EncryptionSettingsTests {
  let kind = EncryptionSettingsKind()

  func encrypted(_ key: String) -> JSON {
    [
      "EncryptionAtRest": ["CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": .string(key)],
      "ConnectionPasswordEncryption": [
        "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": .string(key),
      ],
    ]
  }

  @Test func neverSetAndSwitchedOffAreTheSame() {
    let off: JSON = [
      "EncryptionAtRest": ["CatalogEncryptionMode": "DISABLED", "SseAwsKmsKeyId": "k"],
      "ConnectionPasswordEncryption": ["ReturnConnectionPasswordEncrypted": false],
    ]
    #expect(kind.comparable([:]) == kind.comparable(off))
    #expect(kind.comparable([:]) != kind.comparable(encrypted("k")))
  }

  @Test func multiRegionKeysFollowAndOthersAreNoted() {
    let mapper = mapper()
    let key = "arn:aws:kms:us-east-1:111111111111:key/mrk-1"
    let mapped = kind.mapped(encrypted(key), by: mapper)
    let there = "arn:aws:kms:eu-west-1:111111111111:key/mrk-1"
    #expect(mapped == encrypted(there))
    #expect(mapper.problems.isEmpty)
    _ = kind.mapped(encrypted("1234abcd-12ab-34cd-56ef-1234567890ab"), by: mapper)
    #expect(mapper.problems.map(\.name) == ["1234abcd-12ab-34cd-56ef-1234567890ab"])
  }

  @Test func theServiceRoleIsAPrincipal() {
    var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
    mapping.accounts[account] = "999999999999"
    let role: JSON = [
      "EncryptionAtRest": [
        "CatalogEncryptionMode": "SSE-KMS-WITH-SERVICE-ROLE",
        "CatalogEncryptionServiceRole": "arn:aws:iam::111111111111:role/glue",
      ]
    ]
    let mapped = kind.mapped(role, by: Mapper(mapping))
    #expect(
      mapped["EncryptionAtRest"]?["CatalogEncryptionServiceRole"]
        == "arn:aws:iam::999999999999:role/glue")
  }

  @Test func theyComeBeforeEverythingWhateverIsAskedFor() {
    #expect(kind.phase(of: [:]) == .prepare)
    #expect(kind.restrictsAccess)
  }

  @Test func everyAccountHasThem() async throws {
    let sender = ScriptedSender([
      "GetDataCatalogEncryptionSettings": { _ in ["DataCatalogEncryptionSettings": [:]] }
    ])
    let found = RecordCollector()
    try await kind.list(at: sender.site(), below: nil, into: found)
    #expect(found.keys == ["111111111111/glue/encryption-settings"])
  }

  @Test func theyArePutAsAWhole() async throws {
    let sender = ScriptedSender(["PutDataCatalogEncryptionSettings": { _ in [:] }])
    let key = RecordKey(account: account, kind: kind.kind, path: [])
    let change = Change(step: .prepare, key: key, desired: encrypted("alias/a"), live: [:])
    #expect(try await kind.apply([change], at: sender.site()).isEmpty)
    #expect(
      sender.inputs(of: "PutDataCatalogEncryptionSettings")
        == [["DataCatalogEncryptionSettings": encrypted("alias/a")]])
  }
}
