import MeshModel

/// Reads the section `drill`.
/// - Parameters:
///   - accounts: of the mesh: none of them may stand in for another.
///   - mapping: where the secondary has accounts of its own, these are the mesh's, too.
func readDrill(
  _ node: YAMLNode?, _ accounts: MeshFile.Accounts, _ mapping: MeshFile.Overrides
) throws(Complaint) -> MeshFile.Drill {
  guard let node else { return .none }
  let fields = try Fields(
    node, section: "drill", keys: ["accounts", "principals", "role", "restorer_role", "kms"])
  func pairs(
    _ key: String, _ what: String, _ holds: (String) -> Bool
  ) throws(Complaint) -> [String: String] {
    try fields[key]?.pairs(key) { (mark, text) throws(Complaint) in
      guard !holds(text) else { return }
      throw Complaint(mark, "\"\(key)\" maps \(what), not \"\(shortened(text))\"")
    } ?? [:]
  }
  var marks: [String: Mark] = [:]
  if case .map(let entries)? = fields["accounts"]?.content {
    for entry in entries { marks[entry.key] = entry.value.mark }
  }
  let drill = MeshFile.Drill(
    accounts: try pairs("accounts", "account ids of twelve digits, in quotes", isAccountID),
    principals: try pairs("principals", "ARNs and account ids", isPrincipal),
    role: try fields.optional("role", readRole) ?? nil,
    restorerRole: try fields.optional("restorer_role", readRole) ?? nil,
    kms: try pairs("kms", "key ids, aliases and ARNs") { !$0.contains(where: \.isWhitespace) },
    accountMarks: marks, mark: (fields["accounts"] ?? node).mark)
  try check(drill, accounts, mapping)
  return drill
}

/// A drill account is none of the mesh's, and stands for one account only.
private func check(
  _ drill: MeshFile.Drill, _ accounts: MeshFile.Accounts, _ mapping: MeshFile.Overrides
) throws(Complaint) {
  let own = Set(drill.accounts.keys).union(accounts.list.map(\.id)).union(mapping.accounts.keys)
    .union(mapping.accounts.values)
  var standsFor: [String: String] = [:]
  for (account, standIn) in drill.accounts.sorted(by: { $0.key < $1.key }) {
    let mark = drill.accountMarks[account] ?? drill.mark
    if accounts.from == .list, !accounts.list.contains(where: { $0.id == account }) {
      throw Complaint(
        mark, "\"accounts\" of \"drill\" names \(account), which is no account of the mesh")
    }
    if own.contains(standIn) {
      throw Complaint(
        mark, "\(standIn) is an account of the mesh: a drill in it would meet what lives there")
    }
    if let other = standsFor.updateValue(account, forKey: standIn) {
      throw Complaint(mark, "\(standIn) stands for \(other) already; each account needs its own")
    }
  }
}
