/// One operation of a service, as a value: the generated tables hold one for each that is used.
public final class AWSOperation: Sendable {
  /// The service that has the operation.
  public let service: AWSService
  /// The operation's name in AWS's model: `GetTables`.
  public let name: String
  /// The HTTP method.
  public let method: String
  /// The path of the request. REST paths name their parts: `/{Bucket}/{Key+}`.
  public let path: String
  /// What a repetition of the call can do.
  public let effect: Effect
  /// The token and list members of an operation that answers in pages.
  public let paging: Paging?
  /// The entry and failure members of an operation that takes many entries at once.
  public let batch: Batch?
  /// Where the members of a REST operation travel; nil for the other protocols.
  public let rest: REST?
  /// The name of the output's shape in `AWSShape.xml`; nil where answers are JSON.
  public let xmlOutput: String?
  /// Whether the operation tells a second creation of the same thing by an error of its own.
  public let refusesTwins: Bool

  /// What may be retried when nobody knows whether the first try was carried out.
  public enum Effect: Sendable, Hashable {
    /// Changes nothing.
    case read
    /// Leaves the same state however often it is done.
    case idempotentWrite
    /// May do more when it is done again.
    case write
  }

  /// How an operation hands out a listing.
  public struct Paging: Sendable, Hashable {
    /// The output member with the elements.
    public let list: String
    /// The input member that takes the token of the page before.
    public let inputToken: String
    /// The output member with the token of the next page; missing, null or empty at the end.
    public let outputToken: String
    /// The input member that limits a page, and the most it may be. Without the second, AWS's
    /// model sets no bound and the service's default is taken.
    public let limit: String?
    /// The most that the limit member may be.
    public let largest: Int?
    /// The other part of a token that has two.
    public let second: Second?

    /// What belongs to a token in two parts.
    public struct Second: Sendable, Hashable {
      /// The input member that takes the second part.
      public let inputToken: String
      /// The output member with the second part.
      public let outputToken: String
      /// The output member that is true where more pages follow.
      public let more: String
    }

    /// Member names as AWS's model has them.
    public init(
      list: String, inputToken: String, outputToken: String, limit: String?, largest: Int?,
      second: Second? = nil
    ) {
      self.list = list
      self.inputToken = inputToken
      self.outputToken = outputToken
      self.limit = limit
      self.largest = largest
      self.second = second
    }
  }

  /// How an operation takes many entries, and reports those that failed in a successful answer.
  public struct Batch: Sendable, Hashable {
    /// The input member with the entries, and the most entries of one call.
    public let entries: String
    /// The most entries of one call.
    public let limit: Int
    /// The output member with the failures.
    public let failures: String
    /// The paths to the part of an entry, and of a failure, by which the two are matched.
    public let entryKey: [String]
    /// The path to the same part of a failure.
    public let failureKey: [String]
    /// The member of a failure that holds `ErrorCode` and `ErrorMessage`.
    public let error: String

    /// Paths are member names from the outside in; an empty one is the entry itself.
    public init(
      entries: String, limit: Int, failures: String, entryKey: [String], failureKey: [String],
      error: String
    ) {
      self.entries = entries
      self.limit = limit
      self.failures = failures
      self.entryKey = entryKey
      self.failureKey = failureKey
      self.error = error
    }
  }

  /// Where a REST operation's members travel.
  public struct REST: Sendable {
    /// Input members in the path, by the name of their part of it.
    public let path: [String: String]
    /// Input members in the query, to their names there.
    public let query: [String: String]
    /// Input members in headers, to the names of those.
    public let headers: [String: String]
    /// The input member that is the whole body.
    public let payload: String?
    /// The shape of the input in `AWSShape.xml`, and the name of the body's root element.
    public let xmlInput: (shape: String, root: String)?
    /// The output member that is the whole body, and whether it is bytes.
    public let outputPayload: String?
    /// Whether the output member that is the body is bytes instead of XML or JSON.
    public let outputIsBytes: Bool
    /// Output members that come in headers, by header name in lower case.
    public let outputHeaders: [String: String]
    /// Whether a checksum of the body has to be sent with it.
    public let needsChecksum: Bool

    /// Everything that is left out travels in the body.
    public init(
      path: [String: String] = [:], query: [String: String] = [:],
      headers: [String: String] = [:], payload: String? = nil,
      xmlInput: (shape: String, root: String)? = nil, outputPayload: String? = nil,
      outputIsBytes: Bool = false, outputHeaders: [String: String] = [:],
      needsChecksum: Bool = false
    ) {
      self.path = path
      self.query = query
      self.headers = headers
      self.payload = payload
      self.xmlInput = xmlInput
      self.outputPayload = outputPayload
      self.outputIsBytes = outputIsBytes
      self.outputHeaders = outputHeaders
      self.needsChecksum = needsChecksum
    }
  }

  /// As the generated tables write it.
  public init(
    _ service: AWSService, _ name: String, method: String = "POST", path: String = "/",
    effect: Effect, paging: Paging? = nil, batch: Batch? = nil, rest: REST? = nil,
    xmlOutput: String? = nil, refusesTwins: Bool = false
  ) {
    self.service = service
    self.name = name
    self.method = method
    self.path = path
    self.effect = effect
    self.paging = paging
    self.batch = batch
    self.rest = rest
    self.xmlOutput = xmlOutput
    self.refusesTwins = refusesTwins
  }
}

/// What the service models say about shapes: filled by the generated extensions.
public enum AWSShape {}

/// How an XML element is read as JSON, and JSON written as an element.
indirect enum XMLShape: Sendable {
  case text, number, boolean
  /// The members by element name. A flat list's elements stand directly in the object.
  case object([Member])
  /// A list whose elements are called `item`.
  case list(item: String, of: String)

  struct Member: Sendable {
    let element: String
    let name: String
    let shape: String
    let flat: Bool
    /// Whether the member is an attribute of its element, as `xsi:type` of a grantee.
    let attribute: Bool

    /// `element` names all three.
    init(_ element: String) {
      self.init(element, element, element)
    }

    init(
      _ element: String, _ name: String, _ shape: String, flat: Bool = false,
      attribute: Bool = false
    ) {
      self.element = element
      self.name = name
      self.shape = shape
      self.flat = flat
      self.attribute = attribute
    }
  }
}
