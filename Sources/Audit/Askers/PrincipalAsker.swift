import AWSAccess
import CanonicalJSON
import Capture
import MeshModel

/// Asks IAM whether roles and users exist: GetRole and GetUser in the accounts that own them.
///
/// IAM lives in us-east-1: where nobody answers the first question, nobody is asked another.
public struct PrincipalAsker: Sendable {
  private let sites: [String: Site]
  private let concurrency: Int

  /// - Parameter sites: the accounts that were entered, by their ids.
  public init(_ sites: [String: Site], concurrency: Int = 4) {
    self.sites = sites
    self.concurrency = concurrency
  }

  /// Whether each is there. What is neither a role nor a user is left out.
  public func exist(_ principals: some Sequence<String>) async -> [String: Answer<Bool>] {
    let named = principals.compactMap(Named.init).sorted { $0.arn < $1.arn }
    let answers = Guarded<[String: Answer<Bool>]>([:])
    let silence = Guarded<String?>(nil)
    try? await forEachConcurrently(named, limit: concurrency) { principal in
      var answer = Answer<Bool>.unknown("IAM does not answer: \(silence.withLock(\.self) ?? "")")
      if silence.withLock({ $0 == nil }) {
        answer = await ask(principal, noting: silence)
      }
      answers.withLock { [answer] in $0[principal.arn] = answer }
    }
    return answers.withLock(\.self)
  }

  private func ask(_ principal: Named, noting silence: Guarded<String?>) async -> Answer<Bool> {
    guard let site = sites[principal.account] else {
      return .unknown("account \(principal.account) was not entered")
    }
    return await .asking {
      do {
        _ =
          try await principal.isUser
          ? site.client.call(.iamGetUser, ["UserName": .string(principal.name)])
          : site.client.call(.iamGetRole, ["RoleName": .string(principal.name)])
        return true
      } catch let failure as AWSFailure where failure.isNotFound {
        return false
      } catch let failure as AWSFailure where failure.isSilence {
        silence.withLock { $0 = failure.code }
        throw failure
      }
    }
  }

  /// A role or a user, taken out of its ARN.
  private struct Named: Sendable {
    let arn: String
    let account: String
    let name: String
    let isUser: Bool

    init?(_ text: String) {
      guard let arn = ARN(text), arn.service == "iam" else { return nil }
      let parts = arn.resource.split(separator: "/")
      guard let kind = parts.first, ["role", "user"].contains(kind), let name = parts.last,
        parts.count > 1, parts.dropFirst().first != "aws-service-role"
      else { return nil }
      self.arn = text
      account = arn.account
      self.name = String(name)
      isUser = kind == "user"
    }
  }
}
