import CanonicalJSON
import GrantSnapshot
import LakeSamples
import MeshModel
import Testing

@testable import Audit

/// What is judged of which facts. Unknown is no pass, and no blocker.
@Suite struct CheckTests {
  /// A mesh of one account about which everything is known and good.
  static func facts(_ change: (inout AuditFacts) -> Void = { _ in }) -> AuditFacts {
    var account = AccountFacts(id: Sample.owner, name: "owner")
    account.restorer = .entered("arn:aws:iam::111111111111:role/meshdr-restorer")
    account.reader = .entered("arn:aws:iam::111111111111:role/meshdr-reader")
    account.restorerRights = .known(Rights())
    account.readerRights = .known(Rights())
    let admins = ["restorer", "reader"].map {
      ["DataLakePrincipalIdentifier": .string("arn:aws:iam::111111111111:role/meshdr-\($0)")]
        as JSON
    }
    account.settings = .known(["DataLakeAdmins": .array(admins)])
    account.primarySettings = account.settings
    account.locations = .known([])
    account.identityCenter = .known(true)
    account.quotas = .known(["Max databases per account": 10_000])
    var digest = SnapshotDigest()
    digest.settings = [Sample.owner: [:]]
    var facts = AuditFacts(
      primary: "us-east-1", secondary: "eu-west-1", now: 1_000_000, accounts: [account],
      snapshot: SnapshotFacts(id: "s", recoveryPoint: 990_000, digest: digest))
    facts.sharing = .known(true)
    change(&facts)
    return facts
  }

  static func found(_ change: (inout AuditFacts) -> Void = { _ in }) -> [String] {
    AuditReport(facts(change)).findings.map { "\($0.severity.rawValue) \($0.code)" }
  }

  static func digest(
    _ facts: inout AuditFacts, _ change: (inout SnapshotDigest) -> Void
  ) {
    guard var snapshot = facts.snapshot else { return }
    change(&snapshot.digest)
    facts.snapshot = snapshot
  }

  @Test func aMeshThatIsReadyHasNoFindings() {
    #expect(Self.found().isEmpty)
    #expect(AuditReport(Self.facts()).isReady)
  }

  @Test func accountsThatCannotBeEntered() {
    #expect(Self.found { $0.accounts[0].restorer = .refused("no") } == ["blocker restorer-refused"])
    #expect(Self.found { $0.accounts[0].reader = .refused("no") } == ["warning reader-refused"])
    #expect(Self.found { $0.accounts[0].reader = .unknown("lost") } == ["warning reader-unknown"])
  }

