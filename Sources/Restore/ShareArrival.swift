import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Sees to it that what an owner shared has arrived before anything is built on it.
///
/// Lake Formation makes shares of RAM from grants to other accounts. Within an organization they are
/// associated after a moment; outside of it the receiver has to accept an invitation first. Before an
/// account makes links to what another shares, or hands it on, it accepts what is pending and
/// waits until no association is under way any more.
actor ShareArrival {
  private struct Pair: Hashable {
    let owner: String
    let user: String
  }

  /// Seconds for which an association is waited for.
  static let patience = 120.0

  private let sites: [String: Site]
  private let clock: any AWSClock
  private var grants: [String: Int] = [:]
  private var checks: [Pair: (grants: Int, task: Task<[String], Never>)] = [:]
  private var waited: [String: Double] = [:]

  /// What did not arrive, in sentences.
  private(set) var warnings: [String] = []

  init(_ sites: [String: Site], clock: any AWSClock = SystemClock()) {
    self.sites = sites
    self.clock = clock
  }

  /// Grants of an account have been made: shares may be on their way.
  func granted(by owner: String) { grants[owner, default: 0] += 1 }

  /// Waits until what one account shares with another has arrived. What can't be found out is a
  /// warning: the call that needs the share says whether it is there.
  func wait(from owner: String, to user: String) async {
    guard let giver = sites[owner], let receiver = sites[user] else { return }
    let pair = Pair(owner: owner, user: user)
    let count = grants[owner] ?? 0
    if let check = checks[pair], check.grants == count {
      _ = await check.task.value
      return
    }
    let clock = clock
    let task = Task { await Self.arrive(from: giver, to: receiver, clock) }
    checks[pair] = (count, task)
    for warning in await task.value where !warnings.contains(warning) { warnings.append(warning) }
  }

  private static func arrive(from owner: Site, to user: Site, _ clock: any AWSClock) async
    -> [String]
  {
    let deadline = clock.now() + patience
    do {
      while true {
        try await accept(from: owner.account, at: user)
        let states = try await associations(of: owner, with: user.account)
        if let failed = states.first(where: { $0.status.contains("FAILED") }) {
          return [
            "share \(failed.share) of \(owner.account) with \(user.account): \(failed.status)"
          ]
        }
        guard let pending = states.first(where: { $0.status == "ASSOCIATING" }) else { return [] }
        guard clock.now() < deadline else {
          return [
            "share \(pending.share) of \(owner.account) with \(user.account) is still being associated"
          ]
        }
        try await clock.sleep(seconds: 1)
      }
    } catch {
      let reason = (error as? AWSFailure)?.message ?? String(describing: error)
      return [
        "whether what \(owner.account) shares with \(user.account) has arrived is not known: \(reason)"
      ]
    }
  }

  /// GetResourceShareInvitations and AcceptResourceShareInvitation. Only shares that Lake Formation
  /// made are accepted: those that people made are a person's to accept.
  private static func accept(from owner: String, at user: Site) async throws {
    for invitation in try await user.client.all(.ramGetResourceShareInvitations, [:])
    where invitation["status"]?.string == "PENDING"
      && invitation["senderAccountId"]?.string == owner
      && invitation["resourceShareName"]?.string?.hasPrefix("LakeFormation-") == true
    {
      let arn = invitation["resourceShareInvitationArn"] ?? nil
      do {
        _ = try await user.client.call(
          .ramAcceptResourceShareInvitation, ["resourceShareInvitationArn": arn])
      } catch let failure as AWSFailure
        where failure.code.hasPrefix("ResourceShareInvitationAlreadyAccepted")
      {}
    }
  }

  /// How each of the owner's own shares stands with principals of an account.
  private static func associations(
    of owner: Site, with user: String
  ) async throws -> [(share: String, status: String)] {
    let found = try await owner.client.all(
      .ramGetResourceShareAssociations, ["associationType": "PRINCIPAL"])
    return found.compactMap { association in
      guard let name = association["resourceShareName"]?.string, name.hasPrefix("LakeFormation-"),
        let principal = association["associatedEntity"]?.string,
        principal == user || ARN(principal)?.account == user,
        let status = association["status"]?.string
      else { return nil }
      return (name, status)
    }
  }
}

extension Schedule.Work {
  /// The accounts whose shares it is built on: those that its links lead to, or whose resources its
  /// grants hand on.
  func owners(_ graph: ActionGraph, _ desired: RecordBodies) -> Set<String> {
    var owners: Set<String> = []
    for node in nodes {
      guard let action = graph.nodes[node].actions.first, !action.isOwnAccess,
        action.step == .create || action.step == .update, let body = desired[action.key]
      else { continue }
      let target = body["TargetTable"] ?? body["TargetDatabase"]
      owners.insert(target?["CatalogId"]?.string ?? kind.owner(of: action.key, body: body))
    }
    return owners.subtracting([account])
  }
}
