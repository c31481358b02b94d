import CanonicalJSON

// What is written is read back.

extension FailbackReport {
  var json: JSON {
    [
      "from": .string(from), "baseRun": baseRun.map(JSON.string) ?? .null,
      "onConflict": .string(onConflict), "conflicts": .array(conflicts.map(\.json)),
      "home": .object(home.mapValues(\.json)), "changes": .array(changes.map(\.json)),
      "left": .array(left.map(\.json)), "revocations": .array(revocations.map(\.json)),
      "unjustified": JSON(unjustified), "data": data.map(\.json) ?? .null,
      "kept": kept.map(JSON.string) ?? .null, "rounds": JSON(rounds),
      "later": .array(later.map(\.json)), "waitingForData": .bool(isWaitingForData),
      "switched": .bool(switched),
    ]
  }

  init(json: JSON) {
    self.init(
      from: json["from"]?.string ?? "", baseRun: json["baseRun"]?.string,
      onConflict: json["onConflict"]?.string ?? "")
    conflicts = (json["conflicts"]?.array ?? []).map(Conflict.init(json:))
    home = (json["home"]?.object ?? [:]).mapValues(Count.init(json:))
    left = (json["left"]?.array ?? []).map(Left.init(json:))
    changes = (json["changes"]?.array ?? []).map(Change.init(json:))
    revocations = (json["revocations"]?.array ?? []).map(Revocation.init(json:))
    later = (json["later"]?.array ?? []).map(Change.init(json:))
    unjustified = json["unjustified"]?.strings ?? []
    kept = json["kept"]?.string
    rounds = json["rounds"]?.integer ?? 0
    isWaitingForData = json["waitingForData"]?.bool ?? false
    data = json["data"].flatMap { $0 == .null ? nil : DataCheck(json: $0) }
    switched = json["switched"]?.bool ?? false
  }
}

extension FailbackReport.Conflict {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "fields": JSON(fields),
      "secondary": .string(secondary.rawValue), "primary": .string(primary.rawValue),
      "taken": taken.map(JSON.string) ?? .null,
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      fields: json["fields"]?.strings ?? [], secondary: .init(json: json["secondary"]),
      primary: .init(json: json["primary"]), taken: json["taken"]?.string)
  }
}

extension FailbackReport.Change {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "what": .string(what.rawValue),
      "fields": JSON(fields),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      what: .init(json: json["what"]), fields: json["fields"]?.strings ?? [])
  }
}

extension FailbackReport.Revocation {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "side": .string(side), "revoked": JSON(revoked),
      "contested": .bool(isContested),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      side: json["side"]?.string ?? "", revoked: json["revoked"]?.strings ?? [],
      isContested: json["contested"]?.bool ?? false)
  }
}

extension FailbackReport.Left {
  fileprivate var json: JSON {
    [
      "kind": .string(kind), "key": .string(key), "what": .string(what.rawValue),
      "fields": JSON(fields), "reason": .string(reason),
    ]
  }

  fileprivate init(json: JSON) {
    self.init(
      kind: json["kind"]?.string ?? "", key: json["key"]?.string ?? "",
      what: .init(json: json["what"]), fields: json["fields"]?.strings ?? [],
      reason: json["reason"]?.string ?? "")
  }
}

extension FailbackReport.What {
  fileprivate init(json: JSON?) { self = json?.string.flatMap(Self.init) ?? .changed }
}

extension FailbackReport.Count {
  fileprivate var json: JSON {
    ["added": JSON(added), "changed": JSON(changed), "removed": JSON(removed)]
  }

  fileprivate init(json: JSON) {
    self.init()
    added = json["added"]?.integer ?? 0
    changed = json["changed"]?.integer ?? 0
    removed = json["removed"]?.integer ?? 0
  }
}
