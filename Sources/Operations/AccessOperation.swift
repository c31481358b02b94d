import Access
import CanonicalJSON
import MeshModel
import Reporting
import SnapshotStore

/// `meshdr show SNAPSHOT access` and `diff OLD NEW --access`: what the records of a snapshot come to.
public struct AccessOperation: Sendable {
  private let context: MeshContext

  public init(_ context: MeshContext) {
    self.context = context
  }

  /// What a principal may do; without one, who has how much.
  public func show(_ reference: String, principal: String?) async throws -> ExitCode {
    let archive = try context.archive()
    let manifest = try await archive.find(reference)
    let access = try await Self.access(in: archive.reader(manifest))
    if let principal {
      showAccess(of: principal, access, manifest)
    } else {
      showPrincipals(access, manifest)
    }
    return .done
  }

  static func access(in reader: SnapshotReader) async throws -> AccessSet {
    var builder = AccessBuilder()
    for kind in reader.manifest.kinds where AccessBuilder.needs(kind) {
      let records = try await reader.records(kind: kind)
      while let record = try records.next() { try builder.add(record) }
    }
    return builder.finished()
  }

  private func isSelected(_ account: String, _ manifest: Manifest) -> Bool {
    let wanted = context.options.accounts
    return wanted.isEmpty || wanted.contains(account)
      || manifest.accountNames[account].map(wanted.contains) ?? false
  }

  private func showPrincipals(_ access: AccessSet, _ manifest: Manifest) {
    let rows = access.principals.map { ($0, access.extent(of: $0)) }
      .filter { $0.1 != AccessSet.Extent() }
    switch context.options.output {
    case .json:
      let principals = rows.map { principal, extent -> JSON in
        [
          "principal": .string(principal), "databases": JSON(extent.databases),
          "tables": JSON(extent.tables), "readable": JSON(extent.readable),
          "others": JSON(extent.others),
        ]
      }
      context.output(
        [
          "snapshot": .string(manifest.id), "principals": .array(principals),
          "notes": JSON(access.notes),
        ])
    case .text:
      let text = AccessText(style: context.style, accounts: manifest.accountNames).principals(
        rows.map { principal, extent in
          AccessText.PrincipalRow(
            principal: principal, databases: extent.databases, tables: extent.tables,
            readable: extent.readable, others: extent.others)
        }, notes: access.notes)
      context.surroundings.output(text)
    }
  }

  private func showAccess(of principal: String, _ access: AccessSet, _ manifest: Manifest) {
    let ways =
      [principal] + Principal.groups(of: principal)
      + (principal == Principal.iamAllowed ? [] : [Principal.iamAllowed])
    let found = ways.flatMap { access.everything(of: $0) }
      .filter { excess in
        // IAM policies of one account let nobody into the catalog of another by this.
        isSelected(excess.resource.account, manifest)
          && (excess.principal != Principal.iamAllowed || ways.count == 1
            || excess.resource.account == Principal.account(of: principal))
      }
    let isOpen = found.contains { $0.principal == Principal.iamAllowed } && ways.count > 1
    let notes =
      access.notes
      + (isOpen
        ? ["what comes through \(Principal.iamAllowed) holds only if IAM policies allow it"] : [])
    let links = Dictionary(grouping: access.links.keys.sorted(), by: { access.links[$0] ?? $0 })
    switch context.options.output {
    case .json:
      context.output(
        [
          "snapshot": .string(manifest.id), "principal": .string(principal),
          "access": .array(found.map { $0.json(links) }), "notes": JSON(notes),
        ])
    case .text:
      let rows = found.map { excess in
        excess.row(through: excess.principal == principal ? nil : excess.principal, links)
      }
      context.surroundings.output(
        AccessText(style: context.style, accounts: manifest.accountNames)
          .access(of: principal, rows, notes: notes))
    }
  }

