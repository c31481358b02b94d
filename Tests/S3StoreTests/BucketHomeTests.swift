import AWSAccess
import SnapshotStore
import Testing

@testable import S3Store

@Suite struct BucketHomeTests {
  /// Answers as S3 does for a bucket in eu-central-1, and notes which regions were asked.
  private final class Regions: AWSSender {
    let asked = Asked()
    let lost: Set<String>
    let there: Bool

    init(lost: Set<String> = [], there: Bool = true) {
      self.lost = lost
      self.there = there
    }

    func send(_ call: AWSCall) async throws -> AWSReply {
      await asked.add(call.region.name)
      if lost.contains(call.region.name) {
        throw AWSFailure(code: AWSFailure.Code.network, message: "", category: .transient)
      }
      guard there else { throw AWSFailure(code: "NotFound", message: "", status: 404) }
      var moved = AWSFailure(code: "PermanentRedirect", message: "", status: 301)
      moved.bucketRegion = "eu-central-1"
      throw moved
    }

    func home(_ candidates: String...) -> BucketHome {
      BucketHome(bucket: "b", candidates: candidates.map(AWSRegion.init)) { region in
        AWSClient(account: "", region: region, sender: self)
      }
    }
  }

  private actor Asked {
    private(set) var names: [String] = []
    func add(_ name: String) { names.append(name) }
  }

  @Test func theFirstRegionThatAnswersKnows() async throws {
    let regions = Regions(lost: ["us-west-2"])
    let home = regions.home("us-west-2", "eu-west-1", "us-east-1")
    #expect(try await home.region().name == "eu-central-1")
    #expect(try await home.region().name == "eu-central-1")
    #expect(await regions.asked.names == ["us-west-2", "eu-west-1"])
  }

  @Test func aBucketThatIsNotThereIsNamed() async {
    let regions = Regions(there: false)
    let store = S3Store(
      bucket: "b", prefix: "p", home: regions.home("eu-west-1", "us-west-2"),
      scratchDirectory: "/tmp")
    do {
      _ = try await store.list(prefix: "")
      Issue.record("it was listed")
    } catch {
      let message = String(describing: error)
      #expect(message.contains("there is no bucket b") && message.contains("s3://b/p"))
    }
    #expect(await regions.asked.names == ["eu-west-1"])
  }
}
