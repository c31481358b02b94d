import AWSAccess
import CanonicalJSON
import Foundation

/// An object as a listing shows it.
struct Listed: Hashable {
  var key: String
  var etag = "d41d8cd98f00b204e9800998ecf8427e"
  var size = 10
  /// Seconds since 1970.
  var modified = 1_790_000_000

  init(_ key: String, etag: String? = nil, size: Int = 10, modified: Int = 1_790_000_000) {
    self.key = key
    self.etag = etag ?? self.etag
    self.size = size
    self.modified = modified
  }

  var xml: String {
    "<Contents><Key>\(Self.escaped(key))</Key><LastModified>\(Self.time(modified))</LastModified>"
      + "<ETag>&quot;\(etag)&quot;</ETag><Size>\(size)</Size>"
      + "<StorageClass>STANDARD</StorageClass></Contents>"
  }

  static func time(_ seconds: Int) -> String {
    let parts = gmtime(seconds)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
      + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).000Z"
  }

  private static func gmtime(_ seconds: Int) -> tm {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    return parts
  }

  static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: "\r", with: "&#13;").replacingOccurrences(
        of: "\u{1}", with: "&#x1;")
  }
}

extension [Listed] {
  /// A page of S3's answer.
  func xml(next: String? = nil) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
      + "<Prefix/>" + (next.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? "")
      + "<KeyCount>\(count)</KeyCount><MaxKeys>1000</MaxKeys>"
      + "<IsTruncated>\(next != nil)</IsTruncated>" + map(\.xml).joined() + "</ListBucketResult>"
  }

  func page(next: String? = nil) throws -> S3ObjectPage {
    try S3ObjectPage(parsing: Array<UInt8>(xml(next: next).utf8))
  }

  /// In the order in which S3 lists.
  var inOrder: [Listed] { sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
}
