import CanonicalJSON
import Capture
import MeshModel
import TestSupport
import Testing

@testable import ServiceSnapshot

@Suite struct ConnectionKindTests {
  let connection: JSON = [
    "Name": "erp", "ConnectionType": "JDBC", "CreationTime": 1, "LastUpdatedBy": "x",
    "MatchCriteria": [],
    "ConnectionProperties": [
      "JDBC_CONNECTION_URL": "jdbc:postgresql://erp.example:5432/db", "USERNAME": "etl",
      "JDBC_DRIVER_JAR_URI": "s3://b/driver.jar",
    ],
    "PhysicalConnectionRequirements": [
      "SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-1", "sg-2"],
      "AvailabilityZone": "us-east-1a",
    ],
  ]

  @Test func passwordsAreNeverAskedFor() async throws {
    let sender = ScriptedSender(["GetConnections": { _ in ["ConnectionList": []] }])
    _ = try await listed(ConnectionKind(), sender)
    #expect(sender.inputs(of: "GetConnections").map { $0["HidePassword"] } == [true])
  }

  @Test func noSecretReachesTheArchive() async throws {
    let secrets: JSON = [
      "PASSWORD": "s1cret", "ENCRYPTED_PASSWORD": "s2cret", "KAFKA_SASL_PLAIN_PASSWORD": "s3cret",
      "ENCRYPTED_KAFKA_CLIENT_KEY_PASSWORD": "s4cret", "apiKey": "s5cret",
      "JDBC_CONNECTION_URL": "jdbc:mysql://h/db?user=u&password=s6cret&ssl=true",
      "CONNECTION_URL": "mongodb+srv://u:s7cret@h/db",
      "OTHER_URL": "jdbc:oracle:thin:scott/s8cret@//h:1521/x",
    ]
    let answer = connection.with("ConnectionProperties", secrets)
      .with("SparkProperties", ["dbToken": "s9cret"])
    let sender = ScriptedSender(["GetConnections": { _ in ["ConnectionList": [answer]] }])
    let found = try #require(try await listed(ConnectionKind(), sender).first)
    #expect(!String(decoding: found.body, as: UTF8.self).contains("cret"))
    let properties = try found.value()["ConnectionProperties"]
    #expect(properties?["PASSWORD"] == "<withheld>")
    #expect(
      properties?["JDBC_CONNECTION_URL"]
        == "jdbc:mysql://h/db?user=u&password=<withheld>&ssl=true")
    #expect(properties?["CONNECTION_URL"] == "mongodb+srv://u:<withheld>@h/db")
  }

  @Test func whatOnlyTellsWhereASecretIsStays() async throws {
    let properties: JSON = [
      "SECRET_ID": "prod/erp", "KAFKA_SASL_SCRAM_SECRETS_ARN": "arn:aws:secretsmanager:x",
      "JDBC_CONNECTION_URL": "jdbc:postgresql://h:5432/db?user=u@v", "USERNAME": "etl@corp",
    ]
    #expect(ConnectionSecrets.withholding(properties) == properties)
    #expect(
      ConnectionSecrets.withholding(["AuthenticationConfiguration": ["SecretArn": "arn:x"]])
        == ["AuthenticationConfiguration": ["SecretArn": "arn:x"]])
  }

  @Test func itIsLeftToAPersonWithBlanksToFillIn() throws {
    let step = try #require(
      ConnectionKind().manualStep(key(.connection, "erp"), connection, live: nil, in: "eu-west-1"))
    #expect(step.what == .create)
    let command = try #require(step.commands.first)
    #expect(
      command.hasPrefix("aws glue create-connection --region eu-west-1 --connection-input '{\n"))
    let input = try JSON(parsing: String(command.split(separator: "'")[1]))
    #expect(input["ConnectionProperties"]?["PASSWORD"] == "<password>")
    #expect(
      input["PhysicalConnectionRequirements"] == [
        "SubnetId": "<subnet in eu-west-1>", "AvailabilityZone": "<availability zone in eu-west-1>",
        "SecurityGroupIdList": ["<security group in eu-west-1>"],
      ])
    #expect(input["CreationTime"] == nil)
  }

  @Test func oneWithASecretOfItsOwnNeedsNoPassword() throws {
    var connection = connection
    connection["ConnectionProperties"]?["SECRET_ID"] = "prod/erp"
    let step = ConnectionKind().manualStep(
      key(.connection, "erp"), connection, live: nil, in: "eu-west-1")
    #expect(step?.commands.first?.contains("PASSWORD") == false)
  }

  @Test func anotherNetworkAndAnotherAddressAreNoDifference() {
    var live = connection
    live["PhysicalConnectionRequirements"] = ["SubnetId": "subnet-eu"]
    live["ConnectionProperties"]?["JDBC_CONNECTION_URL"] = "jdbc:postgresql://eu/db"
    live["ConnectionProperties"]?["ENCRYPTED_PASSWORD"] = "<withheld>"
    let kind = ConnectionKind()
    #expect(kind.manualStep(key(.connection, "erp"), connection, live: live, in: "r") == nil)
    live["ConnectionProperties"]?["USERNAME"] = "other"
    let step = kind.manualStep(key(.connection, "erp"), connection, live: live, in: "r")
    #expect(step?.what == .change)
    #expect(step?.reason.contains("ConnectionProperties.USERNAME") == true)
  }

  @Test func whatHasNoCounterpartStopsNoRestore() {
    var connection = connection
    connection["ConnectionProperties"]?["CUSTOM_JDBC_CERT"] = "s3://unknown/cert.pem"
    connection["AuthenticationConfiguration"] = [
      "SecretArn": "arn:aws:secretsmanager:us-east-1:111111111111:secret:erp-AbCdEf",
      "KmsKeyArn": "arn:aws:kms:us-east-1:111111111111:key/unknown",
    ]
    let mapper = mapper(prefix: "drill-")
    let mapped = ConnectionKind().mapped(connection, by: mapper)
    #expect(mapped["Name"] == "drill-erp")
    #expect(mapped["ConnectionProperties"]?["JDBC_DRIVER_JAR_URI"] == "s3://b-eu/driver.jar")
    #expect(mapped["ConnectionProperties"]?["CUSTOM_JDBC_CERT"] == "s3://unknown/cert.pem")
    #expect(
      mapped["AuthenticationConfiguration"]?["SecretArn"]
        == "arn:aws:secretsmanager:eu-west-1:111111111111:secret:erp-AbCdEf")
    #expect(mapper.problems.isEmpty)
  }
}
