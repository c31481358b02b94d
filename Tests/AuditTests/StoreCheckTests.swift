import MeshModel
import Testing

@testable import Audit

/// What is judged of the places where snapshots lie.
@Suite struct StoreCheckTests {
  /// A bucket about which everything is known and good.
  private func store(
    _ bucket: String = "s3://archive/meshdr", _ change: (inout StoreFacts.Bucket) -> Void = { _ in }
  ) -> StoreFacts {
    var facts = StoreFacts.Bucket()
    facts.region = .known("eu-central-1")
    facts.isVersioned = .known(true)
    facts.locking = .known(.byDefault)
    change(&facts)
    return StoreFacts(place: bucket, bucket: facts)
  }

  private func found(_ stores: StoreFacts...) -> [String] {
    CheckTests.found { $0.stores = stores }
  }

  @Test func aLockedBucketElsewhereIsRight() {
    #expect(found(store()) == [])
    let toLock = store { bucket in
      bucket.locking = .known(.possible)
      bucket.isToLock = true
    }
    #expect(found(toLock) == [])
  }

  @Test func aStoreThatIsLostWithThePrimary() {
    let lost = store { $0.region = .known("us-east-1") }
    #expect(found(lost) == ["blocker store-in-primary"])
    #expect(found(lost, lost) == ["blocker store-in-primary", "blocker store-in-primary"])
    // With another that is not, it is only of no use.
    #expect(found(lost, store("s3://other")) == ["warning store-in-primary"])
    // Of a folder nobody knows; it may be what is left.
    #expect(
      found(lost, StoreFacts(place: "/srv/archive"))
        == ["warning store-in-primary", "note store-is-folder"])
  }

  @Test func whoeverHasTheRightsCanRemoveIt() {
    #expect(found(store { $0.isVersioned = .known(false) }) == ["warning store-not-versioned"])
    for locking in [StoreFacts.Locking.off, .possible] {
      #expect(found(store { $0.locking = .known(locking) }) == ["warning store-not-locked"])
    }
    let impossible = store { bucket in
      bucket.locking = .known(.off)
      bucket.isToLock = true
    }
    #expect(found(impossible) == ["blocker store-cannot-lock"])
    #expect(found(StoreFacts(place: "/srv/archive")) == ["note store-is-folder"])
  }

  @Test func whatIsUnknownIsNoPassAndNoBlocker() {
    let unknown = StoreFacts(place: "s3://archive", bucket: StoreFacts.Bucket())
    #expect(found(unknown) == ["note store-unknown", "note store-unknown", "note store-unknown"])
  }

  @Test func remediesNameTheBucketAlone() {
    let facts = CheckTests.facts { $0.stores = [store { $0.isVersioned = .known(false) }] }
    let remedies = AuditReport(facts).findings.map(\.remedy)
    #expect(remedies.allSatisfy { $0.contains("--bucket archive --") }, "\(remedies)")
  }
}
