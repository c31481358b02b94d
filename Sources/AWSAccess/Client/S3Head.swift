extension S3 {
  /// What S3 tells of an object without its bytes.
  public struct Head: Sendable, Hashable {
    /// Bytes of the whole object, also where only a part was asked for.
    public let size: Int
    /// With its quotes, as S3 sends it.
    public let etag: String
    /// `PENDING`, `COMPLETED`, `FAILED`, `REPLICA`; nil where no rule covers the object.
    public let replicationStatus: String?
    /// Seconds since 1970.
    public let lastModified: Double?
    /// What the writer said of the object, by names in lower case.
    public let metadata: [String: String]
    /// Until when Object Lock keeps this version, and how strictly; nil where it does not.
    public let lock: Lock?

    /// Nil where the length or the ETag is missing.
    init?(_ headers: HTTPHeaders) {
      guard let length = headers["Content-Length"].flatMap({ Int($0) }),
        let etag = headers["ETag"]
      else { return nil }
      // `bytes 0-99/1234`: where only a part is sent, its length is not the object's.
      let range = headers["Content-Range"]?.split(separator: "/").last
      if let range {
        guard let size = Int(range) else { return nil }
        self.size = size
      } else {
        size = length
      }
      self.etag = etag
      replicationStatus = headers["x-amz-replication-status"]
      lastModified = headers["Last-Modified"].flatMap(Timestamps.http)
      let mark = "x-amz-meta-"
      metadata = Dictionary(
        headers.fields.filter { $0.name.lowercased().hasPrefix(mark) }
          .map { (String($0.name.lowercased().dropFirst(mark.count)), $0.value) }
      ) { first, _ in first }
      lock = Lock(headers)
    }
  }

  /// Object Lock's retention of one version of an object.
  public struct Lock: Sendable, Hashable {
    /// Who can end a retention before its time.
    public enum Mode: String, Sendable, Hashable, CaseIterable, Comparable {
      /// Whoever has `s3:BypassGovernanceRetention`.
      case governance = "GOVERNANCE"
      /// Nobody.
      case compliance = "COMPLIANCE"

      /// Compliance is the stricter one.
      public static func < (left: Mode, right: Mode) -> Bool {
        left == .governance && right == .compliance
      }
    }

    /// How strictly.
    public var mode: Mode
    /// Seconds since 1970; sent as whole seconds.
    public var until: Double

    /// Nothing is checked.
    public init(mode: Mode, until: Double) {
      self.mode = mode
      self.until = until
    }

    init?(_ headers: HTTPHeaders) {
      guard let mode = headers["x-amz-object-lock-mode"].flatMap(Mode.init(rawValue:)),
        let until = headers["x-amz-object-lock-retain-until-date"].flatMap(Timestamps.iso8601)
      else { return nil }
      self.init(mode: mode, until: until)
    }

    /// As S3 takes it.
    var untilText: String { Timestamps.seconds(until) }
  }
}
