import AWSAccess

/// How a store in S3 writes.
public struct S3StoreOptions: Sendable {
  /// The KMS key that encrypts what is written; nil for what the bucket is set to.
  public var kmsKey: String?
  /// How long S3 keeps what belongs to snapshots, whoever wants to remove it; nil for what the bucket
  /// is set to.
  public var lock: Lock?
  /// The size from which on blobs are uploaded in parts. In bytes.
  public var partsFrom = 16 << 20
  /// Each part but the last; S3 takes none below 5 MiB. In bytes.
  public var partSize = 8 << 20
  /// How many parts are on their way at once: so much of a blob is in memory.
  public var partsAtOnce = 4
  /// Unfinished uploads are given up for dead after this. In seconds.
  public var leftoverAge = 86_400.0

  /// Retention by Object Lock, which the bucket must have.
  public struct Lock: Sendable, Hashable {
    /// Whether somebody may end it before its time.
    public var mode: S3.Lock.Mode
    /// From each snapshot on that needs a blob. In seconds.
    public var seconds: Double

    /// Nothing is checked.
    public init(mode: S3.Lock.Mode, seconds: Double) {
      self.mode = mode
      self.seconds = seconds
    }
  }

  /// Encrypts as the bucket says.
  public init() {}
}
