/// One of the places where snapshots lie.
public struct StoreFacts: Sendable {
  /// Its URL or path.
  public var place: String
  /// Nil for a folder: nobody can be asked where that is, and who keeps it.
  public var bucket: Bucket?

  public struct Bucket: Sendable {
    /// The region that it is in.
    public var region = Answer<String>.unknown("nobody asked")
    /// Whether it keeps versions.
    public var isVersioned = Answer<Bool>.unknown("nobody asked")
    /// Whether Object Lock keeps what is written.
    public var locking = Answer<Locking>.unknown("nobody asked")
    /// Whether the mesh file wants it to.
    public var isToLock = false

    public init() {}
  }

  /// What Object Lock does for a bucket.
  public enum Locking: Sendable, Hashable {
    case off
    /// Objects may be retained, and by default none is.
    case possible
    /// The bucket retains everything by default.
    case byDefault
  }

  public init(place: String, bucket: Bucket? = nil) {
    self.place = place
    self.bucket = bucket
  }
}
