import AWSAccess
import CanonicalJSON
import Foundation
import MeshFile
import Reporting

/// What `meshdr init` is given.
public struct InitOptions: Sendable {
  /// Where the mesh file is written; nil for what `--mesh` names, or `meshdr.yaml`.
  public var out: String?
  /// Nil for the region of the environment or the profile.
  public var primary: String?
  /// Nil for the region to which most buckets are replicated.
  public var secondary: String?
  /// The mesh's name.
  public var name = "data-mesh"
  /// Tried in each account to look into it, before those that Organizations and Control Tower make.
  public var role = StarterFile.readerRole

  public init() {}
}

/// `meshdr init`: looks into the accounts of the Organization and writes a mesh file to begin with.
public struct InitOperation: Sendable {
  private let context: MeshContext
  private let options: InitOptions

  /// Roles that the management account can assume in accounts that were made for it.
  private static let commonRoles = ["OrganizationAccountAccessRole", "AWSControlTowerExecution"]

  public init(_ context: MeshContext, _ options: InitOptions) {
    self.context = context
    self.options = options
  }

  /// - Returns: `done`, or `partial` where accounts could not be looked into or not whole.
  /// - Throws: `CommandFailure`, with exit code 2 where the file is there already.
  public func run() async throws -> ExitCode {
    let path = context.surroundings.absolute(out)
    try refuse(existing: path)
    let primary = try primaryRegion()
    try check(options.secondary, isNot: primary)
    let session = try context.session()
    defer { session.shutdown() }
    let surveyor = Surveyor(
      context: context, session: session, region: primary,
      roles: [options.role] + Self.commonRoles.filter { $0 != options.role })
    var found = try await surveyor.look()
    found.survey.chosenSecondary = options.secondary
    let file = StarterFile(
      found.survey, mesh: options.name, store: context.options.stores.first ?? "meshdr-archive")
    try write(file.text, to: path)
    show(found)
    let refused = found.survey.accounts.contains { $0.refusal != nil }
    return refused || !found.warnings.isEmpty ? .partial : .done
  }

  private var out: String { options.out ?? context.options.mesh ?? "meshdr.yaml" }

  private func refuse(existing path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    throw CommandFailure(
      .usage, "\(out) is there already; nothing was touched. Write another one with --out FILE")
  }

  private func primaryRegion() throws -> String {
    let named = try AWSConfiguration(environment: context.surroundings.environment).region?.name
    guard let region = options.primary ?? named else {
      throw CommandFailure(
        .usage, "no region is named: give --primary R, or set AWS_REGION")
    }
    try check(region, isNot: nil)
    return region
  }

  private func check(_ region: String?, isNot other: String?) throws {
    guard let region else { return }
    guard isRegionName(region) else {
      throw CommandFailure(.usage, "“\(region)” is no region's name, such as us-east-1")
    }
    guard region != other else {
      throw CommandFailure(.usage, "the secondary region must be another one than the primary")
    }
  }

  /// A file that came meanwhile is kept.
  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
    } catch {
      try refuse(existing: path)
      throw CommandFailure(.failed, "\(out) can't be written: \(error.localizedDescription)")
    }
  }
}

// MARK: - What is shown

extension InitOperation {
  private func show(_ found: Surveyor.Found) {
    let survey = found.survey
    switch context.options.output {
    case .json:
      context.surroundings.output(json(found).canonicalText)
    case .text:
      context.surroundings.output(
        SurveyText(style: context.style).summary(
          .init(
            file: out, primary: survey.primary, secondary: survey.secondary,
            accounts: survey.accounts.map { row($0, survey) },
            replicated: survey.buckets.count { $0.replica != nil },
            unreplicated: survey.unreplicated, warnings: found.warnings)))
    }
  }

  private func row(_ account: MeshSurvey.Account, _ survey: MeshSurvey) -> SurveyText.Account {
    let receivers = account.shares.keys.map(survey.name).sorted()
    return .init(
      id: account.account.id, name: account.account.name,
      unit: survey.organization?.path(ofUnit: account.unit) ?? "", databases: account.databases,
      links: account.links, receivers: receivers, refusal: account.refusal)
  }

  private func json(_ found: Surveyor.Found) -> JSON {
    let survey = found.survey
    let accounts = survey.accounts.map { json($0, survey) }
    let buckets = survey.buckets.map { bucket -> JSON in
      [
        "bucket": .string(bucket.name), "replica": text(bucket.replica),
        "region": text(bucket.region),
      ]
    }
    return [
      "file": .string(out), "primary": .string(survey.primary),
      "secondary": text(survey.secondary),
      "from": .string(survey.organization == nil ? "list" : "organization"),
      "units": survey.units.map { JSON($0) } ?? .null,
      "readerRole": text(survey.reader?.name), "restorerRole": text(survey.restorer?.name),
      "accounts": .array(accounts), "buckets": .array(buckets), "warnings": JSON(found.warnings),
    ]
  }

  private func json(_ account: MeshSurvey.Account, _ survey: MeshSurvey) -> JSON {
    let shares = account.shares.sorted { $0.key < $1.key }.map { share -> JSON in
      ["to": .string(share.key), "grants": JSON(share.value)]
    }
    return [
      "id": .string(account.account.id), "name": .string(account.account.name),
      "unit": text(survey.organization?.path(ofUnit: account.unit)),
      "entered": .bool(account.refusal == nil), "error": text(account.refusal),
      "administrators": JSON(account.administrators), "databases": JSON(account.databases),
      "links": JSON(account.links), "locations": JSON(account.locations), "shares": .array(shares),
    ]
  }

  private func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
