import AWSAccess
import CanonicalJSON
import Capture
import MeshModel
import TestSupport

@testable import ServiceSnapshot

let account = "111111111111"

/// Maps bucket `b` to `b-eu` and one key of KMS, and sets a prefix before names where one is given.
func mapper(prefix: String = "") -> Mapper {
  var mapping = Mapping(from: "us-east-1", to: "eu-west-1")
  mapping.buckets["b"] = .init(bucket: "b-eu", source: .replicationRule)
  mapping.keys[primaryKey] = secondaryKey
  mapping.accounts["222222222222"] = "333333333333"
  mapping.prefix = prefix
  let mapper = Mapper(mapping)
  mapper.begin(key(.workGroup, "primary"))
  return mapper
}

let primaryKey = "arn:aws:kms:us-east-1:111111111111:key/11111111-1111-1111-1111-111111111111"
let secondaryKey = "arn:aws:kms:eu-west-1:111111111111:key/22222222-2222-2222-2222-222222222222"

func key(_ kind: Kind, _ path: String...) -> RecordKey {
  RecordKey(account: account, kind: kind, path: path)
}

/// What a kind lists from a script.
func listed(_ kind: some CapturedKind, _ sender: ScriptedSender) async throws -> [Record] {
  let found = RecordCollector()
  try await kind.list(at: sender.site(), below: nil, into: found)
  return found.records.sorted { $0.key < $1.key }
}

/// Makes one change, and expects that nothing is refused.
func apply(
  _ step: Action.Step, _ kind: some RestorableKind, _ key: RecordKey, desired: JSON? = nil,
  live: JSON? = nil, companions: [JSON] = [], _ sender: ScriptedSender
) async throws -> [ChangeFailure] {
  var change = Change(step: step, key: key, desired: desired, live: live)
  change.companions = companions
  return try await kind.apply([change], at: sender.site())
}

func invalidRequest(_ message: String) -> AWSFailure {
  AWSFailure(code: "InvalidRequestException", message: message, status: 400)
}
