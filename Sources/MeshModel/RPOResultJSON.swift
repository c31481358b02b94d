import CanonicalJSON

extension RPOResult {
  /// The document of `meshdr rpo --output json`, which is also the record in the store.
  public var json: JSON {
    [
      "run": .string(run), "command": "rpo", "mesh": .string(mesh), "snapshot": .string(snapshot),
      "region": .string(region), "started": .string(started), "tookSeconds": JSON(seconds),
      "objectiveSeconds": JSON(objectiveSeconds), "worstSeconds": Self.number(worstSeconds),
      "catalogAgeSeconds": Self.number(catalogAgeSeconds), "catalogMet": .bool(catalogMet),
      "met": .bool(met), "primaryLost": .bool(primaryLost),
      "products": .array(products.map(\.json)), "tables": .array(tables.map(\.json)),
      "notApplicable": .array(
        notApplicable.map {
          [
            "location": .string($0.location), "tables": JSON($0.tables),
            "reason": .string($0.reason),
          ]
        }),
      "findings": .array(findings.map(\.json)), "warnings": JSON(warnings),
    ]
  }

  fileprivate static func number(_ value: Double?) -> JSON { value.map { JSON($0) } ?? .null }

  /// Reads what `json` wrote.
  /// - Throws: `JSONError` for anything else.
  public init(json: JSON) throws(JSONError) {
    guard json["command"]?.string == "rpo", let mesh = json["mesh"]?.string,
      let region = json["region"]?.string, let started = json["started"]?.string,
      let objective = json["objectiveSeconds"]?.double, let products = json["products"]?.array,
      let run = json["run"]?.string
    else { throw JSONError("no result of a measurement") }
    self.init(mesh: mesh, region: region, started: started, objectiveSeconds: objective)
    self.run = run
    snapshot = json["snapshot"]?.string ?? ""
    seconds = json["tookSeconds"]?.double ?? 0
    catalogAgeSeconds = json["catalogAgeSeconds"]?.double
    primaryLost = json["primaryLost"]?.bool ?? false
    for product in products { self.products.append(try Product(json: product)) }
    for table in json["tables"]?.array ?? [] { tables.append(try Table(json: table)) }
    for other in json["notApplicable"]?.array ?? [] {
      notApplicable.append(
        .init(
          location: other["location"]?.string ?? "", tables: other["tables"]?.strings ?? [],
          reason: other["reason"]?.string ?? ""))
    }
    for finding in json["findings"]?.array ?? [] { findings.append(try Finding(json: finding)) }
    warnings = json["warnings"]?.strings ?? []
  }
}

extension RPOResult.Product {
  var json: JSON {
    [
      "location": .string(location), "replica": replica.map(JSON.string) ?? .null,
      "tables": JSON(tables), "status": .string(status.rawValue),
      "lagSeconds": RPOResult.number(lagSeconds),
      "pendingObjects": pendingObjects.map { JSON($0) } ?? .null,
      "pendingBytes": pendingBytes.map { JSON($0) } ?? .null,
      "oldestPending": oldestPending.map(JSON.string) ?? .null,
      "oldestPendingSince": oldestPendingSince.map(JSON.string) ?? .null,
      "comparedWhole": .bool(comparedWhole), "compared": compared.map { JSON($0) } ?? .null,
      "worstLatencySeconds": RPOResult.number(worstLatencySeconds),
      "canarySeconds": RPOResult.number(canarySeconds),
      "earlierLagSeconds": RPOResult.number(earlierLagSeconds),
      "trend": .array(
        trend.map {
          ["started": .string($0.started), "lagSeconds": RPOResult.number($0.lagSeconds)]
        }),
      "evidence": .array(
        evidence.map { ["source": .string($0.source), "text": .string($0.text)] }),
      "disagreements": JSON(disagreements), "accepted": accepted.map(JSON.string) ?? .null,
    ]
  }

  init(json: JSON) throws(JSONError) {
    guard let location = json["location"]?.string,
      let status = json["status"]?.string.flatMap(RPOResult.Status.init)
    else { throw JSONError("a product without location or status") }
    self.init(location: location, replica: json["replica"]?.string)
    self.status = status
    tables = json["tables"]?.strings ?? []
    lagSeconds = json["lagSeconds"]?.double
    pendingObjects = json["pendingObjects"]?.integer
    pendingBytes = json["pendingBytes"]?.integer
    oldestPending = json["oldestPending"]?.string
    oldestPendingSince = json["oldestPendingSince"]?.string
    comparedWhole = json["comparedWhole"]?.bool ?? false
    compared = json["compared"]?.integer
    worstLatencySeconds = json["worstLatencySeconds"]?.double
    canarySeconds = json["canarySeconds"]?.double
    trend = (json["trend"]?.array ?? []).map {
      .init(started: $0["started"]?.string ?? "", lagSeconds: $0["lagSeconds"]?.double)
    }
    evidence = (json["evidence"]?.array ?? []).map {
      .init($0["source"]?.string ?? "", $0["text"]?.string ?? "")
    }
    disagreements = json["disagreements"]?.strings ?? []
    accepted = json["accepted"]?.string
  }
}
