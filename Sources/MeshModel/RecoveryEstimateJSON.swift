import CanonicalJSON

extension RecoveryEstimate {
  /// The document of `drill --estimate`.
  public var json: JSON {
    [
      "mesh": .string(mesh), "snapshot": .string(snapshot), "region": .string(region),
      "estimate": true,
      "rto": [
        "objectiveSeconds": JSON(objectiveSeconds), "seconds": JSON(seconds), "met": .bool(met),
        "phases": .array(
          phases.map {
            ["name": .string($0.name), "seconds": JSON($0.seconds), "actions": JSON($0.actions)]
          }),
      ],
      "bound": bound?.json ?? .null, "criticalPath": .array(criticalPath.map(\.json)),
      "accounts": .array(accounts.map { account($0) }), "rates": .array(rates.map(\.json)),
      "assumptions": JSON(assumptions),
    ]
  }

  private func account(_ account: Account) -> JSON {
    [
      "id": .string(account.id), "name": accountNames[account.id].map(JSON.string) ?? .null,
      "records": JSON(account.records), "calls": JSON(account.calls),
      "endSeconds": JSON(account.end),
    ]
  }
}

extension RecoveryEstimate.Bound {
  fileprivate var json: JSON {
    [
      "account": account.isEmpty ? .null : .string(account), "service": .string(service),
      "operation": .string(operation), "seconds": JSON(seconds),
      "withTwiceTheRateSeconds": JSON(withTwiceTheRate),
    ]
  }
}

extension RecoveryEstimate.Stretch {
  fileprivate var json: JSON {
    [
      "account": account.isEmpty ? .null : .string(account), "service": .string(service),
      "operation": .string(operation), "phase": .string(phase), "start": JSON(start),
      "end": JSON(end), "calls": JSON(calls),
    ]
  }
}

extension RecoveryEstimate.Rate {
  fileprivate var json: JSON {
    [
      "service": .string(service), "operation": .string(operation),
      "callsPerSecond": JSON(callsPerSecond), "source": .string(source.rawValue),
      "evidence": .string(evidence),
    ]
  }
}
