import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Asks an account what it is like in the secondary.
public struct AccountAsker: Sendable {
  private let site: Site

  /// - Parameter site: the account, entered as the restorer in the secondary.
  public init(_ site: Site) {
    self.site = site
  }

  /// GetDataLakeSettings.
  public func settings() async -> Answer<JSON> {
    await .asking {
      let answer = try await site.client.call(.lakeFormationGetDataLakeSettings)
      return answer["DataLakeSettings"] ?? [:]
    }
  }

  /// ListResources.
  public func locations() async -> Answer<[JSON]> {
    await .asking { try await site.client.all(.lakeFormationListResources) }
  }

  /// Whether DescribeLakeFormationIdentityCenterConfiguration finds one.
  public func identityCenter() async -> Answer<Bool> {
    await .asking {
      do {
        _ = try await site.client.call(
          .lakeFormationDescribeLakeFormationIdentityCenterConfiguration)
        return true
      } catch let failure as AWSFailure where failure.isNotFound {
        return false
      }
    }
  }

  /// ListServiceQuotas of Glue and of Lake Formation, by name.
  public func quotas() async -> Answer<[String: Double]> {
    await .asking {
      var quotas: [String: Double] = [:]
      for service in ["glue", "lakeformation"] {
        let listed = try await site.client.all(
          .serviceQuotasListServiceQuotas, ["ServiceCode": .string(service)])
        for quota in listed {
          guard let name = quota["QuotaName"]?.string else { continue }
          quotas[name] = quota["Value"]?.double
        }
      }
      return quotas
    }
  }

  /// Where GetBucketLocation finds a bucket.
  public func replica(_ bucket: String) async -> Answer<ReplicaState> {
    await .asking {
      do {
        let answer = try await site.client.call(
          .s3GetBucketLocation, ["Bucket": .string(bucket)])
        let place = answer["LocationConstraint"]?.string ?? ""
        return .inRegion(place.isEmpty ? "us-east-1" : place == "EU" ? "eu-west-1" : place)
      } catch let failure as AWSFailure where failure.isNotFound {
        return .missing
      }
    }
  }

  /// GetKeyPolicy; a key has one, which is called `default`.
  public func policy(ofKey arn: String) async -> Answer<JSON> {
    await .asking {
      let answer = try await site.client.call(
        .kmsGetKeyPolicy, ["KeyId": .string(arn), "PolicyName": "default"])
      return try JSON(parsing: answer["Policy"]?.string ?? "")
    }
  }

  /// DescribeKey.
  public func key(_ arn: String) async -> Answer<KeyState> {
    await .asking {
      do {
        let answer = try await site.client.call(.kmsDescribeKey, ["KeyId": .string(arn)])
        let state = answer["KeyMetadata"]?["KeyState"]?.string ?? "Enabled"
        return state == "Enabled" ? .usable : .unusable(state)
      } catch let failure as AWSFailure where failure.isNotFound {
        return .missing
      }
    }
  }
}
