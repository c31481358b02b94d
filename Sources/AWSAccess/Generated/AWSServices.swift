// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSService {
  /// AWS Glue.
  public static let glue = AWSService(
    id: "GLUE", endpointPrefix: "glue",
    signingName: "glue",
    wire: .json(version: "1.1", target: "AWSGlue"))
  /// AWS Lake Formation.
  public static let lakeFormation = AWSService(
    id: "LAKEFORMATION", endpointPrefix: "lakeformation",
    signingName: "lakeformation",
    wire: .restJSON)
  /// AWS Resource Access Manager.
  public static let ram = AWSService(
    id: "RAM", endpointPrefix: "ram",
    signingName: "ram",
    wire: .restJSON)
  /// Amazon Simple Storage Service.
  public static let s3 = AWSService(
    id: "S3", endpointPrefix: "s3",
    signingName: "s3",
    wire: .restXML)
  /// AWS Security Token Service.
  public static let sts = AWSService(
    id: "STS", endpointPrefix: "sts",
    signingName: "sts",
    wire: .query(apiVersion: "2011-06-15"))
  /// AWS Identity and Access Management.
  public static let iam = AWSService(
    id: "IAM", endpointPrefix: "iam",
    signingName: "iam",
    wire: .query(apiVersion: "2010-05-08"))
  /// AWS Organizations.
  public static let organizations = AWSService(
    id: "ORGANIZATIONS", endpointPrefix: "organizations",
    signingName: "organizations",
    wire: .json(version: "1.1", target: "AWSOrganizationsV20161128"))
  /// AWS Key Management Service.
  public static let kms = AWSService(
    id: "KMS", endpointPrefix: "kms",
    signingName: "kms",
    wire: .json(version: "1.1", target: "TrentService"))
  /// Amazon Athena.
  public static let athena = AWSService(
    id: "ATHENA", endpointPrefix: "athena",
    signingName: "athena",
    wire: .json(version: "1.1", target: "AmazonAthena"))
  /// Amazon CloudWatch.
  public static let cloudWatch = AWSService(
    id: "CLOUDWATCH", endpointPrefix: "monitoring",
    signingName: "monitoring",
    wire: .json(version: "1.0", target: "GraniteServiceVersion20100801"))
  /// Service Quotas.
  public static let serviceQuotas = AWSService(
    id: "SERVICE_QUOTAS", endpointPrefix: "servicequotas",
    signingName: "servicequotas",
    wire: .json(version: "1.1", target: "ServiceQuotasV20190624"))
  /// AWS CloudTrail.
  public static let cloudTrail = AWSService(
    id: "CLOUDTRAIL", endpointPrefix: "cloudtrail",
    signingName: "cloudtrail",
    wire: .json(version: "1.1", target: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"))
  /// Amazon Simple Notification Service.
  public static let sns = AWSService(
    id: "SNS", endpointPrefix: "sns",
    signingName: "sns",
    wire: .query(apiVersion: "2010-03-31"))
}
