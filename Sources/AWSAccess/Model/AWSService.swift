/// One AWS service: what it is called on the wire and how it is spoken to.
public struct AWSService: Sendable, Hashable {
  /// The name that AWS's models call its service id, upper-cased with underscores, as it stands
  /// in `AWS_ENDPOINT_URL_<SERVICE>`.
  public let id: String
  /// The first label of the service's host name.
  public let endpointPrefix: String
  /// The service's name in the scope of a signature.
  public let signingName: String
  /// The protocol of the service's requests and answers.
  public let wire: Wire

  /// The protocol of the service's requests and answers.
  public enum Wire: Sendable, Hashable {
    /// `X-Amz-Target` with a body of JSON. `version` is that of the media type: `1.0`, `1.1`.
    case json(version: String, target: String)
    case restJSON
    case restXML
    /// Form parameters with `Action` and `Version`; answers in XML.
    case query(apiVersion: String)
  }

  /// A service that the generated tables do not have.
  public init(id: String, endpointPrefix: String, signingName: String, wire: Wire) {
    self.id = id
    self.endpointPrefix = endpointPrefix
    self.signingName = signingName
    self.wire = wire
  }

  /// Whether answers come as JSON.
  var answersInJSON: Bool {
    switch wire {
    case .json, .restJSON: true
    case .restXML, .query: false
    }
  }
}
