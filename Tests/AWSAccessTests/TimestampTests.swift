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

  @Test func timesOfListingsAreReadAtOnceAndAlike() {
    var seen = 0
    for year in [1970, 1999, 2000, 2026, 2028, 2100, 9999] {
      for (month, day) in [(1, 1), (2, 28), (2, 29), (3, 1), (8, 31), (12, 31)] {
        let date = "\(year)-" + (month < 10 ? "0\(month)" : "\(month)") + (day < 10 ? "-0" : "-")
        for clock in ["00:00:00.000", "23:59:59.999", "04:05:06.007"] {
          let text = "\(date)\(day)T\(clock)Z"
          #expect(Timestamps.listed(Array(text.utf8)[...]) == Timestamps.iso8601(text), "\(text)")
          seen += 1
        }
      }
    }
    #expect(seen == 126)
    for other in [
      "2026-11-23T02:00:00Z", "2026-13-01T00:00:00.000Z", "2026-11-23 02:00:00.000Z", "",
    ] {
      #expect(Timestamps.listed(Array(other.utf8)[...]) == nil, "\(other)")
    }
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
