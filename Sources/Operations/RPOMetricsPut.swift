import AWSAccess
import CanonicalJSON
import MeshModel

/// Puts the figures of a measurement into CloudWatch, in the name space `meshdr`.
struct RPOMetricsPut {
  /// The most figures of one call that AWS takes is 1,000; each also has a bound in bytes.
  private static let most = 250

  private let client: AWSClient

  init(_ client: AWSClient) {
    self.client = client
  }

  /// PutMetricData. Putting the same figures twice is harmless: they are of one minute.
  /// - Parameter now: seconds since 1970.
  /// - Throws: `AWSFailure`.
  func put(_ result: RPOResult, now: Double) async throws {
    let data = Self.data(result, now: now)
    for begin in stride(from: 0, to: data.count, by: Self.most) {
      let part = Array(data[begin..<min(begin + Self.most, data.count)])
      _ = try await client.call(
        .cloudWatchPutMetricData, ["Namespace": "meshdr", "MetricData": .array(part)])
    }
  }

  static func data(_ result: RPOResult, now: Double) -> [JSON] {
    func figure(_ name: String, _ value: Double, _ unit: String, product: String? = nil) -> JSON {
      var dimensions: [JSON] = [
        ["Name": "Mesh", "Value": .string(result.mesh)],
        ["Name": "Region", "Value": .string(result.region)],
      ]
      if let product {
        dimensions.append(["Name": "Product", "Value": .string(String(product.prefix(1024)))])
      }
      return [
        "MetricName": .string(name), "Value": JSON(value), "Unit": .string(unit),
        "Timestamp": JSON(time: now), "Dimensions": .array(dimensions),
      ]
    }
    var data = [figure("RPOMet", result.met ? 1 : 0, "None")]
    if let worst = result.worstSeconds { data.append(figure("WorstLag", worst, "Seconds")) }
    if let age = result.catalogAgeSeconds { data.append(figure("CatalogAge", age, "Seconds")) }
    let unknown = result.products.count { $0.status == .unknown }
    data.append(figure("ProductsUnknown", Double(unknown), "Count"))
    for product in result.products {
      if let lag = product.lagSeconds {
        data.append(figure("Lag", lag, "Seconds", product: product.location))
      }
      if let pending = product.pendingObjects {
        data.append(figure("PendingObjects", Double(pending), "Count", product: product.location))
      }
    }
    return data
  }
}
