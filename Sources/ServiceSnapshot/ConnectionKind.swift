import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// A Glue connection. Its password is never fetched, and its network is of one region: a person
/// puts it back.
public struct ConnectionKind: CapturedKind {
  public let kind = Kind.connection
  public let restorability = Restorability.manual

  /// Properties that say where the other side is: in another region they are rightly others.
  private static let places: Set<String> = [
    "HOST", "PORT", "INSTANCE_ID", "JDBC_CONNECTION_URL", "CONNECTION_URL",
    "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_SASL_SCRAM_SECRETS_ARN", "SECRET_ID", "ENDPOINT", "REGION",
    "CLUSTER_IDENTIFIER", "WORKGROUP_NAME",
  ]

  public init() {}

  public func phase(of body: JSON) -> Phase { .services }
  public func scope(of key: RecordKey, body: JSON) -> [String]? { [] }

  /// Everything but what is of one region, and secrets. Of the places that properties name, only
  /// that they are named.
  public func comparable(_ body: JSON) -> JSON {
    var connection = ConnectionSecrets.leavingOut(body.keeping(only: AWSShape.connectionInput))
    connection["PhysicalConnectionRequirements"] = nil
    connection["AuthenticationConfiguration"] =
      body["AuthenticationConfiguration"]?.keeping(only: ["AuthenticationType"])
    if let properties = connection["ConnectionProperties"]?.object {
      connection["ConnectionProperties"] = .object(
        Dictionary(
          uniqueKeysWithValues: properties.map { name, value in
            (name, Self.places.contains(name) ? true : value)
          }))
    }
    return connection.withoutEmptyMembers
  }

  /// Nothing in a record that a person puts back can stop a restore: what has no counterpart stays.
  public func mapped(_ body: JSON, by mapper: Mapper) -> JSON {
    var body = body
    body.replace("Name", by: mapper.name)
    for name in [
      "ConnectionProperties", "SparkProperties", "AthenaProperties", "PythonProperties",
      "AuthenticationConfiguration",
    ] {
      body[name] = body[name]?.mapStrings(mapper.hint)
    }
    return body
  }

  public func mappedPath(_ path: [String], body: JSON, by mapper: Mapper) throws -> [String] {
    [try required("Name", of: body)]
  }

  /// GetConnections, always with HidePassword.
  public func list(at site: Site, below parent: Record?, into sink: any RecordSink) async throws {
    for try await page in site.client.pages(.glueGetConnections, ["HidePassword": true]) {
      for element in page.elements {
        let connection = ConnectionSecrets.withholding(try JSON(parsing: element))
        let name = try required("Name", of: connection)
        try sink.add(Record(key: site.key(kind, [name]), value: connection))
      }
    }
  }

  public func manualStep(
    _ key: RecordKey, _ body: JSON, live: JSON?, in region: String
  ) -> ManualStep? {
    let input = Self.input(body, in: region)
    guard let live else {
      let command = CLICommand("glue create-connection", region: region)
        .option("connection-input", input)
      return ManualStep(
        .create, key,
        reason: "passwords are not archived, and its network is of the lost region; fill in what "
          + "stands in angle brackets, and correct the addresses",
        commands: [command.text])
    }
    let fields = comparable(body).differences(from: comparable(live))
    guard !fields.isEmpty else { return nil }
    let command = CLICommand("glue update-connection", region: region)
      .option("name", key.path.first ?? "").option("connection-input", input)
    return ManualStep(
      .change, key,
      reason: "differs in \(fields.joined(separator: ", ")); an update replaces everything, its "
        + "password and network included",
      commands: [command.text])
  }

  /// A ConnectionInput with blanks for what only a person knows.
  private static func input(_ body: JSON, in region: String) -> JSON {
    var input = body.keeping(only: AWSShape.connectionInput)
    let properties = body["ConnectionProperties"]?.object ?? [:]
    if properties["USERNAME"] != nil, properties["SECRET_ID"] == nil {
      input["ConnectionProperties"]?["PASSWORD"] = "<password>"
    }
    if var network = body["PhysicalConnectionRequirements"] {
      for (name, blank) in [("SubnetId", "subnet"), ("AvailabilityZone", "availability zone")]
      where network[name] != nil {
        network[name] = .string("<\(blank) in \(region)>")
      }
      if network["SecurityGroupIdList"] != nil {
        network["SecurityGroupIdList"] = [.string("<security group in \(region)>")]
      }
      input["PhysicalConnectionRequirements"] = network
    }
    return input
  }
}