  /// What one snapshot gives and the other does not, on both sides, and what is not known of it.
  private func differences(
    _ old: SnapshotReader, _ new: SnapshotReader
  ) async throws -> (gained: [Excess], lost: [Excess], notes: [String]) {
    let (before, after) = (try await Self.access(in: old), try await Self.access(in: new))
    let manifest = old.manifest
    let gained = after.beyond(before).filter { isSelected($0.resource.account, manifest) }
    let lost = before.beyond(after).filter { isSelected($0.resource.account, manifest) }
    let gaps = [old, new].flatMap { reader in
      reader.manifest.gaps(Set(reader.manifest.details.accounts.map(\.id))).values.map {
        "\($0); access that it lacks is not known"
      }
    }
    return (gained, lost, Array(Set(before.notes + after.notes + gaps)).sorted())
  }

  /// Who gained or lost what from one snapshot to another, as a report tells it.
  func changes(
    from old: SnapshotReader, to new: SnapshotReader
  ) async throws -> SnapshotPage.AccessChanges {
    let (gained, lost, notes) = try await differences(old, new)
    return SnapshotPage.AccessChanges(
      since: old.manifest.id, gained: gained.changes, lost: lost.changes, notes: notes)
  }

  /// Who gained or lost what between two snapshots.
  func compare(_ old: SnapshotReader, _ new: SnapshotReader) async throws -> ExitCode {
    let (gained, lost, notes) = try await differences(old, new)
    let manifest = old.manifest
    switch context.options.output {
    case .json:
      context.output(
        [
          "gained": .array(gained.map { $0.json([:]) }), "lost": .array(lost.map { $0.json([:]) }),
          "notes": JSON(notes),
        ])
    case .text:
      let text = AccessText(style: context.style, accounts: manifest.accountNames)
      context.surroundings.output(
        text.changes(gained: gained.changes, lost: lost.changes, notes: notes))
    }
    return gained.isEmpty && lost.isEmpty ? .done : .differences
  }
}

extension MeshContext {
  func output(_ document: JSON) { surroundings.output(document.canonicalText) }
}

extension Manifest {
  var accountNames: [String: String] {
    Dictionary(details.accounts.map { ($0.id, $0.name) }) { first, _ in first }
  }
}

extension [Excess] {
  /// By principal, in the order in which they stand.
  fileprivate var changes: [AccessText.Change] {
    Dictionary(grouping: self, by: \.principal).sorted { $0.key < $1.key }.map { principal, some in
      AccessText.Change(principal: principal, rows: some.map { $0.row(through: nil, [:]) })
    }
  }
}

extension Excess {
  fileprivate func row(
    through: String?, _ links: [AccessResource: [AccessResource]]
  ) -> AccessText.Row {
    var row = AccessText.Row(account: resource.account, resource: resource.name)
    row.permissions = access.permissions.names
    row.reads = access.reading.lines
    row.permissions += access.grantableReading.lines.map { "SELECT on \($0) with grant option" }
    row.through = through
    row.links = links.names(of: resource)
    return row
  }

  fileprivate func json(_ links: [AccessResource: [AccessResource]]) -> JSON {
    let scope = resource.scope
    return [
      "principal": .string(principal), "account": .string(resource.account),
      "resource": .string(resource.name), "database": scope?.first.map(JSON.string) ?? .null,
      "table": scope?.dropFirst().first.map(JSON.string) ?? .null,
      "permissions": JSON(access.permissions.names), "reads": access.reading.json,
      "grantableReads": access.grantableReading.json, "links": JSON(links.names(of: resource)),
    ]
  }
}

extension [AccessResource: [AccessResource]] {
  fileprivate func names(of resource: AccessResource) -> [String] {
    (self[resource] ?? []).map { "\($0.account)/\($0.name)" }
  }
}

extension Reading {
  fileprivate var json: JSON {
    .array(
      sortedParts.map { rows, columns in
        [
          "columns": columns.isComplement ? .null : JSON(columns.names.sorted()),
          "excludedColumns": JSON(columns.isComplement ? columns.names.sorted() : []),
          "rows": rows.text.map(JSON.string) ?? .null,
        ]
      })
  }
}
