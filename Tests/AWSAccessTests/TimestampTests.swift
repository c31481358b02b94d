import Testing

@testable import AWSAccess

@Suite struct TimestampTests {
  @Test(arguments: [
    ("2026-11-23T02:00:00Z", 1_795_399_200.0), ("2026-11-23T03:00:00+01:00", 1_795_399_200),
    ("2026-11-22T20:30:00-0530", 1_795_399_200), ("2026-11-23T02:00:00.5Z", 1_795_399_200.5),
    ("2026-11-23T02:00:00UTC", 1_795_399_200),
  ])
  func datesOfCredentials(text: String, seconds: Double) {
    #expect(Timestamps.iso8601(text) == seconds)
  }

  @Test(arguments: ["", "2026-11-23", "tomorrow", "2026-13-01T00:00:00Z", "2026-11-23T0:0Z"])
  func otherTextsAreNoDates(text: String) {
    #expect(Timestamps.iso8601(text) == nil)
    #expect(Timestamps.http(text) == nil)
  }

  @Test func headersAndSignatures() {
    #expect(Timestamps.http("Mon, 23 Nov 2026 02:00:00 GMT") == 1_795_399_200)
    #expect(Timestamps.basic(1_795_399_200) == "20261123T020000Z")
    #expect(Timestamps.day(0) == "19700101")
  }
}
