import CanonicalJSON

/// One run's access to AWS: its credentials, connections and learned rates, shared by all
/// clients.
public final class AWSSession: Sendable {
  /// Counts by operation since the beginning.
  public let statistics = AWSStatistics()

  private let configuration: AWSConfiguration
  private let files: ProfileFiles
  private let transport: any HTTPTransport
  private let curl: CurlTransport?
  private let sender: any AWSSender
  private let skew: ClockSkew
  private let sessionName: String
  private let lanes = SerialLanes()
  private let cache = Locked(Cache())
  private let turns: Turns

  /// Whether another call could go out at once, as far as the number of calls is bounded.
  public var hasRoom: Bool { turns.isFree }

  private struct Cache {
    var base: [AWSRegion: RefreshingCredentials] = [:]
    var roles: [String: RefreshingCredentials] = [:]
    var identity: (account: String, arn: String)?
  }

  /// Starts the transfer thread; calls nobody.
  /// - Throws: `AWSFailure` for settings that cannot be used.
  public init(configuration: AWSConfiguration) throws(AWSFailure) {
    self.configuration = configuration
    files = ProfileFiles(environment: configuration.environment)
    let settings = configuration.profileSettings(files)
    let clock = configuration.clock
    let endpoints = configuration.endpoints(settings, services: try files.services(of: settings))
    if endpoints.legacySTS {
      configuration.log.warn("AWS_STS_REGIONAL_ENDPOINTS asks for the STS of us-east-1")
    }
    curl =
      configuration.transport == nil
      ? CurlTransport(options: configuration.transportOptions(settings)) : nil
    guard let transport = configuration.transport ?? curl else {
      throw AWSFailure(code: AWSFailure.Code.badInput, message: "no transport")
    }
    self.transport = transport
    skew = ClockSkew(log: configuration.log)
    sessionName =
      configuration.sessionName ?? "meshdr-\(Timestamps.basic(clock.wallTime()))"
    turns = Turns(configuration.concurrentCalls)
    sender = Self.senders(configuration, transport, endpoints, skew, statistics, turns)
  }

  /// Logging over retries over pacing over a bound over decoding over the wire.
  private static func senders(
    _ configuration: AWSConfiguration, _ transport: any HTTPTransport, _ endpoints: AWSEndpoints,
    _ skew: ClockSkew, _ statistics: AWSStatistics, _ turns: Turns
  ) -> any AWSSender {
    let clock = configuration.clock
    let redactor = Redactor()
    let http = HTTPSender(
      transport: transport, endpoints: endpoints, timeouts: configuration.timeouts, clock: clock,
      skew: skew, redactor: redactor)
    let single = DecodingSender(next: configuration.intercept(http))
    let paced = PacingSender(
      next: BoundedSender(
        next: CountingSender(next: single, statistics: statistics), turns: turns), clock: clock)
    let retrying = RetryingSender(
      next: paced, policy: configuration.retry, clock: clock, random: configuration.random)
    return LoggingSender(
      next: retrying, log: configuration.log, clock: clock, statistics: statistics,
      redactor: redactor)
  }

  /// A client for an account in a region.
  ///
  /// The role is a name, a path with a name, or an ARN. It is assumed by the STS of `region`, and
  /// what that gives is shared by all clients of the same role and region. Without a role, and
  /// for a role name in the caller's own account, the caller's credentials are used as they are.
  /// - Throws: `AWSFailure` where the role cannot be assumed, or no credentials are found.
  public func client(
    account: String, role: String?, region: AWSRegion
  ) async throws -> AWSClient {
    let base = base(in: region)
    guard let role, !role.isEmpty, try await !isOwn(account, region) else {
      _ = try await base.credentials()
      let own = cache.withLock { $0.identity }.map { Self.roleARN(of: $0.arn) }
      return client(account, region, own, base)
    }
    let arn = Self.arn(of: role, account: account, region: region)
    let source = roleSource(arn, base, region)
    _ = try await source.credentials()
    return client(account, region, arn, source)
  }

