import MeshModel

/// What to do next, and why.
struct Advice: Sendable, Hashable {
  let text: String
  /// The command to type; nil where there is none.
  var command: String?
}

extension RestoreResult {
  /// The next steps, the most urgent first. Empty where all is well.
  var advice: [Advice] {
    if let drill { return advice(after: drill) }
    var steps: [Advice] = []
    if verified?.widened.isEmpty == false { steps.append(closeAccess) }
    if interrupted {
      steps.append(
        Advice(
          text: "The journal is whole. Go on where it stopped; what is done is not done again.",
          command: "meshdr \(command) --resume"))
    } else if hasFallenBehind {
      steps.append(behind)
    } else if Verdict(self) == .incomplete {
      steps.append(
        Advice(
          text: "Mend what is named as failed, then run it again: only what is still missing is "
            + "done.", command: rerun))
    }
    if Verdict(self) == .unverified {
      steps.append(
        Advice(
          text: "Compare the region with the snapshot.",
          command: "meshdr verify \(snapshot) --region \(region)"))
    }
    return steps
  }

  /// A drill is never gone on with: it begins anew, when nothing is left of it.
  private func advice(after drill: DrillReport) -> [Advice] {
    var steps: [Advice] = []
    if !drill.undoing.isUndone {
      steps.append(
        Advice(
          text: "Take away what is left of it. Until then no other drill starts.",
          command: "meshdr drill --clean --region \(region)"))
    }
    if interrupted || Verdict(self) == .incomplete || Verdict(self) == .wider {
      steps.append(
        Advice(
          text: interrupted
            ? "What it had made was taken away before it ended. A drill begins anew:"
            : "Mend what was found, then drill again.", command: rerun))
    }
    return steps
  }

  private var behind: Advice {
    let what =
      failback?.isWaitingForData == true
      ? "bring home what was written there meanwhile" : "let nobody work there any more"
    return Advice(
      text:
        "The mesh still runs in \(failback?.from ?? "the secondary"): \(what), then bring the rest "
        + "home.", command: rerun)
  }

  private var rerun: String {
    // The region of a failback is where the changes go; which they are, its journal knows.
    command == "failback"
      ? "meshdr failback --resume" : "meshdr \(command) --region \(region) --snapshot \(snapshot)"
  }

  private var closeAccess: Advice {
    Advice(
      text: "Close the access named as widened. Running it again without --keep-extra-grants "
        + "revokes every grant that the snapshot does not hold on what it covers.",
      command: rerun)
  }
}

extension RestoreResult {
  /// What a person can do about a failure.
  func remedy(for failure: Failure) -> String {
    if failure.kind == "account" {
      return "See that the restorer role can be assumed in this account and may read it, then run "
        + "it again."
    }
    let look = "what the snapshot holds: meshdr show \(snapshot) \(failure.kind) \(failure.key)"
    return switch failure.cause {
    case .rights:
      "The restorer lacks a right: compare its role with meshdr iam-policy restorer, and see that "
        + "it is a data lake administrator; then run it again."
    case .pace:
      "AWS slowed the restorer down for too long: run it again with a lower --concurrency."
    case .quota: "A quota of the secondary is too low: have it raised, then run it again."
    case .absence:
      "Something that it needs is not there. Mend what failed before it, then run it again."
    case .others: "Somebody else changed it meanwhile: run it again, and it is compared anew."
    case .input: "AWS refuses it as it is. See \(look)"
    case .network: "The call got no good answer. Run it again: what was done is compared anew."
    case .credentials: "The credentials ran out: renew them, then run it again."
    case .unknown: "Run it again; if it fails once more, see \(look)"
    }
  }
}

extension RestoreResult.Failure {
  fileprivate enum Cause {
    case rights, pace, quota, absence, others, input, network, credentials, unknown
  }

  /// What lies behind the code, in which services spell the same thing differently.
  fileprivate var cause: Cause {
    let name = code.hasSuffix("Exception") ? String(code.dropLast(9)) : code
    return switch name {
    case _ where name.hasPrefix("AccessDenied"), "UnauthorizedOperation", "NotAuthorized": .rights
    case _ where name.hasPrefix("Throttl"), "TooManyRequests", "RequestLimitExceeded", "SlowDown":
      .pace
    case "ResourceNumberLimitExceeded", "LimitExceeded", "ServiceQuotaExceeded": .quota
    case "EntityNotFound", "ResourceNotFound", "NoSuchBucket", "NoSuchKey": .absence
    case "AlreadyExists", "ConcurrentModification", "ResourceNotReady", "VersionMismatch": .others
    case "InvalidInput", "Validation", "MalformedPolicyDocument": .input
    case "NetworkFailure", "DamagedAnswer", "ServiceUnavailable", "InternalService",
      "InternalServiceError", "InternalFailure":
      .network
    case _ where name.hasPrefix("ExpiredToken"), "InvalidClientTokenId", "UnrecognizedClient",
      "NoCredentials":
      .credentials
    default: .unknown
    }
  }
}
