import CanonicalJSON

// What is written here is read back below.

extension DrillReport {
  var json: JSON {
    [
      "prefix": .string(prefix), "full": .bool(isFull),
      "accounts": .object(accounts.mapValues(JSON.string)), "resumed": JSON(resumed),
      "access": [
        "principals": .array(access.principals.map(\.json)), "strangers": JSON(access.strangers),
        "unread": JSON(access.unread), "right": .bool(access.isRight),
      ],
      "queries": .array(queries.map(\.json)), "onceInRegion": JSON(onceInRegion),
      "notRehearsed": JSON(notRehearsed), "undoing": undoing.json,
      "rpo": [
        "catalogAgeSeconds": catalogAge.map { JSON($0) } ?? .null,
        "objectiveSeconds": rpoObjective.map { JSON($0) } ?? .null,
        "met": metRecoveryPoint.map(JSON.bool) ?? .null, "data": dataLag?.json ?? .null,
      ],
      "after": .array(
        after.map {
          ["name": .string($0.name), "seconds": JSON($0.seconds), "actions": JSON($0.actions)]
        }),
      "trend": .array(trend.map(\.json)),
    ]
  }

  init(json: JSON) {
    self.init(prefix: json["prefix"]?.string ?? "")
    accounts = (json["accounts"]?.object ?? [:]).compactMapValues(\.string)
    resumed = json["resumed"]?.integer ?? 0
    access.principals = (json["access"]?["principals"]?.array ?? []).map(
      PrincipalAccess.init(json:))
    access.strangers = json["access"]?["strangers"]?.strings ?? []
    access.unread = json["access"]?["unread"]?.strings ?? []
    queries = (json["queries"]?.array ?? []).map(Query.init(json:))
    onceInRegion = json["onceInRegion"]?.strings ?? []
    notRehearsed = json["notRehearsed"]?.strings ?? []
    undoing = Undoing(json: json["undoing"] ?? [:])
    catalogAge = json["rpo"]?["catalogAgeSeconds"]?.double
    rpoObjective = json["rpo"]?["objectiveSeconds"]?.double
    dataLag = json["rpo"]?["data"].flatMap(DataLag.init(json:))
    after = (json["after"]?.array ?? []).map {
      .init(
        name: $0["name"]?.string ?? "", seconds: $0["seconds"]?.double ?? 0,
        actions: $0["actions"]?.integer ?? 0)
    }
    trend = (json["trend"]?.array ?? []).map(Past.init(json:))
  }
}

extension DrillReport.PrincipalAccess {
  fileprivate var json: JSON {
    [
      "principal": .string(principal), "readable": JSON(readable), "expected": JSON(expected),
      "missing": JSON(missing), "beyond": JSON(beyond),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      principal: json["principal"]?.string ?? "", readable: json["readable"]?.integer ?? 0,
      expected: json["expected"]?.integer ?? 0, missing: json["missing"]?.strings ?? [],
      beyond: json["beyond"]?.strings ?? [])
  }
}

extension DrillReport.Query {
  fileprivate var json: JSON {
    [
      "account": .string(account), "table": .string(table), "column": .string(column),
      "workGroup": .string(workGroup), "role": .string(role), "principals": JSON(principals),
      "allowed": .bool(isAllowed), "denied": .bool(isDenied), "verdict": .string(verdict.rawValue),
      "state": .string(state), "reason": .string(reason), "seconds": JSON(seconds),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      account: json["account"]?.string ?? "", table: json["table"]?.string ?? "",
      workGroup: json["workGroup"]?.string ?? "", state: json["state"]?.string ?? "",
      reason: json["reason"]?.string ?? "", seconds: json["seconds"]?.double ?? 0)
    column = json["column"]?.string ?? ""
    role = json["role"]?.string ?? ""
    principals = json["principals"]?.strings ?? []
    isAllowed = json["allowed"]?.bool ?? true
    isDenied = json["denied"]?.bool ?? false
  }
}

extension DrillReport.Undoing {
  fileprivate var json: JSON {
    [
      "removed": JSON(removed), "left": JSON(left), "changed": JSON(changed),
      "failures": .array(failures.map(\.json)), "seconds": JSON(seconds),
      "clean": .bool(isClean),
    ]
  }

  fileprivate init(json: JSON) {
    self.init()
    removed = json["removed"]?.integer ?? 0
    left = json["left"]?.strings ?? []
    changed = json["changed"]?.strings ?? []
    failures = (json["failures"]?.array ?? []).map(RestoreResult.Failure.init(json:))
    seconds = json["seconds"]?.double ?? 0
  }
}

extension DrillReport.DataLag {
  fileprivate var json: JSON {
    [
      "run": .string(run), "started": .string(started), "ageSeconds": age.map { JSON($0) } ?? .null,
      "worstSeconds": worst.map { JSON($0) } ?? .null, "products": JSON(products),
      "breached": JSON(breached), "unknown": JSON(unknown), "met": met.map(JSON.bool) ?? .null,
    ]
  }

  /// Nil for what is no measurement.
  fileprivate init?(json: JSON) {
    guard let run = json["run"]?.string else { return nil }
    self.init(
      run: run, started: json["started"]?.string ?? "", age: json["ageSeconds"]?.double,
      worst: json["worstSeconds"]?.double, products: json["products"]?.integer ?? 0,
      breached: json["breached"]?.integer ?? 0, unknown: json["unknown"]?.integer ?? 0)
  }
}

extension DrillReport.Past {
  fileprivate var json: JSON {
    [
      "run": .string(run), "started": .string(started), "seconds": JSON(seconds),
      "actions": JSON(actions), "met": .bool(met), "good": good.map(JSON.bool) ?? .null,
      "objectiveSeconds": objective.map { JSON($0) } ?? .null,
      "catalogAgeSeconds": catalogAge.map { JSON($0) } ?? .null,
      "dataLagSeconds": dataLag.map { JSON($0) } ?? .null, "full": .bool(isFull),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      run: json["run"]?.string ?? "", started: json["started"]?.string ?? "",
      seconds: json["seconds"]?.double ?? 0, actions: json["actions"]?.integer ?? 0,
      met: json["met"]?.bool ?? false)
    good = json["good"]?.bool
    objective = json["objectiveSeconds"]?.double
    catalogAge = json["catalogAgeSeconds"]?.double
    dataLag = json["dataLagSeconds"]?.double
    isFull = json["full"]?.bool ?? false
  }
}
