/// A region, by its code: `eu-west-1`.
public struct AWSRegion: Hashable, Sendable, CustomStringConvertible {
  /// The code, as it stands in host names and ARNs.
  public let name: String

  /// Takes any code: new regions need no new release.
  public init(_ name: String) {
    self.name = name
  }

  /// The code.
  public var description: String { name }

  /// The partition whose names the region's code begins like; `aws` where none does.
  public var partition: AWSPartition {
    AWSPartition.all.first { name.hasPrefix($0.regionPrefix) } ?? .aws
  }
}

/// A part of AWS with accounts, host names and signatures of its own.
public struct AWSPartition: Hashable, Sendable {
  /// The second part of every ARN in the partition: `aws`, `aws-cn`, `aws-us-gov`.
  public let name: String
  let regionPrefix: String
  let suffix: String
  let dualStackSuffix: String
  /// The regions in which the partition-wide services are signed.
  let globalRegion: String

  /// The commercial regions.
  public static let aws = AWSPartition(
    name: "aws", regionPrefix: "", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
    globalRegion: "us-east-1")
  /// The regions in China.
  public static let china = AWSPartition(
    name: "aws-cn", regionPrefix: "cn-", suffix: "amazonaws.com.cn",
    dualStackSuffix: "api.amazonwebservices.com.cn", globalRegion: "cn-north-1")
  /// The GovCloud regions of the United States.
  public static let usGov = AWSPartition(
    name: "aws-us-gov", regionPrefix: "us-gov-", suffix: "amazonaws.com",
    dualStackSuffix: "api.aws", globalRegion: "us-gov-west-1")

  /// Regions that every account of the partition has.
  public var widespread: [AWSRegion] {
    switch self {
    case .china: [AWSRegion("cn-northwest-1"), AWSRegion("cn-north-1")]
    case .usGov: [AWSRegion("us-gov-east-1"), AWSRegion("us-gov-west-1")]
    default: [AWSRegion("eu-west-1"), AWSRegion("us-west-2")]
    }
  }

  static let all = [china, usGov, aws]
}
