import MeshModel
import Spelling

/// The organizational units of an AWS Organization, as a tree. A value: nothing is called.
public struct Organization: Sendable, Equatable {
  /// A root or an organizational unit.
  public struct Unit: Sendable, Hashable {
    /// `r-…` or `ou-…`.
    public let id: String
    /// Names are unique among the units of one parent only.
    public let name: String
    /// The id of the unit around it; nil for a root.
    public let parent: String?

    public init(id: String, name: String, parent: String?) {
      self.id = id
      self.name = name
      self.parent = parent
    }
  }

  /// An account of the organization.
  public struct Member: Sendable, Hashable {
    public let account: MeshFile.Account
    /// `ACTIVE`, `SUSPENDED`, `CLOSED` and so on, as Organizations has it.
    public let state: String
    /// The id of the unit that it is in.
    public let unit: String

    public init(account: MeshFile.Account, state: String, unit: String) {
      self.account = account
      self.state = state
      self.unit = unit
    }

    /// Whether it can be used. An account that is about to be closed still works until it is.
    public var isUsable: Bool { ["ACTIVE", "PENDING_CLOSURE"].contains(state) }
  }

  /// Parents before what is in them.
  public let units: [Unit]

  private let byID: [String: Unit]

  /// - Parameter units: roots and units, in any order; each one's parent is among them.
  public init(units: [Unit]) {
    let known = Dictionary(units.map { ($0.id, $0) }) { first, _ in first }
    byID = known
    self.units = units.sorted {
      Self.names(of: $0, known).lexicographicallyPrecedes(Self.names(of: $1, known))
    }
  }

  /// The names from the root on, joined by slashes: `Root/Domains/Sales`.
  public func path(of unit: Unit) -> String {
    Self.names(of: unit, byID).joined(separator: "/")
  }

  /// The path of the unit with this id; the id itself for one that is not known.
  public func path(ofUnit id: String) -> String { byID[id].map(path) ?? id }

  private static func names(of unit: Unit, _ known: [String: Unit]) -> [String] {
    var names: [String] = []
    var next: Unit? = unit
    // A unit nested deeper than AWS allows would be one that is inside itself.
    while let unit = next, names.count < 16 {
      names.insert(unit.name, at: 0)
      next = unit.parent.flatMap { known[$0] }
    }
    return names
  }
}

extension Organization {
  /// The units whose accounts make up the mesh: those that the file names, with all units inside
  /// them; every unit where the file names none.
  /// - Throws: `MeshFileError` at the place of a name that no unit has, or more than one.
  public func units(of mesh: MeshFile) throws(MeshFileError) -> [Unit] {
    guard !mesh.accounts.units.isEmpty else { return units }
    var selected: Set<String> = []
    for (name, mark) in zip(mesh.accounts.units, mesh.accounts.unitMarks) {
      do throws(Complaint) {
        selected.insert(try unit(named: name, at: mark).id)
      } catch {
        throw mesh.refusal(error.message, at: error.mark)
      }
    }
    for unit in units where unit.parent.map(selected.contains) ?? false { selected.insert(unit.id) }
    return units.filter { selected.contains($0.id) }
  }

  /// An id and a path mean one unit; a name may be that of several.
  private func unit(named name: String, at mark: Mark) throws(Complaint) -> Unit {
    if let unit = byID[name] { return unit }
    let paths = units.filter {
      let path = path(of: $0)
      return path == name || path.drop { $0 != "/" } == "/\(name)" && name.contains("/")
    }
    let found = paths.isEmpty ? units.filter { $0.name == name } : paths
    switch found.count {
    case 1: return found[0]
    case 0:
      let hint =
        nearestName(to: name, among: units.map(\.name) + units.map(path)).map {
          "; did you mean \"\($0)\"?"
        } ?? ""
      throw Complaint(
        mark, "the organization has no unit \"\(shortened(name))\"\(hint)")
    default:
      let places = found.map { "\(path(of: $0)) (\($0.id))" }.joined(separator: ", ")
      throw Complaint(
        mark,
        "\"\(shortened(name))\" is the name of \(found.count) units: \(places); write the path or "
          + "the id of the one that is meant")
    }
  }
}

/// The accounts of a mesh.
public struct MeshAccounts: Sendable, Equatable {
  /// An account that is not captured although it is there.
  public struct LeftOut: Sendable, Equatable {
    public let account: MeshFile.Account
    /// For people: `suspended`, `excluded by the mesh file`.
    public let reason: String
  }

  /// By id.
  public var accounts: [MeshFile.Account]
  public var leftOut: [LeftOut] = []

  /// The accounts that the mesh file lists.
  public init(listedIn mesh: MeshFile) {
    accounts = mesh.accounts.listed
    leftOut = mesh.accounts.list.filter { mesh.accounts.exclude.contains($0.id) }
      .map { LeftOut(account: $0, reason: Self.excluded) }
  }

  /// The accounts that are in the units of the mesh.
  /// - Parameter members: of the units that `Organization.units(of:)` gave.
  /// - Throws: `MeshFileError` where no account is left.
  public init(_ members: [Organization.Member], of mesh: MeshFile) throws(MeshFileError) {
    let names = Dictionary(
      mesh.accounts.list.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    accounts = []
    for member in members.sorted(by: { $0.account.id < $1.account.id }) {
      let id = member.account.id
      let account = MeshFile.Account(id: id, name: names[id] ?? member.account.name)
      if mesh.accounts.exclude.contains(id) {
        leftOut.append(LeftOut(account: account, reason: Self.excluded))
      } else if !member.isUsable {
        let state = member.state.lowercased().replacing("_", with: " ")
        leftOut.append(LeftOut(account: account, reason: state))
      } else {
        accounts.append(account)
      }
    }
    let found = Set(members.map(\.account.id))
    leftOut += mesh.accounts.list.filter { !found.contains($0.id) }
      .map { LeftOut(account: $0, reason: "listed, but in none of the units of the mesh") }
    guard accounts.isEmpty else { return }
    let whose = mesh.accounts.units.isEmpty ? "the organization" : "these units"
    let mark = mesh.accounts.unitMarks.first ?? mesh.accounts.mark
    throw mesh.refusal("no account is left of \(whose) to capture", at: mark)
  }

  private static let excluded = "excluded by the mesh file"
}