  @Test func rightsThatAreMissing() {
    let lacking = Answer.known(Rights(denied: ["glue:CreateTable"]))
    #expect(
      Self.found { $0.accounts[0].restorerRights = lacking } == ["blocker restorer-lacks-rights"])
    #expect(Self.found { $0.accounts[0].readerRights = lacking } == ["warning reader-lacks-rights"])
    #expect(
      Self.found { $0.accounts[0].restorerRights = .unknown("IAM is lost") } == [
        "note restorer-rights-unknown"
      ])
    let denied = Rights(denied: ["glue:CreateTable"], deniedByOrganization: ["glue:CreateTable"])
    #expect(
      Self.found { $0.accounts[0].restorerRights = .known(denied) } == [
        "blocker organization-denies-region"
      ])
  }

  @Test func whoAdministersNothing() {
    #expect(
      Self.found { $0.accounts[0].settings = .known([:]) } == ["warning restorer-no-administrator"])
    #expect(
      Self.found { $0.accounts[0].primarySettings = .unknown("lost") } == [
        "note reader-administrator-unknown"
      ])
  }

  @Test func snapshotsThatAreMissingOldOrIncomplete() {
    #expect(Self.found { $0.snapshot = nil } == ["blocker no-snapshot"])
    #expect(Self.found { $0.now = 990_000 + 27 * 3600 } == ["warning snapshot-old"])
    #expect(Self.found { $0.now = 990_000 + 25 * 3600 }.isEmpty)
    let incomplete = SnapshotFacts.Incomplete(id: "n", reasons: ["denied"])
    #expect(
      Self.found { $0.snapshot?.newerIncomplete = incomplete } == ["warning snapshot-incomplete"])
  }

  @Test func replicasThatAreMissingOrElsewhere() {
    func found(_ state: Answer<ReplicaState>) -> [String] {
      Self.found { facts in
        Self.digest(&facts) { $0.replicas = ["a": .init(bucket: "a-eu", account: "1")] }
        facts.replicas = ["a-eu": state]
      }
    }
    #expect(found(.known(.inRegion("eu-west-1"))).isEmpty)
    #expect(found(.known(.inRegion("us-west-2"))) == ["blocker replica-in-wrong-region"])
    #expect(found(.known(.missing)) == ["blocker replica-missing"])
    #expect(found(.unknown("denied")) == ["warning replica-unknown"])
  }

  @Test func keysThatCannotBeUsed() {
    func found(_ state: Answer<KeyState>) -> [String] {
      Self.found { facts in
        Self.digest(&facts) { $0.keys = ["key": ["the catalog"]] }
        facts.keys = ["key": state]
      }
    }
    #expect(found(.known(.usable)) == ["warning key-policy-unknown"])
    #expect(found(.known(.missing)) == ["blocker key-missing"])
    #expect(found(.known(.unusable("PendingDeletion"))) == ["blocker key-unusable"])
    #expect(found(.unknown("denied")) == ["warning key-unknown"])
  }

  /// A key that is there is no pass: its policy may refuse whoever writes.
  @Test func whatThePolicyOfAKeyLeavesOpen() {
    func found(_ policy: Answer<JSON>) -> [String] {
      Self.found { facts in
        Self.digest(&facts) {
          $0.keys = ["key": ["the catalog"]]
          $0.keyAccounts = ["key": [Sample.owner]]
        }
        facts.keys = ["key": .known(.usable)]
        facts.keyPolicies = ["key": policy]
      }
    }
    func statement(
      _ principal: JSON, _ action: JSON = "kms:*", condition: JSON? = nil, effect: JSON = "Allow"
    ) -> JSON {
      var statement: JSON = [
        "Effect": effect, "Principal": principal, "Action": action, "Resource": "*",
      ]
      statement["Condition"] = condition
      return statement
    }
    func judged(_ statements: JSON...) -> [String] {
      found(.known(["Version": "2012-10-17", "Statement": .array(statements)]))
    }
    let root: JSON = ["AWS": "arn:aws:iam::111111111111:root"]
    let restorer: JSON = ["AWS": ["arn:aws:iam::111111111111:role/meshdr-restorer"]]
    let unknown = ["warning key-policy-unknown"]
    #expect(judged(statement(root)).isEmpty)
    #expect(
      judged(statement(restorer, ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"])) == [])
    #expect(judged(statement(restorer, ["kms:Decrypt"])) == unknown)
    #expect(judged(statement(["AWS": "arn:aws:iam::222222222222:root"])) == unknown)
    #expect(judged(statement(["Service": "glue.amazonaws.com"])) == unknown)
    // As AWS's own keys have it.
    let through: JSON = [
      "StringEquals": [
        "kms:CallerAccount": "111111111111", "kms:ViaService": "glue.eu-west-1.amazonaws.com",
      ]
    ]
    #expect(judged(statement(["AWS": "*"], condition: through)).isEmpty)
    let elsewhere: JSON = ["StringEquals": ["kms:ViaService": "glue.us-east-1.amazonaws.com"]]
    #expect(judged(statement(["AWS": "*"], condition: elsewhere)) == unknown)
    let tagged: JSON = ["StringEquals": ["aws:PrincipalTag/team": "data"]]
    #expect(judged(statement(root, condition: tagged)) == unknown)
    #expect(judged(statement(root), statement("*", "kms:Decrypt", effect: "Deny")) == unknown)
    #expect(judged(statement(root), statement("*", "kms:Schedule*", effect: "Deny")).isEmpty)
    #expect(judged() == unknown)
    #expect(found(.known([:])) == unknown)
    #expect(found(.unknown("AccessDenied")) == unknown)
  }

  @Test func quotasThatAreTooLow() {
    func found(_ count: Int) -> [String] {
      Self.found { facts in
        Self.digest(&facts) { $0.counts = [Sample.owner: [.databases: count, .tables: 5]] }
      }
    }
    #expect(found(10_000).isEmpty)
    #expect(found(10_001) == ["blocker quota-too-low"])
    let unknown = Self.found { facts in
      Self.digest(&facts) { $0.counts = [Sample.owner: [.databases: 1]] }
      facts.accounts[0].quotas = .unknown("denied")
    }
    #expect(unknown == ["note quotas-unknown"])
  }

  @Test func principalsThatDoNotExist() {
    func found(_ exists: Answer<Bool>?) -> [String] {
      Self.found { facts in
        Self.digest(&facts) { $0.principals = [Sample.analyst: 3] }
        facts.principals[Sample.analyst] = exists
      }
    }
    #expect(found(.known(true)).isEmpty)
    #expect(found(nil).isEmpty)
    #expect(found(.known(false)) == ["warning principal-missing"])
    #expect(found(.unknown("IAM is lost")) == ["note principals-unknown"])
  }

  @Test func locationsThatCannotBeRegistered() {
    func found(
      own: Bool, primary: String = "us-east-1", registered: Answer<[JSON]> = .known([]),
      role: Answer<Bool> = .known(true)
    ) -> [String] {
      Self.found { facts in
        Self.digest(&facts) {
          $0.locations = [
            .init(
              account: Sample.owner, arn: "arn:aws:s3:::b/x", role: "role",
              usesServiceLinkedRole: own)
          ]
        }
        facts.primary = primary
        facts.accounts[0].locations = registered
        facts.principals["role"] = role
      }
    }
    #expect(found(own: false).isEmpty)
    #expect(found(own: false, role: .known(false)) == ["blocker location-role-missing"])
    #expect(found(own: true) == ["warning location-not-registered"])
    #expect(found(own: true, primary: "us-west-2") == ["note location-not-registered"])
    #expect(found(own: true, registered: .known([["ResourceArn": "arn:aws:s3:::b/x/"]])).isEmpty)
    #expect(found(own: true, registered: .unknown("lost")) == ["note location-unknown"])
  }

  /// With `--account` others are not asked.
  @Test func locationsOfAccountsThatWereNotAskedAreLeftOut() {
    let found = Self.found { facts in
      Self.digest(&facts) {
        $0.locations = [
          .init(
            account: Sample.consumer, arn: "arn:aws:s3:::b/x", role: "role",
            usesServiceLinkedRole: true)
        ]
      }
    }
    #expect(found.isEmpty)
  }

  @Test func aLocationWhoseRoleCannotReachIt() {
    let location: JSON = [
      "ResourceArn": "arn:aws:s3:::b/x", "VerificationStatus": "VERIFICATION_FAILED",
    ]
    #expect(
      Self.found { $0.accounts[0].locations = .known([location]) } == [
        "blocker location-unreachable"
      ])
  }

  @Test func sharingAndItsVersions() {
    func found(_ change: (inout AuditFacts) -> Void) -> [String] {
      Self.found { facts in
        Self.digest(&facts) { $0.sharingAccounts = [Sample.owner] }
        change(&facts)
      }
    }
    #expect(found { _ in }.isEmpty)
    #expect(found { $0.sharing = .known(false) } == ["warning sharing-off"])
    #expect(found { $0.sharing = .unknown("a member may not ask") } == ["note sharing-unknown"])
    let higher = found { facts in
      guard var settings = facts.accounts[0].settings.value else { return }
      settings["Parameters"] = ["CROSS_ACCOUNT_VERSION": "4"]
      facts.accounts[0].settings = .known(settings)
    }
    #expect(higher == ["warning cross-account-version"])
    let mixed = found { facts in
      Self.digest(&facts) {
        $0.settings["2"] = ["Parameters": ["CROSS_ACCOUNT_VERSION": "4"]]
      }
    }
    #expect(mixed == ["warning cross-account-version-mixed"])
  }

  @Test func whatIsOpenIdentityCenterAndTableBuckets() {
    let found = Self.found { facts in
      Self.digest(&facts) {
        $0.openGrants = [Sample.owner: 2]
        $0.identityCenterGrants = [Sample.owner: 1]
        $0.tableBuckets = [Sample.owner: ["s3tablescatalog"]]
      }
      facts.accounts[0].identityCenter = .known(false)
    }
    #expect(
      found == [
        "warning identity-center-missing", "warning s3-tables", "note iam-allowed-principals",
      ])
  }

  @Test func faultsAreWarningsWithWhatToDo() throws {
    let key = Sample.key(Sample.owner, .grant, "table", Sample.owner, "sales", "it's", "p")
    let target = Sample.key(Sample.owner, .table, "sales", "it's")
    let report = AuditReport(
      Self.facts { facts in
        Self.digest(&facts) {
          $0.faults = [
            .grantOnMissing(key, target: target), .missingTag(key, tags: ["level"]),
            .filterWithoutColumns(target, columns: ["iban"]),
            .shareNotAccepted(key, share: "s", principal: "999999999999", status: "EXPIRED"),
          ]
        }
      })
    #expect(
      report.findings.map(\.code) == [
        "filter-without-columns", "grant-on-missing", "missing-tag", "share-not-accepted",
      ])
    #expect(report.findings.allSatisfy { $0.severity == .warning && $0.remedy.contains("aws ") })
    #expect(report.isReady)
  }

  /// A region that is lost is lost for all accounts.
  @Test func whatIsUnknownOfManyAccountsIsSaidOnce() {
    let report = AuditReport(
      Self.facts { facts in
        facts.accounts[0].reader = .unknown("lost")
        for id in 2...9 {
          var account = facts.accounts[0]
          (account.id, account.name) = ("00000000000\(id)", "")
          facts.accounts.append(account)
        }
      })
    #expect(report.findings.map(\.code) == ["reader-unknown"])
    #expect(report.findings.first?.message.contains("and 5 more") == true)
  }

  @Test func theWorstComesFirst() {
    let report = AuditReport(
      Self.facts { facts in
        facts.accounts[0].readerRights = .unknown("?")
        facts.accounts[0].reader = .entered("r")
        facts.accounts[0].primarySettings = .known([:])
        facts.snapshot = nil
      })
    #expect(report.findings.map(\.severity) == [.blocker, .warning, .note])
    #expect(!report.isReady)
  }
}
