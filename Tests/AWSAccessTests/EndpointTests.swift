import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct EndpointTests {
  private static let services: [String: AWSService] = [
    "glue": .glue, "lakeFormation": .lakeFormation, "ram": .ram, "s3": .s3, "sts": .sts,
    "iam": .iam, "organizations": .organizations, "kms": .kms, "athena": .athena,
    "cloudWatch": .cloudWatch, "serviceQuotas": .serviceQuotas, "cloudTrail": .cloudTrail,
    "sns": .sns,
  ]

  @Test(arguments: endpointTable.split(separator: "\n").map(String.init))
  func hostsAreThoseOfAWSsRules(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let service = try #require(Self.services[words[0]])
    let endpoints = AWSEndpoints(fips: words[2] == "1", dualStack: words[3] == "1")
    let found = try endpoints.endpoint(of: service, in: AWSRegion(words[1]))
    #expect(found.host == words[4])
    #expect(found.signingRegion == words[5])
    #expect(found.scheme == "https")
  }

  @Test func theEnvironmentReplacesEndpoints() throws {
    let configuration = try AWSConfiguration(environment: [
      "HOME": "/nowhere", "AWS_ENDPOINT_URL": "http://127.0.0.1:5000/base/",
      "AWS_ENDPOINT_URL_GLUE": "http://glue.test:81",
    ])
    let endpoints = configuration.endpoints([:])
    let ram = try endpoints.endpoint(of: .ram, in: AWSRegion("eu-west-1"))
    #expect(ram.host == "127.0.0.1:5000" && ram.basePath == "/base" && ram.scheme == "http")
    #expect(ram.signingRegion == "eu-west-1" && ram.pathStyle)
    #expect(try endpoints.endpoint(of: .glue, in: AWSRegion("eu-west-1")).host == "glue.test:81")
    let iam = try endpoints.endpoint(of: .iam, in: AWSRegion("eu-west-1"))
    #expect(iam.signingRegion == "us-east-1")
  }

  @Test func theConfigFileReplacesEndpointsAfterTheEnvironment() throws {
    let text = """
      [profile test]
      endpoint_url = http://all.test
      services = lab
      [services lab]
      glue =
        endpoint_url = http://glue.test:81
      lakeformation =
        endpoint_url = http://lake.test # by the lake
        unknown = 1
      [default]
        endpoint_url = http://of-nothing.test
      """
    let sections = Dictionary(uniqueKeysWithValues: ProfileFiles.sections(in: text))
    #expect(sections["default"] == [:])
    let profile = try #require(sections["profile test"])
    let services = try #require(sections["services lab"])
    let region = AWSRegion("eu-west-1")
    func hosts(_ environment: [String: String]) throws -> [String] {
      let endpoints = try AWSConfiguration(environment: environment)
        .endpoints(profile, services: services)
      return try [.glue, .lakeFormation, .ram].map {
        try endpoints.endpoint(of: $0, in: region).host
      }
    }
    #expect(try hosts([:]) == ["glue.test:81", "lake.test", "all.test"])
    #expect(
      try hosts(["AWS_ENDPOINT_URL_GLUE": "http://mine.test"])
        == ["mine.test", "lake.test", "all.test"])
    #expect(
      try hosts(["AWS_ENDPOINT_URL": "http://env.test"]) == ["env.test", "env.test", "env.test"])
  }

  @Test func configuredEndpointsCanBeIgnored() throws {
    let configuration = try AWSConfiguration(environment: [
      "HOME": "/nowhere", "AWS_ENDPOINT_URL": "http://127.0.0.1:5000",
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    ])
    let found = try configuration.endpoints([:]).endpoint(of: .ram, in: AWSRegion("eu-west-1"))
    #expect(found.host == "ram.eu-west-1.amazonaws.com")
  }

  @Test func otherURLsAreRefused() {
    for url in ["127.0.0.1:5000", "ftp://x", ""] {
      let endpoints = AWSEndpoints(override: url)
      #expect(throws: AWSFailure.self) {
        try endpoints.endpoint(of: .ram, in: AWSRegion("eu-west-1"))
      }
    }
  }

  @Test func numbersOfTriesAreRead() throws {
    #expect(try AWSConfiguration(environment: ["AWS_MAX_ATTEMPTS": "3"]).retry.maxAttempts == 3)
    for text in ["0", "-1", "many"] {
      #expect(throws: AWSFailure.self) {
        try AWSConfiguration(environment: ["AWS_MAX_ATTEMPTS": text])
      }
    }
  }
}
