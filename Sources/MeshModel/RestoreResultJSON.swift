import CanonicalJSON

// The document that scripts read and the store keeps. What is written here is read back below.

extension RestoreResult {
  public var json: JSON {
    var document: JSON = [
      "run": .string(run), "command": .string(command), "mesh": .string(mesh),
      "snapshot": .string(snapshot), "region": .string(region), "started": .string(started),
      "recoveryPoint": .string(recoveryPoint), "actions": actions.json,
      "changedByKind": .object(changedByKind.mapValues { JSON($0) }),
      "failures": .array(failures.map(\.json)), "rto": rtoJSON,
      "timeline": .array(timeline.map(\.json)),
      "criticalPath": .array(criticalPath.map(\.json)),
      "verified": verified.map(\.json) ?? .null,
      "mappings": .array(
        mappings.map { use, count in
          [
            "from": .string(use.from), "to": .string(use.to), "source": .string(use.source),
            "count": JSON(count),
          ]
        }.sorted { $0.canonicalText < $1.canonicalText }),
      "manual": .array(manual.map(\.json)), "warnings": JSON(warnings),
      "accounts": .object(accounts.mapValues(JSON.string)), "interrupted": .bool(interrupted),
    ]
    if let drill { document["drill"] = drill.json }
    if let failback { document["failback"] = failback.json }
    document["blockers"] = .array(
      blockers.map {
        [
          "key": .string($0.key.text), "name": .string($0.name), "message": .string($0.message),
        ]
      })
    return document
  }

  private var rtoJSON: JSON {
    [
      "objectiveSeconds": JSON(rto.objectiveSeconds), "seconds": JSON(rto.seconds),
      "met": .bool(metObjective), "detectionSeconds": JSON(rto.detectionSeconds),
      "waitingSeconds": rto.waitingSeconds.map { JSON($0) } ?? .null,
      "phases": Self.json(rto.phases), "priorities": Self.json(rto.priorities),
    ]
  }

  private static func json(_ times: [PhaseTime]) -> JSON {
    .array(
      times.map {
        ["name": .string($0.name), "seconds": JSON($0.seconds), "actions": JSON($0.actions)]
      })
  }

  private static func times(_ json: JSON?) -> [PhaseTime] {
    (json?.array ?? []).map {
      PhaseTime(
        name: $0["name"]?.string ?? "", seconds: $0["seconds"]?.double ?? 0,
        actions: $0["actions"]?.integer ?? 0)
    }
  }

  /// Reads a document that `json` wrote.
  /// - Throws: `JSONError` naming the member that is missing or of another type.
  public init(json document: JSON) throws(JSONError) {
    let times = document["rto"] ?? [:]
    let phases = Self.times(times["phases"])
    self.init(
      command: try document.text("command"), mesh: try document.text("mesh"),
      snapshot: try document.text("snapshot"), region: try document.text("region"),
      rto: RecoveryTime(
        objectiveSeconds: try times.figure("objectiveSeconds"),
        seconds: try times.figure("seconds"), phases: phases))
    rto.priorities = Self.times(times["priorities"])
    rto.detectionSeconds = times["detectionSeconds"]?.double ?? 0
    rto.waitingSeconds = times["waitingSeconds"]?.double
    criticalPath = (document["criticalPath"]?.array ?? []).map(Span.init(json:))
    run = try document.text("run")
    started = try document.text("started")
    recoveryPoint = try document.text("recoveryPoint")
    actions = ActionCounts(json: document["actions"] ?? [:])
    changedByKind = (document["changedByKind"]?.object ?? [:]).compactMapValues(\.integer)
    failures = (document["failures"]?.array ?? []).map(Failure.init(json:))
    timeline = (document["timeline"]?.array ?? []).map(Span.init(json:))
    verified = document["verified"].flatMap { $0 == .null ? nil : Verification(json: $0) }
    manual = (document["manual"]?.array ?? []).compactMap(ManualStep.init(json:))
    warnings = document["warnings"]?.strings ?? []
    accounts = (document["accounts"]?.object ?? [:]).compactMapValues(\.string)
    interrupted = document["interrupted"]?.bool ?? false
    drill = document["drill"].map(DrillReport.init(json:))
    failback = document["failback"].map(FailbackReport.init(json:))
    for use in document["mappings"]?.array ?? [] {
      mappings[Mapper.Use(json: use)] = use["count"]?.integer ?? 0
    }
    blockers = (document["blockers"]?.array ?? []).compactMap(Mapper.Problem.init(json:))
  }
}

