import AWSAccess
import CanonicalJSON
import Testing

@Suite struct ObjectPageTests {
  private func parsed(_ text: String) throws -> S3ObjectPage {
    try S3ObjectPage(parsing: Array(text.utf8))
  }

  @Test func keysThatXMLCannotHoldComeBackAsTheyAre() throws {
    let keys = ["a&b<c", "line\rfeed", "q\"uote", "und\u{1}er", "züg/é=1+2%2F"]
    let page = try keys.map { Listed($0) }.inOrder.page()
    #expect(Set(page.entries.map(page.key)) == Set(keys))
    #expect(page.entries.allSatisfy { page.etag($0) == "d41d8cd98f00b204e9800998ecf8427e" })
    #expect(try page.modified(page.entries[0]) == 1_790_000_000)
    #expect(page.entries.allSatisfy { $0.size == 10 })
  }

  @Test func membersThatNobodyKnowsArePassedOver() throws {
    let object =
      "<Contents><Owner><ID>x</ID></Owner><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
      + "<New a=\"&gt;\"><Deep/>text</New><Key>k</Key><Size>0</Size>"
      + "<LastModified>2026-11-24T00:00:00.000Z</LastModified><ETag>\"e\"</ETag></Contents>"
    let page = try parsed(
      "<ListBucketResult><Other/>\(object)\n<IsTruncated>false</IsTruncated></ListBucketResult>\n")
    #expect(page.entries.map(page.key) == ["k"] && page.entries.map(page.etag) == ["e"])
  }

  @Test func groupsAndTokens() throws {
    let page = try parsed(
      "<ListBucketResult><IsTruncated>true</IsTruncated>"
        + "<NextContinuationToken>a&amp;b</NextContinuationToken><KeyCount>2</KeyCount>"
        + "<CommonPrefixes><Prefix>x/</Prefix></CommonPrefixes>"
        + "<CommonPrefixes><Prefix>y/</Prefix></CommonPrefixes></ListBucketResult>")
    #expect(page.next == "a&b" && page.prefixes == ["x/", "y/"] && page.entries.isEmpty)
  }

  /// Each of these would otherwise be a listing that is shorter than it was.
  @Test(arguments: [
    "", "<ListBucketResult>", "<Other></Other>", "<ListBucketResult/>",
    "<ListBucketResult><KeyCount>1</KeyCount></ListBucketResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><Contents><Key>k</Key></Contents></ListBucketResult>",
    "<ListBucketResult><Contents></ListBucketResult></Contents>",
    "<ListBucketResult></ListBucketResult><x/>",
    "<ListBucketResult><!-- c --></ListBucketResult>",
    "<ListBucketResult>&nbsp;</ListBucketResult>",
    "<ListBucketResult><NextContinuationToken>&nbsp;</NextContinuationToken></ListBucketResult>",
  ])
  func whatIsNoWholeListingIsAnError(text: String) {
    #expect(throws: JSONError.self) { try parsed(text) }
  }

  @Test func everyCutIsAnError() throws {
    let bytes = Array([Listed("a"), Listed("b&c")].xml().utf8)
    for end in 0..<bytes.count {
      #expect(throws: JSONError.self) { try S3ObjectPage(parsing: Array(bytes[..<end])) }
    }
  }

  @Test func keysOutOfOrderAreAnError() {
    #expect(throws: JSONError.self) { try [Listed("b"), Listed("a")].page() }
    #expect(throws: JSONError.self) { try [Listed("a"), Listed("a")].page() }
  }
}
