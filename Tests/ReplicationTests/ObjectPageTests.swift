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

  /// What objects have in common is compared as a whole and not read again: whatever follows another.
  @Test func everyObjectIsReadAlikeWhateverCameBeforeIt() throws {
    func object(_ key: String, _ form: Int) -> String {
      let time = "<LastModified>2026-11-24T00:00:0\(form).000Z</LastModified>"
      let etag = "<ETag>&quot;e\(form)&quot;</ETag>"
      let size = "<Size>1\(form)</Size>"
      let name = "<Key>\(key)</Key>"
      let inside = [
        name + time + etag + size, name + time + etag + "<Checksum>a</Checksum>" + size,
        name + time + "<ETag>\"e2\"</ETag>" + size, name + time + "<ETag>e3</ETag>" + size,
        size + etag + time + name, name + time + size, name + time + etag + size + "<Owner/>",
        "\n  " + name + time + etag + " " + size,
      ]
      return "<Contents>\(inside[form])</Contents>"
    }
    for first in 0..<8 {
      for second in 0..<8 {
        let forms = [first, second, second, first, first]
        let keys = ["a", "b&amp;c", "b&lt;", "d", "e"]
        let page = try parsed(
          "<ListBucketResult>\(zip(keys, forms).map { object($0, $1) }.joined())"
            + "<IsTruncated>false</IsTruncated></ListBucketResult>")
        #expect(page.entries.map(page.key) == ["a", "b&c", "b<", "d", "e"])
        #expect(page.entries.map(\.size) == forms.map { 10 + $0 })
        #expect(page.entries.map(page.etag) == forms.map { $0 == 5 ? "" : "e\($0)" })
        #expect(try page.entries.map { Int(try page.modified($0)) % 10 } == forms)
      }
    }
    let whole = object("a", 0) + object("b", 0)
    for cut in whole.indices.dropFirst() {
      #expect(throws: JSONError.self) { try parsed("<ListBucketResult>\(whole[..<cut])") }
    }
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
