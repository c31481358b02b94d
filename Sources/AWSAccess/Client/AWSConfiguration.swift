/// Everything that a session takes from outside.
public struct AWSConfiguration: Sendable {
  /// The variables that AWS clients read. Nothing else of the process's environment is used.
  public var environment: [String: String]
  /// A profile that was asked for by name, before `AWS_PROFILE` and before keys in the
  /// environment; nil for none.
  public var profile: String?
  /// The time for signatures, pauses and pacing.
  public var clock: any AWSClock
  /// Where warnings, and at its lowest level every call, are told.
  public var log: AWSLog
  /// What is tried again; `AWS_MAX_ATTEMPTS` sets its number of tries.
  public var retry: RetryPolicy
  /// For calls of services; those to ask for credentials are shorter.
  public var timeouts: HTTPTimeouts
  /// The most transfers to one host at once.
  public var connectionsPerHost: Int
  /// The most calls under way at once, to all hosts together.
  public var concurrentCalls: Int
  /// The name under which roles are assumed, as CloudTrail shows it; nil for `meshdr-` and the
  /// time.
  public var sessionName: String?
  /// Must not contain `region/`: some servers take a region from it.
  public var userAgent: String
  /// Gives something in 0..<1 for the jitter of pauses.
  public var random: @Sendable () -> Double
  /// Wraps the sender that makes single tries: the place for injected faults.
  public var intercept: @Sendable (any AWSSender) -> any AWSSender
  /// Carries requests instead of libcurl; nil for libcurl.
  public var transport: (any HTTPTransport)?

  /// - Throws: `AWSFailure` with the code `InvalidInput` for a variable that cannot be read.
  public init(environment: [String: String], profile: String? = nil) throws(AWSFailure) {
    self.environment = environment
    self.profile = profile
    clock = SystemClock()
    log = .none
    retry = RetryPolicy()
    timeouts = HTTPTimeouts()
    connectionsPerHost = 64
    concurrentCalls = 32
    userAgent = "meshdr"
    random = { Double.random(in: 0..<1) }
    intercept = { $0 }
    if let text = environment["AWS_MAX_ATTEMPTS"], !text.isEmpty {
      guard let attempts = Int(text), attempts > 0 else {
        throw AWSFailure(
          code: AWSFailure.Code.badInput, message: "AWS_MAX_ATTEMPTS is no number of tries: \(text)"
        )
      }
      retry.maxAttempts = attempts
    }
  }

  /// The region that environment and profile name; nil where they name none.
  public var region: AWSRegion? {
    let named = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
    let settings = profileSettings(ProfileFiles(environment: environment))
    return (named ?? settings["region"]).flatMap { $0.isEmpty ? nil : AWSRegion($0) }
  }

  func profileSettings(_ files: ProfileFiles) -> [String: String] {
    files.profiles[profile ?? environment["AWS_PROFILE"] ?? "default"] ?? [:]
  }

  /// Where services are, in the order of AWS's clients: a service's own variable, the variable for
  /// all, a service's own setting, the setting for all.
  /// - Parameter services: the `[services NAME]` section that the profile names.
  func endpoints(
    _ settings: [String: String], services: [String: String] = [:]
  ) -> AWSEndpoints {
    func isOn(_ variable: String, _ setting: String) -> Bool {
      (environment[variable] ?? settings[setting])?.lowercased() == "true"
    }
    var endpoints = AWSEndpoints()
    endpoints.fips = isOn("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    endpoints.dualStack = isOn("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    endpoints.legacySTS =
      (environment["AWS_STS_REGIONAL_ENDPOINTS"] ?? settings["sts_regional_endpoints"])?
      .lowercased() == "legacy"
    guard !isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") else {
      return endpoints
    }
    func url(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
    let forAll = url(environment["AWS_ENDPOINT_URL"])
    endpoints.override = forAll ?? url(settings["endpoint_url"])
    for (name, value) in services where forAll == nil {
      let parts = name.split(separator: ".")
      guard parts.count == 2, parts[1] == "endpoint_url" else { continue }
      endpoints.overrides[parts[0].uppercased()] = url(value)
    }
    let prefix = "AWS_ENDPOINT_URL_"
    for (name, url) in environment where name.hasPrefix(prefix) && !url.isEmpty {
      endpoints.overrides[String(name.dropFirst(prefix.count))] = url
    }
    return endpoints
  }

  func transportOptions(_ settings: [String: String]) -> CurlTransport.Options {
    func variable(_ name: String) -> String? {
      [name, name.lowercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    var options = CurlTransport.Options()
    options.certificateFile = variable("AWS_CA_BUNDLE") ?? settings["ca_bundle"]
    options.proxies["https"] = variable("HTTPS_PROXY") ?? variable("ALL_PROXY")
    // In upper case a web server could have set it from a request's header.
    options.proxies["http"] = environment["http_proxy"] ?? variable("ALL_PROXY")
    options.noProxy = variable("NO_PROXY") ?? ""
    options.connectionsPerHost = connectionsPerHost
    options.userAgent = userAgent
    return options
  }
}