extension JSON {
  func text(_ name: String) throws(JSONError) -> String {
    guard let text = self[name]?.string else { throw JSONError("no text “\(name)”") }
    return text
  }

  func figure(_ name: String) throws(JSONError) -> Double {
    guard let figure = self[name]?.double else { throw JSONError("no number “\(name)”") }
    return figure
  }
}

extension RestoreResult.ActionCounts {
  private static var members: [(String, WritableKeyPath<Self, Int>)] {
    [
      ("create", \.create), ("update", \.update), ("remove", \.remove),
      ("unchanged", \.unchanged), ("failed", \.failed), ("skipped", \.skipped),
    ]
  }

  fileprivate var json: JSON {
    .object(
      Dictionary(uniqueKeysWithValues: Self.members.map { ($0.0, JSON(self[keyPath: $0.1])) }))
  }

  fileprivate init(json: JSON) {
    for (name, path) in Self.members { self[keyPath: path] = json[name]?.integer ?? 0 }
  }
}

extension RestoreResult.Failure {
  var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "code": .string(code),
      "message": .string(message),
    ]
  }

  init(json: JSON) {
    func text(_ name: String) -> String { json[name]?.string ?? "" }
    self.init(
      kind: text("kind"), key: text("key"), code: text("code"), message: text("message"))
  }
}

extension RestoreResult.Span {
  fileprivate var json: JSON {
    [
      "account": .string(account), "phase": .string(phase), "start": JSON(start),
      "end": JSON(end), "actions": JSON(actions),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      account: json["account"]?.string ?? "", phase: json["phase"]?.string ?? "",
      start: json["start"]?.double ?? 0, end: json["end"]?.double ?? 0,
      actions: json["actions"]?.integer ?? 0)
  }
}

extension RestoreResult.Verification {
  /// Counts, which scripts rely on, and the keys behind them.
  fileprivate var json: JSON {
    [
      "missing": JSON(missing.count), "different": JSON(different.count),
      "extra": JSON(extra.count), "widened": JSON(widened.count),
      "keys": [
        "missing": JSON(missing), "different": JSON(different), "extra": JSON(extra),
        "widened": JSON(widened),
      ],
    ]
  }

  fileprivate init(json: JSON) {
    self.init()
    missing = json["keys"]?["missing"]?.strings ?? []
    different = json["keys"]?["different"]?.strings ?? []
    extra = json["keys"]?["extra"]?.strings ?? []
    widened = json["keys"]?["widened"]?.strings ?? []
  }
}

extension Mapper.Use {
  fileprivate init(json: JSON) {
    from = json["from"]?.string ?? ""
    to = json["to"]?.string ?? ""
    source = json["source"]?.string ?? ""
  }
}

extension Mapper.Problem {
  fileprivate init?(json: JSON) {
    guard let key = json["key"]?.string.flatMap({ RecordKey($0) }) else { return nil }
    self.key = key
    name = json["name"]?.string ?? ""
    message = json["message"]?.string ?? ""
  }
}

extension ManualStep {
  fileprivate var json: JSON {
    [
      "kind": .string(key.kindName), "key": .string(key.text), "what": .string(what.rawValue),
      "reason": .string(reason), "commands": JSON(commands),
    ]
  }

  fileprivate init?(json: JSON) {
    guard let key = json["key"]?.string.flatMap({ RecordKey($0) }),
      let what = json["what"]?.string.flatMap(What.init(rawValue:))
    else { return nil }
    self.init(
      what, key, reason: json["reason"]?.string ?? "", commands: json["commands"]?.strings ?? [])
  }
}
