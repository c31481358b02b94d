import AWSAccess
import CanonicalJSON
import CatalogSnapshot
import GrantSnapshot
import MeshModel
import TestSupport
import Testing

@Suite struct ReaderRightsTests {
  static let reader = "arn:aws:iam::111111111111:role/meshdr-reader"

  func settings(_ member: String) -> ScriptedSender {
    ScriptedSender([
      "GetDataLakeSettings": { _ in
        ["DataLakeSettings": [member: [["DataLakePrincipalIdentifier": .string(Self.reader)]]]]
      }
    ])
  }

  @Test func aFullAdministratorLacksNothing() async throws {
    let site = settings("DataLakeAdmins").site(principal: Self.reader)
    #expect(try await ReaderRights.shortcoming(at: site) == nil)
  }

  @Test func aReadOnlyAdministratorDoesNotSeeAll() async throws {
    let site = settings("ReadOnlyAdmins").site(principal: Self.reader)
    let missing = try #require(try await ReaderRights.shortcoming(at: site))
    #expect(missing.contains("only a read-only administrator"))
  }

  let database = RecordKey(account: "111111111111", kind: .database, path: ["hr"])

  func whereabouts(
    _ key: RecordKey, _ code: String?, created: Int = 1_000
  ) async throws -> ReaderRights.Whereabouts {
    let answer: ScriptedSender.Answer = { _ in
      guard let code else { return ["Database": ["CreateTime": JSON(created)]] }
      throw AWSFailure(code: code, message: "no", operation: "GetIt")
    }
    let sender = ScriptedSender(["GetDatabase": answer, "GetTable": answer])
    return try await ReaderRights.whereabouts(of: key, at: sender.site(), notListedSince: 10_000)
  }

  @Test func whatIsGoneIsToldFromWhatIsHidden() async throws {
    #expect(try await whereabouts(database, "EntityNotFoundException") == .gone)
    #expect(
      try await whereabouts(database, "AccessDeniedException")
        == .hidden("GetIt: AccessDeniedException: no"))
    #expect(
      try await whereabouts(database, "InternalServiceException")
        == .unknown("GetIt: InternalServiceException: no"))
    guard case .hidden(let words) = try await whereabouts(database, nil) else {
      Issue.record("a database that is there was not listed")
      return
    }
    #expect(words.contains("GetDatabases does not list it"))
  }

  /// Between the listing of databases and that of grants a pipeline may have made one.
  @Test func whatWasMadeMeanwhileIsNotHidden() async throws {
    #expect(try await whereabouts(database, nil, created: 10_001) == .tooNew)
  }

  @Test func aTableIsAskedForInItsDatabase() async throws {
    let sender = ScriptedSender(["GetTable": { _ in [:] }])
    let key = RecordKey(account: "111111111111", kind: .table, path: ["hr", "salaries"])
    _ = try await ReaderRights.whereabouts(of: key, at: sender.site(), notListedSince: 10_000)
    #expect(sender.inputs(of: "GetTable") == [["DatabaseName": "hr", "Name": "salaries"]])
  }
}
