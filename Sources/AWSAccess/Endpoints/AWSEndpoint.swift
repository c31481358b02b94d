/// Where a call goes and how it is signed.
struct AWSEndpoint: Sendable, Hashable {
  /// `http` or `https`.
  var scheme: String
  /// The host, with its port where that is not the scheme's own.
  var host: String
  /// What stands before every path; empty, or a path without a slash at its end.
  var basePath: String
  var signingRegion: String
  /// Whether S3 buckets stand in the path instead of in the host.
  var pathStyle: Bool
}

/// Finds endpoints: those of the environment first, then AWS's rules for host names.
struct AWSEndpoints: Sendable {
  var fips = false
  var dualStack = false
  /// Whether `AWS_STS_REGIONAL_ENDPOINTS` asks for the one STS that all regions shared once.
  var legacySTS = false
  /// The endpoint for every service, and those of single services by their ids.
  var override: String?
  var overrides: [String: String] = [:]

  /// The endpoint of a service in a region.
  /// - Throws: `AWSFailure` where a URL of the environment cannot be read.
  func endpoint(of service: AWSService, in region: AWSRegion) throws(AWSFailure) -> AWSEndpoint {
    let global = globalRegion(of: service, in: region)
    let signingRegion = global ?? region.name
    if let url = overrides[service.id] ?? override {
      return try Self.parse(url, signingRegion: signingRegion)
    }
    return AWSEndpoint(
      scheme: "https", host: host(of: service, in: region, global: global), basePath: "",
      signingRegion: signingRegion, pathStyle: false)
  }

  /// The region in which a service of the whole partition is signed; nil for regional services.
  private func globalRegion(of service: AWSService, in region: AWSRegion) -> String? {
    switch service.id {
    case "IAM": region.partition.globalRegion
    case "ORGANIZATIONS":
      region.partition == .china ? "cn-northwest-1" : region.partition.globalRegion
    case "STS" where legacySTS && region.partition == .aws: region.partition.globalRegion
    default: nil
    }
  }

  private func host(of service: AWSService, in region: AWSRegion, global: String?) -> String {
    let partition = region.partition
    let suffix = dualStack ? partition.dualStackSuffix : partition.suffix
    let plain = service.endpointPrefix
    let prefix = fips && !hidesFIPS(service, partition) ? plain + "-fips" : plain
    switch service.id {
    case "IAM": return iamHost(prefix, partition, suffix)
    case "STS" where legacySTS && partition == .aws && !fips && !dualStack:
      return "sts.\(partition.suffix)"
    case "S3" where dualStack: return "\(prefix).dualstack.\(region).\(partition.suffix)"
    case "ORGANIZATIONS" where !dualStack: return "\(prefix).\(global ?? region.name).\(suffix)"
    default: return "\(prefix).\(region).\(suffix)"
    }
  }

  /// GovCloud's endpoints of these services are validated under their plain names.
  private func hidesFIPS(_ service: AWSService, _ partition: AWSPartition) -> Bool {
    guard partition == .usGov else { return false }
    let plain = [
      "CLOUDWATCH", "IAM", "STS", "ORGANIZATIONS", "RAM", "CLOUDTRAIL", "SNS", "SERVICE_QUOTAS",
    ]
    return plain.prefix(dualStack ? 2 : plain.count).contains(service.id)
  }

  private func iamHost(_ prefix: String, _ partition: AWSPartition, _ suffix: String) -> String {
    switch partition {
    case .usGov: "\(prefix).us-gov.\(suffix)"
    case _ where dualStack: "\(prefix).global.\(suffix)"
    case .china: "\(prefix).cn-north-1.\(suffix)"
    default: "\(prefix).\(suffix)"
    }
  }

  private static func parse(
    _ url: String, signingRegion: String
  ) throws(AWSFailure) -> AWSEndpoint {
    guard let mark = url.range(of: "://"), ["http", "https"].contains(url[..<mark.lowerBound])
    else {
      throw AWSFailure(
        code: AWSFailure.Code.badInput, message: "not an http or https URL: \(url)",
        region: signingRegion)
    }
    let rest = url[mark.upperBound...]
    let host = rest.prefix { $0 != "/" }
    var path = String(rest.dropFirst(host.count))
    while path.hasSuffix("/") { path.removeLast() }
    return AWSEndpoint(
      scheme: String(url[..<mark.lowerBound]), host: String(host), basePath: path,
      signingRegion: signingRegion, pathStyle: true)
  }
}
