import CanonicalJSON
import MeshModel

/// The figures of a measurement in the text format of Prometheus, for node_exporter's textfile
/// collector.
public enum RPOMetricsText {
  /// - Parameter now: seconds since 1970.
  public static func page(_ result: RPOResult, now: Double) -> String {
    let mesh = label("mesh", result.mesh) + "," + label("region", result.region)
    var lines: [String] = []
    func family(_ name: String, _ help: String, _ values: [(labels: String, value: Double)]) {
      guard !values.isEmpty else { return }
      lines.append("# HELP meshdr_\(name) \(help)")
      lines.append("# TYPE meshdr_\(name) gauge")
      for value in values {
        lines.append("meshdr_\(name){\(value.labels)} \(JSON(value.value).canonicalText)")
      }
    }
    func products(_ value: (RPOResult.Product) -> Double?) -> [(labels: String, value: Double)] {
      result.products.compactMap { product in
        value(product).map { (mesh + "," + label("product", product.location), $0) }
      }
    }
    family(
      "rpo_met",
      "Whether all products, tables and the catalog are known to be within the objective.",
      [(mesh, result.met ? 1 : 0)])
    family("rpo_objective_seconds", "The objective.", [(mesh, result.objectiveSeconds)])
    family("rpo_measured_timestamp_seconds", "When it was measured.", [(mesh, now.rounded())])
    family(
      "rpo_worst_lag_seconds", "The lag of the worst product; absent when unknown.",
      result.worstSeconds.map { [(mesh, $0)] } ?? [])
    family(
      "rpo_catalog_age_seconds", "The age of the newest complete snapshot; absent without one.",
      result.catalogAgeSeconds.map { [(mesh, $0)] } ?? [])
    family(
      "rpo_product_status", "0 ok, 1 breach, 2 unknown.",
      products { Double([.ok, .breach, .unknown].firstIndex(of: $0.status) ?? 2) })
    family(
      "rpo_lag_seconds", "How far a product's replica is behind; absent when unknown.",
      products(\.lagSeconds))
    family(
      "rpo_pending_objects", "Objects that the replica does not have; absent when unknown.",
      products { $0.pendingObjects.map(Double.init) })
    family(
      "rpo_pending_bytes", "Their bytes; absent when unknown.",
      products { $0.pendingBytes.map(Double.init) })
    let statuses = result.tables.isEmpty ? [] : RPOResult.Status.allCases
    family(
      "rpo_tables", "Tables of Iceberg, Delta and Hudi by what their newest whole state means.",
      statuses.map { status in
        let count = result.tables.count { $0.status == status }
        return (mesh + "," + label("status", status.rawValue), Double(count))
      })
    family(
      "rpo_table_lag_seconds",
      "The age of a table's oldest state that is not whole in the replica; absent when unknown.",
      result.tables.compactMap { table in
        table.lagSeconds.map { (mesh + "," + label("table", table.name), $0) }
      })
    return lines.joined(separator: "\n") + "\n"
  }

  private static func label(_ name: String, _ value: String) -> String {
    let escaped = value.flatMap { character -> String in
      switch character {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\(name)=\"\(escaped.map(String.init).joined())\""
  }
}