  /// A client for a role that another client's credentials assume: role chaining, for an hour at most.
  /// - Parameter arn: the ARN of the role; its account is the client's.
  /// - Throws: `AWSFailure` where the role cannot be assumed.
  public func client(assuming arn: String, by other: AWSClient) async throws -> AWSClient {
    let region = other.region
    let base = other.credentials ?? base(in: region)
    let context = context(region)
    let source = refreshing {
      try await RoleCredentials(context: context).assumed(role: arn, by: base)
    }
    _ = try await source.credentials()
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return client(parts.count > 4 ? String(parts[4]) : other.account, region, arn, source)
  }

  /// Who the caller's own credentials belong to: `GetCallerIdentity` of the region's STS, asked
  /// once in a session.
  /// - Throws: `AWSFailure`.
  public func callerIdentity(
    region: AWSRegion
  ) async throws -> (account: String, arn: String) {
    if let known = cache.withLock({ $0.identity }) { return known }
    let base = base(in: region)
    let answer = try await client("", region, nil, base).call(.stsGetCallerIdentity)
    guard let account = answer["Account"]?.string, let arn = answer["Arn"]?.string else {
      throw AWSFailure(
        code: AWSFailure.Code.damagedAnswer, message: "STS does not say who is calling",
        operation: "GetCallerIdentity", region: region.name)
    }
    cache.withLock { $0.identity = (account, arn) }
    return (account, arn)
  }

  /// Ends all transfers and the transfer thread. Later calls fail.
  public func shutdown() {
    curl?.shutdown()
  }

  private func isOwn(_ account: String, _ region: AWSRegion) async throws -> Bool {
    try await callerIdentity(region: region).account == account
  }

  private func client(
    _ account: String, _ region: AWSRegion, _ roleARN: String?,
    _ credentials: any AWSCredentialSource
  ) -> AWSClient {
    AWSClient(
      account: account, region: region, roleARN: roleARN, sender: sender,
      credentials: credentials, clock: configuration.clock, retry: configuration.retry,
      lanes: lanes)
  }

  /// The caller's own credentials. Those that come from STS come from the STS of the region.
  private func base(in region: AWSRegion) -> RefreshingCredentials {
    let chain = CredentialChain(context: context(region))
    let fresh = refreshing { try await chain.credentials() }
    return cache.withLock { cache in
      let source = cache.base[region] ?? fresh
      cache.base[region] = source
      return source
    }
  }

  private func roleSource(
    _ arn: String, _ base: RefreshingCredentials, _ region: AWSRegion
  ) -> RefreshingCredentials {
    let context = context(region)
    let fresh = refreshing {
      try await RoleCredentials(context: context).assumed(role: arn, by: base)
    }
    return cache.withLock { cache in
      let key = "\(region) \(arn)"
      let source = cache.roles[key] ?? fresh
      cache.roles[key] = source
      return source
    }
  }

  private func refreshing(
    _ fetch: @escaping @Sendable () async throws -> AWSCredentials
  ) -> RefreshingCredentials {
    let clock = configuration.clock
    let skew = skew
    return RefreshingCredentials(
      now: { clock.wallTime() + skew.largest }, log: configuration.log, fetch: fetch)
  }

  private func context(_ region: AWSRegion) -> CredentialContext {
    CredentialContext(
      environment: configuration.environment, files: files, profile: configuration.profile,
      transport: transport, clock: configuration.clock, sender: sender, region: region,
      sessionName: sessionName)
  }

  static func arn(of role: String, account: String, region: AWSRegion) -> String {
    if role.hasPrefix("arn:") { return role }
    let name = role.hasPrefix("/") ? String(role.dropFirst()) : role
    return "arn:\(region.partition.name):iam::\(account):role/\(name)"
  }

  /// The role behind `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`, as far as that tells: its
  /// path is lost. Other ARNs stay as they are.
  static func roleARN(of caller: String) -> String {
    let parts = caller.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[5].hasPrefix("assumed-role/") else { return caller }
    let name = parts[5].split(separator: "/")[1]
    return "arn:\(parts[1]):iam::\(parts[4]):role/\(name)"
  }
}
